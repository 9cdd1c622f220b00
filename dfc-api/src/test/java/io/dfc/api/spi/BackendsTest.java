package io.dfc.api.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.api.error.BackendUnavailableException;
import io.dfc.api.error.PlanUnsupportedException;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.plan.Plan;
import io.dfc.api.tensor.ElementType;

import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

class BackendsTest {
    private static final Plan PLAN =
            Plan.evaluation(Network.of(new Activation.Tanh(), 2, 2), Loss.CROSS_ENTROPY, 1);
    private static final Availability TWO_DEVICES =
            new Availability.Available(
                    List.of(new Device("a", "device A"), new Device("b", "device B")));
    private static final Support YES = new Support.Supported();
    private static final Availability GONE =
            new Availability.Unavailable("no driver", "install it");
    private static final BackendProvider SLOW = new Fake("slow", 0, TWO_DEVICES, YES);

    @Test
    void autoTakesTheHighestPriorityThatSupportsThePlan() {
        Backends backends =
                backends(
                        SLOW,
                        new Fake("fast", 100, TWO_DEVICES, YES),
                        new Fake("picky", 200, TWO_DEVICES, new Support.Declined("no")));
        Backends.Selection selection = select(backends, Backends.AUTO);
        assertThat(selection.backend().name()).isEqualTo("fast");
        assertThat(selection.explanation())
                .isEqualTo("backend fast on device A (picky declines: no)");
    }

    @Test
    void autoPassesOverAnUnavailableBackend() {
        Backends backends = backends(SLOW, new Fake("gpu", 200, GONE, YES));
        assertThat(select(backends, Backends.AUTO).explanation())
                .isEqualTo("backend slow on device A (gpu is unavailable: no driver; install it)");
    }

    @Test
    void ofTwoWithTheSameNameTheHigherPriorityCounts() {
        Backends backends =
                backends(new Fake("gpu", -1, GONE, YES), new Fake("gpu", 50, TWO_DEVICES, YES));
        assertThat(backends.listings()).hasSize(1);
        assertThat(select(backends, "gpu").explanation()).isEqualTo("backend gpu on device A");
    }

    @Test
    void aNamedBackendThatDeclinesIsNotReplaced() {
        Backends backends =
                backends(SLOW, new Fake("picky", 9, TWO_DEVICES, new Support.Declined("no")));
        assertThatThrownBy(() -> select(backends, "picky"))
                .isInstanceOf(PlanUnsupportedException.class)
                .hasMessageContaining("backend \"picky\" cannot run this plan: no");
    }

    @Test
    void aNamedBackendThatIsUnavailableSaysWhyAndWhatToDo() {
        Backends backends = backends(new Fake("gpu", 200, GONE, YES));
        assertUnavailable(backends, "gpu")
                .hasMessage("backend \"gpu\" is unavailable: no driver; install it");
    }

    @Test
    void withNoBackendTheSentenceIsWhole() {
        for (String request : List.of(Backends.AUTO, "gpu", "gpu:0")) {
            assertUnavailable(backends(), request)
                    .hasMessageStartingWith("no backend was found; put one on the module path")
                    .hasMessageEndingWith("META-INF/services/io.dfc.api.spi.BackendProvider too");
        }
    }

    @Test
    void aKeywordLeadsToTheBackendItStandsFor() {
        Backends backends =
                backends(
                        new Worded("there", TWO_DEVICES, "cuda"), new Worded("away", GONE, "fpga"));
        assertThatThrownBy(() -> select(backends, "CUDA"))
                .hasMessage(
                        "backend \"CUDA\" is not there; for CUDA name \"there\"; there are:"
                                + " away (unavailable: no driver), there");
        assertThatThrownBy(() -> select(backends, "fpga:1"))
                .hasMessageContaining(
                        "for fpga there is \"away\", which is unavailable: no driver; install it");
    }

    @Test
    void autoTakesNoDevice() {
        Backends backends = backends(SLOW);
        assertUnavailable(backends, "auto:0")
                .hasMessage(
                        "\"auto\" takes no device, it chooses that as well; to choose yourself, name"
                                + " one of: slow:a, slow:b");
    }

