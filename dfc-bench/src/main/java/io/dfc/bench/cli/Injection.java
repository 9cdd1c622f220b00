package io.dfc.bench.cli;

import com.google.inject.Injector;
import com.google.inject.ProvisionException;

/** Access to injected objects that keeps errors as they were thrown. */
final class Injection {
    private Injection() {}

    /** An instance; an error in its making comes out as itself and not wrapped. */
    static <T> T get(Injector injector, Class<T> type) {
        try {
            return injector.getInstance(type);
        } catch (ProvisionException e) {
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw e;
            }
        }
    }
}
