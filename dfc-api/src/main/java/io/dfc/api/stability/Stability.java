package io.dfc.api.stability;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What callers of an exported package may rely on from version to version. */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.PACKAGE)
public @interface Stability {
    /** {@return how much may change} */
    Level value();

    /** How much may change. */
    enum Level {
        /** Nothing that callers use, before a new major version. */
        STABLE,
        /** Something in a minor version; the changelog says what to write in its place. */
        EVOLVING,
        /** Anything, in any version. */
        EXPERIMENTAL
    }
}
