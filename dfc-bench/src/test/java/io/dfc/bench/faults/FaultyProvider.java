package io.dfc.bench.faults;

import io.dfc.api.spi.Availability;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.BackendProvider;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.Device;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.ForwardResult;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;

/**
 * The reference backend under the name {@code faulty}, which goes wrong at some forward pass:
 * {@code -Dfaulty.how=throw|error|loss|weights -Dfaulty.pass=N}.
 */
public final class FaultyProvider implements BackendProvider {
    private static final String HOW = System.getProperty("faulty.how", "");
    private static final int PASS = Integer.getInteger("faulty.pass", Integer.MAX_VALUE);

    /** Creates the provider. */
    public FaultyProvider() {}

    @Override
    public String name() {
        return "faulty";
    }

    @Override
    public int priority() {
        return -2;
    }

    @Override
    public Availability probe() {
        return new Availability.Available(List.of(new Device("cpu", "faulty on purpose")));
    }

    @Override
    public Backend open(Device device, BackendOptions options) {
        Backend real = Backends.discover().select("reference", options, List.of()).backend();
        return proxy(
                Backend.class,
                (_, method, arguments) ->
                        switch (method.getName()) {
                            case "name" -> "faulty";
                            case "compile" -> faulty((Engine) call(real, method, arguments));
                            default -> call(real, method, arguments);
                        });
    }

    private static Engine faulty(Engine real) {
        int[] passes = new int[1];
        return proxy(
                Engine.class,
                (_, method, arguments) -> {
                    boolean wrong = method.getName().equals("forward") && ++passes[0] >= PASS;
                    if (wrong && HOW.equals("throw")) {
                        throw new IllegalStateException("the device\nis on fire");
                    }
                    if (wrong && HOW.equals("error")) {
                        throw new StackOverflowError();
                    }
                    if (HOW.equals("weights")
                            && passes[0] >= PASS
                            && method.getName().equals("largestParameter")) {
                        return Double.NaN;
                    }
                    Object result = call(real, method, arguments);
                    return wrong && HOW.equals("loss") ? withoutLoss(result) : result;
                });
    }

    private static ForwardResult withoutLoss(Object real) {
        return proxy(
                ForwardResult.class,
                (_, method, arguments) ->
                        method.getName().equals("loss")
                                ? Double.NaN
                                : call(real, method, arguments));
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object call(Object real, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
