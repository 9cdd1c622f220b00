package io.dfc.api.spi;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.regex.Pattern;

/** Looks for providers with {@link ServiceLoader}. */
final class ProviderSearch {
    /** As they are typed, and as they stand in files. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

    private final List<Backends.Listing> found = new ArrayList<>();
    private final Set<Class<?>> seen = new HashSet<>();
    private int broken;

    private ProviderSearch() {}

    /** What is found in the module layer and with the class loader of a class. */
    static List<Backends.Listing> beside(Class<?> place) {
        ProviderSearch search = new ProviderSearch();
        // A layer may give each of its modules a class loader of its own.
        ModuleLayer layer = place.getModule().getLayer();
        if (layer != null) {
            search.addAll(ServiceLoader.load(layer, BackendProvider.class));
        }
        search.addAll(ServiceLoader.load(BackendProvider.class, place.getClassLoader()));
        return search.found;
    }

    /** What providers that are at hand say. */
    static List<Backends.Listing> of(List<? extends BackendProvider> providers) {
        ProviderSearch search = new ProviderSearch();
        providers.forEach(search::add);
        return search.found;
    }

    /** What is found with a class loader. */
    static List<Backends.Listing> in(ClassLoader loader) {
        ProviderSearch search = new ProviderSearch();
        search.addAll(ServiceLoader.load(BackendProvider.class, loader));
        return search.found;
    }

    private void addAll(ServiceLoader<BackendProvider> loader) {
        Iterator<ServiceLoader.Provider<BackendProvider>> providers = loader.stream().iterator();
        while (true) {
            try {
                if (!providers.hasNext()) {
                    return;
                }
                ServiceLoader.Provider<BackendProvider> provider = providers.next();
                if (seen.add(provider.type())) {
                    add(provider.get());
                }
            } catch (ServiceConfigurationError | LinkageError e) {
                String cause = e.getCause() == null ? "" : ": " + e.getCause();
                addBroken(firstLine(e.getMessage() + cause));
            }
        }
    }

    private void addBroken(String reason) {
        found.add(
                new Backends.Found(
                        "broken-provider-" + ++broken,
                        Integer.MIN_VALUE,
                        new Availability.Unavailable(reason, "repair or remove that module"),
                        null));
    }

    /** Asks a provider, and takes whatever it throws for its answer. */
    private void add(BackendProvider provider) {
        String name;
        int priority;
        try {
            name = provider.name();
            priority = provider.priority();
        } catch (RuntimeException | LinkageError e) {
            addBroken(provider.getClass().getName() + " does not tell its name: " + firstLine(e));
            return;
        }
        if (name == null || !NAME.matcher(name).matches()) {
            addBroken(
                    "%s calls itself \"%s\"; names are lower-case letters, digits and hyphens, such as cpu-simd"
                            .formatted(provider.getClass().getName(), name));
            return;
        }
        found.add(new Backends.Found(name, priority, probe(provider), provider));
    }

    private static Availability probe(BackendProvider provider) {
        try {
            Availability answer = provider.probe();
            return answer == null ? failed("its probe answers nothing") : answer;
        } catch (RuntimeException | LinkageError e) {
            return failed("its probe failed: " + firstLine(e));
        }
    }

    private static Availability failed(String reason) {
        return new Availability.Unavailable(reason, "report this to its author");
    }

    /** What went wrong, in one line. */
    static String firstLine(@Nullable Object problem) {
        return String.valueOf(problem).lines().findFirst().orElse("");
    }
}
