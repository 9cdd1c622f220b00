package io.dfc.algorithms.method;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The methods that are there. One that cannot be used, or whose name is taken, is left out, and
 * {@link #problems} says why. Names go to the methods of this project first, then by the names of
 * the classes.
 */
public final class LearningMethods {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    private static final String OWN = LearningMethods.class.getPackageName() + ".";

    private final SortedMap<String, LearningMethod<?>> byName = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();

    private LearningMethods() {}

    /** Found once, for a search opens every jar. */
    private static final class Installed {
        static final LearningMethods ALL = search();
    }

    /**
     * The methods beside this class: in its module layer, or where the class loader that loaded it
     * looks.
     *
     * @return the methods
     */
    public static LearningMethods installed() {
        return Installed.ALL;
    }

    /**
     * The given methods alone.
     *
     * @param methods methods
     * @return those that can be used
     */
    public static LearningMethods of(List<? extends LearningMethod<?>> methods) {
        LearningMethods found = new LearningMethods();
        methods.stream()
                .sorted(
                        Comparator.comparing((LearningMethod<?> m) -> !isOwn(m))
                                .thenComparing(m -> m.getClass().getName()))
                .forEach(found::add);
        return found;
    }

    private static boolean isOwn(LearningMethod<?> method) {
        return method.getClass().getName().startsWith(OWN);
    }

    private static LearningMethods search() {
        List<String> broken = new ArrayList<>();
        List<LearningMethod<?>> methods = new ArrayList<>();
        Set<Class<?>> seen = new HashSet<>();
        // A layer may give each of its modules a class loader of its own.
        ModuleLayer layer = LearningMethods.class.getModule().getLayer();
        if (layer != null) {
            collect(ServiceLoader.load(layer, LearningMethod.class), seen, methods, broken);
        }
        collect(
                ServiceLoader.load(LearningMethod.class, LearningMethods.class.getClassLoader()),
                seen,
                methods,
                broken);
        LearningMethods found = of(methods);
        found.problems.addAll(broken);
        return found;
    }

    @SuppressWarnings("rawtypes") // A service is a class, and classes have no arguments.
    private static void collect(
            ServiceLoader<LearningMethod> loader,
            Set<Class<?>> seen,
            List<LearningMethod<?>> methods,
            List<String> broken) {
        Iterator<ServiceLoader.Provider<LearningMethod>> providers = loader.stream().iterator();
        while (true) {
            try {
                if (!providers.hasNext()) {
                    return;
                }
                ServiceLoader.Provider<LearningMethod> provider = providers.next();
                if (seen.add(provider.type())) {
                    methods.add(provider.get());
                }
            } catch (ServiceConfigurationError | LinkageError e) {
                broken.add(
                        firstLine(
                                e.getMessage()
                                        + (e.getCause() == null ? "" : ": " + e.getCause())));
            }
        }
    }

    /** Asks a method; what it throws counts as its reply. */
    private void add(LearningMethod<?> method) {
        String type = method.getClass().getName();
        try {
            String name = method.name();
            if (name == null || !NAME.matcher(name).matches()) {
                problems.add(
                        "%s calls itself \"%s\"; names are lower-case letters, digits and hyphens, such as dfc-ss"
                                .formatted(type, name));
                return;
            }
            if (byName.containsKey(name)) {
                problems.add(
                        "%s calls itself \"%s\", which is the name of %s; give it another"
                                .formatted(type, name, byName.get(name).getClass().getName()));
                return;
            }
            if (!method.settings().isInstance(method.defaults())) {
                problems.add(
                        "%s has defaults that are no %s: %s"
                                .formatted(type, method.settings().getName(), method.defaults()));
                return;
            }
            String summary = method.summary();
            if (summary == null || summary.isBlank() || summary.lines().count() > 1) {
                problems.add(type + " has no summary of one line");
                return;
            }
            byName.put(name, method);
        } catch (RuntimeException | LinkageError e) {
            problems.add(type + " does not tell what it is: " + firstLine(e));
        }
    }

    private static String firstLine(Object problem) {
        return String.valueOf(problem).lines().findFirst().orElse("");
    }

    /** {@return the methods, sorted by name} */
    public List<LearningMethod<?>> all() {
        return List.copyOf(byName.values());
    }

    /** {@return their names, sorted} */
    public List<String> names() {
        return List.copyOf(byName.keySet());
    }

    /**
     * A method by its name.
     *
     * @param name the name
     * @return the method, if it is there
     */
    public Optional<LearningMethod<?>> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** {@return why others that were found cannot be used, a line each} */
    public List<String> problems() {
        return List.copyOf(problems);
    }
}
