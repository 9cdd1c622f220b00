package io.dfc.api.spi;

import io.dfc.api.error.BackendUnavailableException;
import io.dfc.api.error.PlanUnsupportedException;
import io.dfc.api.plan.Plan;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;

/**
 * The backends that are there, and the choice among them.
 *
 * <p>A request is {@code auto}, a name, or {@code name:device}. A name never falls back: it works
 * or fails with the reason. {@code auto} takes the highest priority that is available, opens and
 * supports every plan of the run, and says what it took, why it passed over those before, and which
 * providers could not be loaded. The logger of this package says so too, at level INFO, or as a
 * WARNING where a provider could not be loaded. Of providers with the same name the one with the
 * highest priority counts, and another that could run is listed as unavailable.
 */
public final class Backends {
    /** The request that leaves the choice to this class. */
    public static final String AUTO = "auto";

    /** System property that replaces {@link #AUTO} where it is set. */
    public static final String PROPERTY = "dfc.backend";

    private static final Comparator<Listing> BY_RANK =
            Comparator.comparingInt(Listing::priority).reversed().thenComparing(Listing::name);

    private final List<Listing> listings;

    private Backends(List<Listing> listings) {
        Map<String, Listing> byName = new LinkedHashMap<>();
        List<Listing> late = new ArrayList<>();
        listings.stream()
                .sorted(BY_RANK)
                .forEach(
                        listing -> {
                            if (byName.putIfAbsent(listing.name(), listing) != null) {
                                late.add(listing);
                            }
                        });
        // One that cannot run stands in for the module of the same name that can.
        late.stream()
                .filter(listing -> listing.availability() instanceof Availability.Available)
                .forEach(listing -> addWithoutName(listing, byName));
        this.listings = List.copyOf(byName.values());
    }

    private static void addWithoutName(Listing listing, Map<String, Listing> byName) {
        int number = 2;
        while (byName.containsKey(listing.name() + "-" + number)) {
            number++;
        }
        String free = listing.name() + "-" + number;
        Availability reason =
                new Availability.Unavailable(
                        "its name \"%s\" is taken by %s, which ranks higher"
                                .formatted(
                                        listing.name(),
                                        describe(
                                                Objects.requireNonNull(
                                                        byName.get(listing.name())))),
                        "rename or remove " + describe(listing));
        byName.put(free, new Found(free, listing.priority(), reason, null));
    }

    private static String describe(Listing listing) {
        BackendProvider provider = ((Found) listing).provider();
        return provider == null ? listing.name() : provider.getClass().getName();
    }

    /**
     * A backend that was found.
     *
     * @param name its name
     * @param priority its priority
     * @param availability whether it can run here
     * @param provider its provider; null if the provider itself could not be loaded
     */
    record Found(
            String name,
            int priority,
            Availability availability,
            @Nullable BackendProvider provider)
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
     * What is asked of {@link #select}, kept for when the plans are known: {@code Backends.auto()},
     * {@code Backends.named("cpu-simd").threads(2)}. Opens nothing.
     *
     * @param name {@code auto}, a name, or {@code name:device}
     * @param options options for opening it
     */
    public record Request(String name, BackendOptions options) {
        /** Checks that both are there. */
        public Request {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(options, "options");
        }

        /**
         * The same with another number of threads.
         *
         * @param threads number of threads; 0 means all cores
         * @return the request
         */
        public Request threads(int threads) {
            return new Request(name, new BackendOptions(threads));
        }

        /**
         * Chooses among the backends that {@link #discover()} finds, and opens one.
         *
         * @param plans every plan of the run
         * @return the choice
         * @throws BackendUnavailableException if the name or device is not there or cannot run here
         * @throws PlanUnsupportedException if a plan is declined
         */
        public Selection open(List<Plan> plans) {
            return discover().select(name, options, plans);
        }
    }

    /** {@return a request that leaves the choice to {@link #select}} */
    public static Request auto() {
        return named(AUTO);
    }

    /**
     * A request for one backend, which works or fails.
     *
     * @param name a name, or {@code name:device}
     * @return the request
     */
    public static Request named(String name) {
        return new Request(name, BackendOptions.defaults());
    }

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
        return new Backends(ProviderSearch.of(providers));
    }

