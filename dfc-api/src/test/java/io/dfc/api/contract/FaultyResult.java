package io.dfc.api.contract;

import io.dfc.api.spi.Engine;
import io.dfc.api.spi.Gradients;
import io.dfc.api.tensor.Tensor;

import java.lang.reflect.Method;

/** A broken backend whose fault sits in one method of one result. */
abstract class FaultyResult<T> extends BrokenBackend {
    private final Class<T> type;
    private final String phase;
    private final String method;

    FaultyResult(Class<T> type, String phase, String method) {
        this.type = type;
        this.phase = phase;
        this.method = method;
    }

    abstract Object spoil(Engine engine, Object result);

    boolean applies(Engine engine) {
        return true;
    }

    @Override
    Object onEngine(Engine engine, Method called, Object[] arguments) throws Throwable {
        Object result = call(engine, called, arguments);
        if (!called.getName().equals(phase) || !applies(engine)) {
            return result;
        }
        return proxy(
                type,
                (proxy, m, a) -> {
                    Object value = call(result, m, a);
                    return m.getName().equals(method) ? spoil(engine, value) : value;
                });
    }

    static Gradients scaled(Gradients gradients, double factor) {
        for (Tensor w : gradients.weights()) {
            scale(w, factor);
        }
        return gradients;
    }

    static void scale(Tensor tensor, double factor) {
        for (int i = 0; i < tensor.size(); i++) {
            tensor.set(i, tensor.get(i) * factor);
        }
    }
}
