package io.dfc.api.spi;

/** What a {@link Backend} also is if it has settings that depend on the device alone. */
public interface Tunable {
    /**
     * Tries the settings that depend on the device alone, such as sizes of work-groups, and keeps
     * the best for backends that are opened after this one. May take a minute.
     *
     * @return what was found, in one line
     */
    String tune();
}
