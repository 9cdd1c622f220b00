package io.dfc.api.contract;

import io.dfc.api.reference.ReferenceBackendProvider;
import io.dfc.api.spi.Availability;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.BackendProvider;
import io.dfc.api.spi.Device;
import io.dfc.api.spi.Engine;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/** The reference backend with one fault in it. */
class BrokenBackend implements BackendProvider {
    private final BackendProvider sound = new ReferenceBackendProvider();
    private int threads;

    @Override
    public String name() {
        return "broken";
    }

    @Override
    public int priority() {
        return 1;
    }

    @Override
    public Availability probe() {
        return sound.probe();
    }

    @Override
    public Backend open(Device device, BackendOptions options) {
        threads = options.effectiveThreads();
        Backend backend = sound.open(device, options);
        return (Backend)
                Proxy.newProxyInstance(
                        Backend.class.getClassLoader(),
                        capabilities(),
                        (proxy, method, arguments) -> {
                            Object result = onBackend(backend, method, arguments);
                            return result instanceof Engine engine
                                    ? proxy(Engine.class, (p, m, a) -> onEngine(engine, m, a))
                                    : result;
                        });
    }

    /** What the backend is; faults of what the reference cannot do add to it. */
    Class<?>[] capabilities() {
        return new Class<?>[] {Backend.class};
    }

    /** Number of threads with which the backend was opened. */
    int threads() {
        return threads;
    }

    /** A call of the backend; faults override it. */
    Object onBackend(Backend backend, Method method, Object[] arguments) throws Throwable {
        return call(backend, method, arguments);
    }

    /** A call of an engine; faults override it. */
    Object onEngine(Engine engine, Method method, Object[] arguments) throws Throwable {
        return call(engine, method, arguments);
    }

    static Object call(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            method.setAccessible(true);
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