    /**
     * These backends together with others, as where a program knows of a backend that was not
     * installed and has a provider that says so.
     *
     * @param others providers of the others
     * @return the backends
     */
    public Backends with(List<? extends BackendProvider> others) {
        List<Listing> all = new ArrayList<>(listings);
        all.addAll(ProviderSearch.of(others));
        return new Backends(all);
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
                            open(found, device(name, request, colon, devices), options);
                };
        String reason = firstReason(backend, plans);
        if (reason != null) {
            backend.close();
            throw new PlanUnsupportedException(
                    "backend \""
                            + name
                            + "\" cannot run this plan: "
                            + reason
                            + "; there are: "
                            + describeAll());
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
            if (found.provider() == null) {
                // Said with the choice, whichever it is.
                continue;
            }
            switch (found.availability()) {
                case Availability.Unavailable(String reason, String remedy) ->
                        declined.add(found.name() + " is unavailable: " + reason + "; " + remedy);
                case Availability.Available(List<Device> devices) -> {
                    Backend backend;
                    try {
                        backend = open(found, devices.getFirst(), options);
                    } catch (BackendUnavailableException e) {
                        declined.add(ProviderSearch.firstLine(e.getMessage()));
                        continue;
                    }
                    String reason = firstReason(backend, plans);
                    if (reason == null) {
                        return selection(backend, found.name(), declined);
                    }
                    backend.close();
                    declined.add(found.name() + " declines: " + reason);
                }
            }
        }
        declined.addAll(broken());
        throw new PlanUnsupportedException(
                "no backend can run this plan: " + String.join("; ", declined));
    }

    private Selection selection(Backend backend, String name, List<String> passedOver) {
        List<String> broken = broken();
        List<String> notes = new ArrayList<>(passedOver);
        notes.addAll(broken);
        String explanation =
                "backend "
                        + name
                        + " on "
                        + backend.device().description()
                        + (notes.isEmpty() ? "" : " (" + String.join("; ", notes) + ")");
        System.getLogger(Backends.class.getPackageName())
                .log(broken.isEmpty() ? Level.INFO : Level.WARNING, explanation);
        return new Selection(backend, explanation);
    }

    /** Providers that could not be loaded, each with the reason. */
    private List<String> broken() {
        return listings.stream()
                .filter(listing -> ((Found) listing).provider() == null)
                .map(Listing::availability)
                .map(Availability.Unavailable.class::cast)
                .map(why -> "skipped a provider: " + why.reason() + "; " + why.remedy())
                .toList();
    }

    /** Opens a backend, whose every failure to open is of one kind. */
    private static Backend open(Found found, Device device, BackendOptions options) {
        Backend backend;
        try {
            // What is available has a provider.
            backend = Objects.requireNonNull(found.provider()).open(device, options);
        } catch (BackendUnavailableException e) {
            throw e;
        } catch (RuntimeException | LinkageError e) {
            throw new BackendUnavailableException(
                    "backend \"%s\" does not open: %s"
                            .formatted(found.name(), ProviderSearch.firstLine(e)),
                    e);
        }
        if (backend == null) {
            throw new BackendUnavailableException(
                    "backend \"%s\" does not open: its provider answers nothing"
                            .formatted(found.name()));
        }
        return backend;
    }

    private static @Nullable String firstReason(Backend backend, List<Plan> plans) {
        for (Plan plan : plans) {
            try {
                if (backend.supports(plan) instanceof Support.Declined(String reason)) {
                    return reason;
                }
            } catch (RuntimeException | LinkageError e) {
                return "it does not tell whether it runs the plan: " + ProviderSearch.firstLine(e);
            }
        }
        return null;
    }

    private String describeAll() {
        return UnknownName.describe(listings);
    }
}