    @Test
    void anUnknownNameListsThoseThatExist() {
        Backends backends = backends(SLOW, new Fake("fast", 1, TWO_DEVICES, YES));
        assertUnavailable(backends, "fats")
                .hasMessage(
                        "backend \"fats\" is not there; did you mean \"fast\"?; there are: fast, slow");
    }

    @Test
    void aDeviceIsTakenByItsIdentifier() {
        Backends backends = backends(new Fake("gpu", 0, TWO_DEVICES, YES));
        assertThat(select(backends, "gpu:b").backend().device().id()).isEqualTo("b");
        assertUnavailable(backends, "gpu:c")
                .hasMessage(
                        "backend \"gpu\" has no device \"c\"; it has: a, b; gpu alone takes the first");
    }

    @Test
    void aProviderWhoseProbeThrowsDoesNotHideTheOthers() {
        BackendProvider broken =
                new Fake("broken", 300, TWO_DEVICES, YES) {
                    @Override
                    public Availability probe() {
                        throw new UnsatisfiedLinkError("libfoo is missing");
                    }
                };
        Backends backends = backends(broken, SLOW);
        Backends.Selection selection = select(backends, Backends.AUTO);
        assertThat(selection.backend().name()).isEqualTo("slow");
        assertThat(selection.explanation()).contains("broken is unavailable", "libfoo is missing");
    }

    @Test
    void aProviderWhoseProbeAnswersNothingIsUnavailable() {
        Backends backends =
                Backends.of(
                        List.of(
                                new Fake("silent", 300, null, YES),
                                new Fake("slow", 0, TWO_DEVICES, YES)));
        assertThat(select(backends, Backends.AUTO).explanation())
                .isEqualTo(
                        "backend slow on device A (silent is unavailable: its probe answers nothing; report this to its author)");
        assertThatThrownBy(() -> select(backends, "silent"))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessage(
                        "backend \"silent\" is unavailable: its probe answers nothing; report this to its author");
    }

    @ParameterizedTest
    @MethodSource("failures")
    void autoTakesTheNextWhenOneDoesNotOpen(Supplier<Backend> open, String reason) {
        BackendProvider broken =
                new Fake("broken", 300, TWO_DEVICES, YES) {
                    @Override
                    public Backend open(Device device, BackendOptions options) {
                        return open.get();
                    }
                };
        Backends backends = Backends.of(List.of(broken, new Fake("slow", 0, TWO_DEVICES, YES)));
        assertThat(select(backends, Backends.AUTO).explanation())
                .isEqualTo("backend slow on device A (" + reason + ")");
        assertThatThrownBy(() -> select(backends, "broken"))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessage(reason);
    }

    private static Stream<Arguments> failures() {
        return Stream.of(
                failure(
                        () -> {
                            throw new BackendUnavailableException("the driver is too old");
                        },
                        "the driver is too old"),
                failure(
                        () -> {
                            throw new IllegalStateException("out of handles\nat line 3");
                        },
                        "backend \"broken\" does not open: java.lang.IllegalStateException: out of handles"),
                failure(
                        () -> {
                            throw new UnsatisfiedLinkError("libfoo is missing");
                        },
                        "backend \"broken\" does not open: java.lang.UnsatisfiedLinkError: libfoo is missing"),
                failure(
                        () -> null,
                        "backend \"broken\" does not open: its provider answers nothing"));
    }

    private static Arguments failure(Supplier<Backend> open, String reason) {
        return Arguments.of(open, reason);
    }

    @Test
    void autoTakesTheNextWhenOneFailsToAnswerAboutAPlan() {
        BackendProvider broken =
                new Fake("broken", 300, TWO_DEVICES, YES) {
                    @Override
                    public Backend open(Device device, BackendOptions options) {
                        return new Opened("broken", device, null) {
                            @Override
                            public Support supports(Plan plan) {
                                throw new IllegalStateException("no idea");
                            }
                        };
                    }
                };
        Backends backends = Backends.of(List.of(broken, new Fake("slow", 0, TWO_DEVICES, YES)));
        assertThat(select(backends, Backends.AUTO).explanation())
                .startsWith("backend slow on device A (broken declines: ")
                .contains("no idea");
    }

