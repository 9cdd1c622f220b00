package io.dfc.api.contract;

import io.dfc.api.network.Parameters;
import io.dfc.api.spi.Engine;
import io.dfc.api.tensor.Tensor;

import java.lang.reflect.Method;

/** A broken backend whose fault sits in one method of one kind of result. */
abstract class FaultyResult<T> extends BrokenBackend {
    private final Class<T> type;
    private final String method;

    FaultyResult(Class<T> type, String method) {
        this.type = type;
        this.method = method;
    }

    abstract Object spoil(Engine engine, Object result);

    /**
     * Whether the fault shows.
     *
     * @param asked what the engine was asked to run: a minibatch or a handle
     */
    boolean applies(Engine engine, Object asked) {
        return true;
    }

    @Override
    Object onEngine(Engine engine, Method called, Object[] arguments) throws Throwable {
        Object result = call(engine, called, arguments);
        if (!type.isInstance(result) || !applies(engine, arguments[0])) {
            return result;
        }
        return proxy(
                type,
                (proxy, m, a) -> {
                    Object value = call(result, m, a);
                    return m.getName().equals(method) ? spoil(engine, value) : value;
                });
    }

    /** All tensors times a factor, which are copies already. */
    static Parameters scaled(Parameters parameters, double factor) {
        parameters.groups().values().forEach(tensors -> scale(tensors, factor));
        return parameters;
    }

    static Object scale(Iterable<?> tensors, double factor) {
        for (Object tensor : tensors) {
            scale((Tensor) tensor, factor);
        }
        return tensors;
    }

    private static void scale(Tensor tensor, double factor) {
        for (int i = 0; i < tensor.size(); i++) {
            tensor.set(i, tensor.get(i) * factor);
        }
    }
}
