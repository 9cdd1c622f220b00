package io.dfc.api.spi;

import io.dfc.api.plan.Plan;
import io.dfc.api.tensor.ElementType;

/**
 * An open backend on one device. Thread-safe; engines are not. After {@link #close}, every call
 * that computes is a {@link io.dfc.api.error.MisuseException}, and so is every call of its engines.
 * What only some backends can do is told by further interfaces that they implement: {@link
 * PeakMeasuring}, {@link Tunable}, {@link ReplicaTraining}.
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
     * Compiles a plan into an engine with parameters of zero.
     *
     * @param plan a plan that {@link #supports} accepts
     * @return the engine, to be closed by the caller before the backend
     * @throws io.dfc.api.error.PlanUnsupportedException if the plan is not supported
     */
    Engine compile(Plan plan);

    /**
     * Frees what the backend holds; a second time, nothing. A backend that nobody closed is closed,
     * with a warning, some time after nobody refers to it or one of its engines.
     */
    @Override
    void close();
}
