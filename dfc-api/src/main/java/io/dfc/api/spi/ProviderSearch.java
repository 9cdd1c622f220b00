package io.dfc.api.spi;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;

/** Looks for providers with {@link ServiceLoader}. */
final class ProviderSearch {
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
                    found.add(probe(provider.get()));
                }
            } catch (ServiceConfigurationError | LinkageError e) {
                String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
                found.add(
                        new Backends.Found(
                                "broken-provider-" + ++broken,
                                Integer.MIN_VALUE,
                                new Availability.Unavailable(
                                        reason, "repair or remove that module"),
                                null));
            }
        }
    }

    /** Asks a provider, and takes whatever it throws for its answer. */
    static Backends.Found probe(BackendProvider provider) {
        Availability availability;
        try {
            availability = provider.probe();
        } catch (RuntimeException | LinkageError e) {
            availability =
                    new Availability.Unavailable(
                            "its probe failed: " + e, "report this to its author");
        }
        return new Backends.Found(provider.name(), provider.priority(), availability, provider);
    }
}