    @Test
    void aProviderWhoseNameIsTakenIsListedWithItsCause() {
        Backends backends =
                Backends.of(
                        List.of(
                                new Fake("gpu", 50, TWO_DEVICES, YES),
                                new Worded("gpu", TWO_DEVICES, "cuda")));
        assertThat(select(backends, "gpu").explanation()).isEqualTo("backend gpu on device A");
        assertThatThrownBy(() -> select(backends, "gpu-2"))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageContaining("its name \"gpu\" is taken by")
                .hasMessageEndingWith("rename or remove " + Worded.class.getName());
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "GPU", "a b", "gpu:0", "-gpu"})
    void aProviderWithoutAUsableNameIsListedAsBroken(String name) {
        Backends backends = Backends.of(List.of(new Fake(name, 50, TWO_DEVICES, YES)));
        Backends.Listing listing = backends.listings().getFirst();
        assertThat(listing.name()).isEqualTo("broken-provider-1");
        assertThat(listing.availability().toString())
                .contains(Fake.class.getName(), "calls itself \"" + name + "\"");
    }

    @Test
    void aProviderThatDoesNotTellItsNameHidesNoOther() {
        BackendProvider broken =
                new Fake("broken", 300, TWO_DEVICES, YES) {
                    @Override
                    public String name() {
                        throw new IllegalStateException("no name");
                    }
                };
        Backends backends = Backends.of(List.of(broken, new Fake("slow", 0, TWO_DEVICES, YES)));
        assertThat(select(backends, Backends.AUTO).explanation())
                .startsWith("backend slow on device A (skipped a provider: ")
                .contains(" does not tell its name: ", "no name", "repair or remove that module");
        assertThat(backends.listings().getLast().toString())
                .contains("broken-provider-1", "does not tell its name", "no name");
    }

    @Test
    void theReferenceIsFound() {
        assertThat(select(Backends.discover(), "reference").backend().computeType())
                .isEqualTo(ElementType.F64);
    }

    private static Backends backends(BackendProvider... providers) {
        return Backends.of(List.of(providers));
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertUnavailable(
            Backends backends, String request) {
        return assertThatThrownBy(() -> select(backends, request))
                .isInstanceOf(BackendUnavailableException.class);
    }

    private static Backends.Selection select(Backends backends, String request) {
        return backends.select(request, BackendOptions.defaults(), List.of(PLAN));
    }

    /** A backend that answers and never runs. */
    private static class Fake implements BackendProvider {
        private final String name;
        private final int priority;
        private final Availability availability;
        private final Support support;

        Fake(String name, int priority, Availability availability, Support support) {
            this.name = name;
            this.priority = priority;
            this.availability = availability;
            this.support = support;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public int priority() {
            return priority;
        }

        @Override
        public Availability probe() {
            return availability;
        }

        @Override
        public Backend open(Device device, BackendOptions options) {
            return new Opened(name, device, support);
        }
    }

    private static final class Worded extends Fake {
        private final Set<String> keywords;

        Worded(String name, Availability availability, String... keywords) {
            super(name, 0, availability, YES);
            this.keywords = Set.of(keywords);
        }

        @Override
        public Set<String> keywords() {
            return keywords;
        }
    }

    private static class Opened implements Backend {
        private final String name;
        private final Device device;
        private final Support support;

        Opened(String name, Device device, Support support) {
            this.name = name;
            this.device = device;
            this.support = support;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Device device() {
            return device;
        }

        @Override
        public ElementType computeType() {
            return ElementType.F32;
        }

        @Override
        public int threads() {
            return 1;
        }

        @Override
        public Support supports(Plan plan) {
            return support;
        }

        @Override
        public Engine compile(Plan plan) {
            throw new PlanUnsupportedException("it never runs");
        }

        @Override
        public void close() {}
    }
}
