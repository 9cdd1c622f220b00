package io.dfc.api.spi;

import io.dfc.api.error.BackendUnavailableException;
import io.dfc.api.error.PlanUnsupportedException;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;

/**
 * The backends that are there, and the choice among them.
 *
 * <p>A request is {@code auto}, a name, or {@code name:device}. A name never falls back: it works
 * or fails with the reason. {@code auto} takes the highest priority that is available and supports
 * every plan of the run, and says what it took. Of providers with the same name the one with the
 * highest priority counts.
 */
public final class Backends {
    /** The request that leaves the choice to this class. */
    public static final String AUTO = "auto";

    /** System property that replaces {@link #AUTO} where it is set. */
    public static final String PROPERTY = "dfc.backend";

    private final List<Listing> listings;

    private Backends(List<Listing> listings) {
        Set<String> names = new HashSet<>();
        this.listings =
                listings.stream()
                        .sorted(
                                Comparator.comparingInt(Listing::priority)
                                        .reversed()
                                        .thenComparing(Listing::name))
                        .filter(listing -> names.add(listing.name()))
                        .toList();
    }

    /**
     * A backend that was found.
     *
     * @param name its name
     * @param priority its priority
     * @param availability whether it can run here
     * @param provider its provider; null if the provider itself could not be loaded
     */
    record Found(String name, int priority, Availability availability, BackendProvider provider)
            implements Listing {}

    /** A backend that was found. */
    public sealed interface Listing permits Found {
        /** {@return its name} */
        String name();

        /** {@return its priority} */
        int priority();

        /** {@return whether it can run here} */
        Availability availability();
    }

    /**
     * A choice.
     *
     * @param backend the open backend, to be closed by the caller
     * @param explanation one line that says what was chosen and why
     */
    public record Selection(Backend backend, String explanation) {}

    /**
     * Finds the backends beside this class: in its module layer or on the class path, or wherever
     * the class loader that loaded it looks. The thread's context class loader has no say. A
     * provider that cannot be loaded is listed as unavailable.
     *
     * @return the backends
     */
    public static Backends discover() {
        return new Backends(ProviderSearch.beside(Backends.class));
    }

    /**
     * Finds the backends that a class loader and its parents hold, for plug-ins that bring backends
     * of their own. A provider that cannot be loaded is listed as unavailable.
     *
     * @param loader the class loader
     * @return the backends
     */
    public static Backends discover(ClassLoader loader) {
        return new Backends(ProviderSearch.in(loader));
    }

    /**
     * The given providers alone, for embedding without {@link ServiceLoader} and for tests.
     *
     * @param providers the providers
     * @return the backends
     */
    public static Backends of(List<? extends BackendProvider> providers) {
        return new Backends(
                providers.stream().map(p -> (Listing) ProviderSearch.probe(p)).toList());
    }

    /** {@return all backends, highest priority first} */
    public List<Listing> listings() {
        return listings;
    }

    /**
     * Chooses and opens a backend.
     *
     * @param request {@code auto}, {@code name} or {@code name:device}
     * @param options options for opening it
     * @param plans every plan of the run
     * @return the choice
     * @throws BackendUnavailableException if the name or device is not there or cannot run here
     * @throws PlanUnsupportedException if a plan is declined
     */
    public Selection select(String request, BackendOptions options, List<Plan> plans) {
        String wanted = request.equals(AUTO) ? System.getProperty(PROPERTY, AUTO) : request;
        if (listings.isEmpty()) {
            throw new BackendUnavailableException(
                    "no backend was found; put one on the module path or the class path, and where jars are merged into"
                            + " one, merge their files META-INF/services/"
                            + BackendProvider.class.getName()
                            + " too");
        }
        return wanted.equals(AUTO)
                ? selectAutomatically(options, plans)
                : selectNamed(wanted, options, plans);
    }

    private Selection selectNamed(String request, BackendOptions options, List<Plan> plans) {
        int colon = request.indexOf(':');
        String name = colon < 0 ? request : request.substring(0, colon);
        Found found =
                (Found)
                        listings.stream()
                                .filter(l -> l.name().equals(name))
                                .findFirst()
                                .orElseThrow(() -> new UnknownName(listings).error(name, colon));
        Backend backend =
                switch (found.availability()) {
                    case Availability.Unavailable(String reason, String remedy) ->
                            throw new BackendUnavailableException(
                                    "backend \""
                                            + name
                                            + "\" is unavailable: "
                                            + reason
                                            + "; "
                                            + remedy);
                    case Availability.Available(List<Device> devices) ->
                            found.provider().open(device(name, request, colon, devices), options);
                };
        for (Plan plan : plans) {
            if (backend.supports(plan) instanceof Support.Declined(String reason)) {
                backend.close();
                throw new PlanUnsupportedException(
                        "backend \""
                                + name
                                + "\" cannot run this plan: "
                                + reason
                                + "; there are: "
                                + describeAll());
            }
        }
        return new Selection(backend, "backend " + name + " on " + backend.device().description());
    }

    private static Device device(String name, String request, int colon, List<Device> devices) {
        if (colon < 0) {
            return devices.getFirst();
        }
        String id = request.substring(colon + 1);
        return devices.stream()
                .filter(d -> d.id().equals(id))
                .findFirst()
                .orElseThrow(
                        () ->
                                new BackendUnavailableException(
                                        "backend \""
                                                + name
                                                + "\" has no device \""
                                                + id
                                                + "\"; it has: "
                                                + String.join(
                                                        ", ",
                                                        devices.stream().map(Device::id).toList())
                                                + "; "
                                                + name
                                                + " alone takes the first"));
    }

    private Selection selectAutomatically(BackendOptions options, List<Plan> plans) {
        List<String> declined = new ArrayList<>();
        for (Listing listing : listings) {
            Found found = (Found) listing;
            switch (found.availability()) {
                case Availability.Unavailable(String reason, String remedy) ->
                        declined.add(found.name() + " is unavailable: " + reason);
                case Availability.Available(List<Device> devices) -> {
                    Backend backend = found.provider().open(devices.getFirst(), options);
                    String reason = firstReason(backend, plans);
                    if (reason == null) {
                        String why =
                                declined.isEmpty() ? "" : " (" + String.join("; ", declined) + ")";
                        return new Selection(
                                backend,
                                "backend "
                                        + found.name()
                                        + " on "
                                        + backend.device().description()
                                        + why);
                    }
                    backend.close();
                    declined.add(found.name() + " declines: " + reason);
                }
            }
        }
        throw new PlanUnsupportedException(
                "no backend can run this plan: " + String.join("; ", declined));
    }

    private static String firstReason(Backend backend, List<Plan> plans) {
        for (Plan plan : plans) {
            if (backend.supports(plan) instanceof Support.Declined(String reason)) {
                return reason;
            }
        }
        return null;
    }

    private String describeAll() {
        return UnknownName.describe(listings);
    }
}
