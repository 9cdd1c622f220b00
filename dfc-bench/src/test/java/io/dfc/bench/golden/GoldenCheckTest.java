package io.dfc.bench.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.error.BackendFailureException;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.Device;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.Support;
import io.dfc.api.tensor.ElementType;
import io.dfc.bench.golden.compare.CheckReport;
import io.dfc.bench.golden.compare.Comparison;
import io.dfc.bench.golden.compare.FileOutcome;
import io.dfc.bench.golden.compare.QuantitySummary;
import io.dfc.bench.golden.compare.Tolerances;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.util.List;

class GoldenCheckTest {
    @TempDir private Path folder;
    private Backend reference;

    @BeforeEach
    void openReference() {
        reference =
                Backends.discover()
                        .select("reference", BackendOptions.defaults(), List.of())
                        .backend();
    }

    @AfterEach
    void closeReference() {
        reference.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "analytic-sigmoid-output-mse.json",
                "dynamics-no-hidden-layer.json",
                "dynamics-smallest.json",
                "feedback-integral-apical.json",
                "feedback-special-controller.json",
                "strong-single-phase-pretraining.json",
                "training-steady-state-adam-with-feedback-epoch.json"
            })
    void referenceMeetsEveryQuantityOfAFile(String name) {
        GoldenFile.Covered file = (GoldenFile.Covered) GoldenReader.read(GoldenFixtures.file(name));

        CheckReport report = check(reference, file);

        assertThat(report.of(FileOutcome.Checked.class))
                .singleElement()
                .satisfies(c -> assertThat(c.comparisons()).hasSameSizeAs(file.expectations()));
        assertThat(report.misses()).isEmpty();
    }

    @Test
    void tamperedValueIsAMissOfItsQuantity() {
        Path file =
                GoldenFixtures.edited(
                        folder,
                        GoldenFixtures.SMALLEST,
                        root -> {
                            ArrayNode data =
                                    (ArrayNode) root.at("/expected/updates/3/grad_W/0/data");
                            data.set(1, data.get(1).doubleValue() * 1.01);
                        });

        CheckReport report = check(reference, GoldenReader.read(file));

        assertThat(report.misses())
                .singleElement()
                .satisfies(
                        miss -> {
                            assertThat(miss.file()).isEqualTo(GoldenFixtures.SMALLEST);
                            assertThat(miss.comparison().path()).isEqualTo("updates[3].grad_W[0]");
                            assertThat(miss.comparison().error()).isBetween(1e-4, 1e-1);
                        });
        assertThat(report.quantities())
                .filteredOn(q -> !q.isMet())
                .extracting(QuantitySummary::quantity)
                .containsExactly("updates.grad_W");
    }

    @Test
    void tamperedMaskIsAMissAtAnyTolerance() {
        Path file =
                GoldenFixtures.edited(
                        folder,
                        GoldenFixtures.SMALLEST,
                        root -> {
                            ArrayNode data =
                                    (ArrayNode) root.at("/expected/convergence/converged/data");
                            data.set(0, !data.get(0).booleanValue());
                        });

        CheckReport report =
                new GoldenCheck(reference, Tolerances.fixedAt(1e6))
                        .run(List.of(GoldenReader.read(file)));

        assertThat(report.misses())
                .extracting(m -> m.comparison().path())
                .containsExactly("convergence.converged");
    }

    @Test
    void quantityThatNothingComputesMakesTheFileUnreadable() {
        Path file =
                GoldenFixtures.edited(
                        folder,
                        GoldenFixtures.SMALLEST,
                        root -> {
                            ((ObjectNode) root.get("expected")).put("condition", 3.5);
                            ((ObjectNode) root.get("comparison")).put("condition", "relative");
                        });

        assertThat(check(reference, GoldenReader.read(file)).of(FileOutcome.Unreadable.class))
                .singleElement()
                .satisfies(
                        u ->
                                assertThat(u.message())
                                        .contains(
                                                "expected.condition", "computes no such quantity"));
    }

    @Test
    void expectedTensorOfAnotherShapeMakesTheFileUnreadable() {
        Path file =
                GoldenFixtures.edited(
                        folder,
                        GoldenFixtures.SMALLEST,
                        root -> {
                            ArrayNode shape =
                                    (ArrayNode) root.at("/expected/updates/0/grad_W/0/shape");
                            shape.removeAll().add(3);
                        });

        CheckReport report = check(reference, GoldenReader.read(file));

        assertThat(report.passed(false)).isFalse();
        assertThat(report.of(FileOutcome.Unreadable.class))
                .singleElement()
                .satisfies(
                        u ->
                                assertThat(u.message())
                                        .contains(
                                                "expected.updates[0].grad_W[0]: expected shape [1, 3], got [3]"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void layerMissingFromAQuantityMakesTheFileUnreadable(boolean asNull) {
        Path file =
                GoldenFixtures.edited(
                        folder,
                        GoldenFixtures.SMALLEST,
                        root -> {
                            ArrayNode layers = (ArrayNode) root.at("/expected/updates/4/grad_b");
                            if (asNull) {
                                layers.setNull(1);
                            } else {
                                layers.remove(1);
                            }
                        });

        CheckReport report = check(reference, GoldenReader.read(file));

        assertThat(report.passed(false)).isFalse();
        assertThat(report.of(FileOutcome.Unreadable.class))
                .singleElement()
                .satisfies(
                        u ->
                                assertThat(u.message())
                                        .contains(
                                                "expected.updates[4].grad_b[1]: expected a tensor"));
    }

    @Test
    void nullGradientsOfANetworkWithoutBiasesAreNotMissing() {
        Path file =
                GoldenFixtures.edited(
                        folder,
                        GoldenFixtures.ANALYTIC,
                        root -> {
                            ObjectNode update = (ObjectNode) root.at("/expected/updates/0");
                            update.putArray("grad_b").addNull().addNull().addNull();
                        });

        assertThat(check(reference, GoldenReader.read(file)).passed(true)).isTrue();
    }

    @Test
    void declinedPlanCountsOnlyWhenStrict() {
        Backend choosy =
                new Wrapper(reference) {
                    @Override
                    public Support supports(Plan plan) {
                        return new Support.Declined("too tired");
                    }
                };

        CheckReport report =
                check(choosy, GoldenReader.read(GoldenFixtures.file(GoldenFixtures.SMALLEST)));

        assertThat(report.of(FileOutcome.Declined.class))
                .containsExactly(new FileOutcome.Declined(GoldenFixtures.SMALLEST, "too tired"));
        assertThat(report.passed(false)).isTrue();
        assertThat(report.passed(true)).isFalse();
    }

    @Test
    void backendThatFailsDoesNotPass() {
        Backend broken =
                new Wrapper(reference) {
                    @Override
                    public Engine compile(Plan plan) {
                        throw new BackendFailureException("device lost");
                    }
                };

        CheckReport report =
                check(broken, GoldenReader.read(GoldenFixtures.file(GoldenFixtures.SMALLEST)));

        assertThat(report.of(FileOutcome.Failed.class))
                .containsExactly(new FileOutcome.Failed(GoldenFixtures.SMALLEST, "device lost"));
        assertThat(report.passed(false)).isFalse();
    }

    @Test
    void float32BackendIsHeldToTheFilesOwnDeviation() {
        Backend single =
                new Wrapper(reference) {
                    @Override
                    public ElementType computeType() {
                        return ElementType.F32;
                    }
                };
        Path file =
                GoldenFixtures.edited(
                        folder,
                        GoldenFixtures.SMALLEST,
                        root ->
                                ((ObjectNode) root.get("float32_deviation"))
                                        .put("trajectory.u", 0.01));

        CheckReport report = check(single, GoldenReader.read(file));

        assertThat(report.quantities())
                .filteredOn(q -> q.quantity().startsWith("trajectory.u"))
                .extracting(q -> q.worst().tolerance())
                .containsExactly(0.05);
    }

    @Test
    void summaryCountsFilesAndNamesTheWorst() {
        List<GoldenFile> files =
                List.of(
                        GoldenReader.read(GoldenFixtures.file("dynamics-no-hidden-layer.json")),
                        GoldenReader.read(GoldenFixtures.file(GoldenFixtures.SMALLEST)));
        CheckReport report = new GoldenCheck(reference, Tolerances.prescribed()).run(files);

        QuantitySummary summary =
                report.quantities().stream()
                        .filter(q -> q.quantity().equals("trajectory.u"))
                        .findFirst()
                        .orElseThrow();

        double worst =
                report.of(FileOutcome.Checked.class).stream()
                        .flatMap(c -> c.comparisons().stream())
                        .filter(c -> c.quantity().equals("trajectory.u"))
                        .mapToDouble(Comparison::error)
                        .max()
                        .orElseThrow();
        assertThat(summary.cases()).isEqualTo(2);
        assertThat(summary.worst().error()).isEqualTo(worst);
        assertThat(report.of(FileOutcome.Checked.class))
                .filteredOn(c -> c.file().equals(summary.worstFile()))
                .singleElement()
                .satisfies(c -> assertThat(c.comparisons()).contains(summary.worst()));
    }

    private static CheckReport check(Backend backend, GoldenFile file) {
        return new GoldenCheck(backend, Tolerances.prescribed()).run(List.of(file));
    }

    /** The reference, to be made worse in one respect. */
    private static class Wrapper implements Backend {
        private final Backend wrapped;

        Wrapper(Backend wrapped) {
            this.wrapped = wrapped;
        }

        @Override
        public String name() {
            return "wrapper";
        }

        @Override
        public Device device() {
            return wrapped.device();
        }

        @Override
        public ElementType computeType() {
            return wrapped.computeType();
        }

        @Override
        public int threads() {
            return wrapped.threads();
        }

        @Override
        public Support supports(Plan plan) {
            return wrapped.supports(plan);
        }

        @Override
        public Engine compile(Plan plan) {
            return wrapped.compile(plan);
        }

        @Override
        public void close() {
            wrapped.close();
        }
    }
}
