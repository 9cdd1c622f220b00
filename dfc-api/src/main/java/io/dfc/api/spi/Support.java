package io.dfc.api.spi;

/** A backend's answer to a plan. */
public sealed interface Support {
    /** The backend runs the plan. */
    record Supported() implements Support {}

    /**
     * The backend does not run the plan.
     *
     * @param reason which part of it, and why
     */
    record Declined(String reason) implements Support {}

    /** {@return whether the plan is supported} */
    default boolean isSupported() {
        return this instanceof Supported;
    }
}
