package io.dfc.api.spi;

import io.dfc.api.tensor.ElementType;

import java.util.List;
import java.util.Optional;

/**
 * An open backend on one device. Thread-safe; engines are not. After {@link #close}, compiling and
 * measuring are a {@link io.dfc.api.error.MisuseException}, and so is every call of its engines.
 */
public interface Backend extends AutoCloseable {
    /** {@return the provider's name} */
    String name();

    /** {@return the device in use} */
    Device device();

    /** {@return the type in which the loop is computed} */
    ElementType computeType();

    /** {@return the number of threads in use} */
    int threads();

    /**
     * Tells whether this backend runs a plan. Never throws.
     *
     * @param plan the plan
     * @return yes, or no with the reason
     */
    Support supports(Plan plan);

    /**
     * Compiles a plan for one network into an engine with parameters of zero.
     *
     * @param plan a plan with one replica that {@link #supports} accepts
     * @return the engine, to be closed by the caller before the backend
     * @throws io.dfc.api.error.PlanUnsupportedException if the plan is not supported
     */
    Engine compile(Plan plan);

    /**
     * Compiles a plan for all its replicas: an engine for each, with parameters of zero, whose
     * numbers are those that it would have alone. The engines are meant to be driven by a thread
     * each, all in the same order of calls: what they do at the same time the backend does in one
     * go, so that a call may wait a moment for the others' calls. A closed engine is waited for no
     * longer.
     *
     * <p>Backends that gain nothing from it decline plans with more than one replica.
     *
     * @param plan a plan that {@link #supports} accepts
     * @return as many engines as the plan has replicas, to be closed by the caller before the
     *     backend
     * @throws io.dfc.api.error.PlanUnsupportedException if the plan is not supported
     */
    default List<Engine> compileReplicas(Plan plan) {
        return List.of(compile(plan));
    }

    /**
     * Measures how fast the arithmetic units go when nothing else holds them up: multiply-adds on
     * registers alone, in {@link #computeType()}, on all threads. Takes a second or less.
     *
     * @return floating-point operations per second, a multiply-add counted as two
     */
    double measurePeak();

    /**
     * Tries the settings that depend on the device alone, such as sizes of work-groups, and keeps
     * the best for backends that are opened after this one. May take a minute.
     *
     * @return what was found, in one line; empty if there is nothing to choose
     */
    default Optional<String> tune() {
        return Optional.empty();
    }

    /** Frees what the backend holds; a second time, nothing. */
    @Override
    void close();
}
