package org.example.launch;

import java.net.URL;
import java.net.URLClassLoader;

/**
 * Starts the application as frameworks do that ship one jar: in a class loader of its own, whose
 * parent knows none of its classes, on a thread whose context class loader knows none either.
 */
public final class Launcher {
    private Launcher() {}

    /**
     * Starts the application.
     *
     * @param arguments handed on
     * @throws Exception what it throws
     */
    public static void main(String[] arguments) throws Exception {
        URL jar = Launcher.class.getProtectionDomain().getCodeSource().getLocation();
        ClassLoader platform = ClassLoader.getPlatformClassLoader();
        try (URLClassLoader application =
                        new URLClassLoader("application", new URL[] {jar}, platform);
                URLClassLoader foreign = new URLClassLoader("foreign", new URL[0], platform)) {
            Thread.currentThread().setContextClassLoader(foreign);
            application
                    .loadClass("org.example.embedded.Main")
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) arguments);
        }
    }
}
