package io.dfc.api.spi.support;

import io.dfc.api.error.MisuseException;
import io.dfc.api.error.PlanUnsupportedException;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.Support;
import io.dfc.api.tensor.ElementType;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Whether a backend is open, and the engines that it may be used through: they refuse calls after
 * they or their backend were closed, and calls while another thread is inside. One comparison per
 * call, none per time step. Thread-safe.
 *
 * <p>A backend that is forgotten without having been closed is closed when neither it nor one of
 * its engines can be reached any more, and an engine likewise; a warning says so.
 */
public final class UseGuard {
    private final String backend;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Null where the backend holds nothing. */
    private final @Nullable Lifetime lifetime;

    /**
     * Guards an open backend that holds nothing beside its engines.
     *
     * @param backend its name, for messages
     */
    public UseGuard(String backend) {
        this.backend = backend;
        lifetime = null;
    }

    /**
     * Guards an open backend that holds threads, memory of a device or the like.
     *
     * @param backend its name, for messages
     * @param free frees what it holds; called once, on any thread. It must not refer to the backend
     *     or this guard, or a forgotten backend would stay reachable
     */
    public UseGuard(String backend, Runnable free) {
        this.backend = backend;
        lifetime = new Lifetime(this, "backend \"" + backend + "\"", free);
    }

    /**
     * Checks that the backend is open.
     *
     * @throws MisuseException if it was closed
     */
    public void requireOpen() {
        if (closed.get()) {
            throw new MisuseException("backend \"" + backend + "\" is closed; open it anew");
        }
    }

    /**
     * Checks that a plan may be compiled.
     *
     * @param support what the backend answers to the plan
     * @throws MisuseException if the backend was closed
     * @throws PlanUnsupportedException if it declines
     */
    public void requireSupported(Support support) {
        requireOpen();
        if (support instanceof Support.Declined(String reason)) {
            throw new PlanUnsupportedException(
                    "backend \"" + backend + "\" cannot run this plan: " + reason);
        }
    }

    /**
     * Closes the backend and frees what it holds.
     *
     * @return whether it was open until now
     */
    public boolean close() {
        boolean open = closed.compareAndSet(false, true);
        if (open && lifetime != null) {
            lifetime.end();
        }
        return open;
    }

    /** {@return the backend's name} */
    String backend() {
        return backend;
    }

    /**
     * An engine of this backend that refuses misuse.
     *
     * @param plan its plan
     * @param type type in which it computes
     * @param core what computes, which nobody else uses
     * @return the engine to hand out
     */
    public Engine engine(Plan plan, ElementType type, EngineCore core) {
        return new EngineShell(plan, type, core, this);
    }
}
