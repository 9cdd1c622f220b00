package org.example.broken;

/** A class that a service file names and that is no provider. */
public final class NoProvider {
    /** Works. */
    public NoProvider() {}
}
