package io.dfc.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Whole runs on machines of many speeds, by their own clock. */
class BenchTimeTest {
    private static final double LIMIT = 56;

    /** The program needs time to start and to end. */
    private static final double ALLOWED = 55;

    /** Samples that a backend with vectors works on at once. */
    private static final int TILE = 16;

    private static final List<BenchCase> CASES =
            BenchCase.of(
                    List.of(BenchNetwork.values()), List.of(Workload.values()), BenchScale.USUAL);

    private static BenchReport run(Machine machine, double limit) {
        return new HardwareBench(machine, limit, "1", what -> {}).run(CASES);
    }

    private static void assertEveryRowMeansSomething(BenchReport report) {
        assertThat(report.rows().size() + report.skipped().size()).isEqualTo(CASES.size());
        assertThat(report.rows())
                .allSatisfy(
                        r -> {
                            assertThat(r.timing().size().batch()).isGreaterThanOrEqualTo(32);
                            assertThat(
                                            r.timing().size().steps() == 0
                                                    || r.timing().size().steps() >= 20)
                                    .isTrue();
                            assertThat(r.timing().runs()).isPositive();
                        });
    }

    private static void assertFull(BenchReport report, BenchNetwork network) {
        for (BenchCase c : CASES) {
            if (c.network() == network) {
                assertThat(report.rows())
                        .filteredOn(r -> r.network().equals(network.label()))
                        .filteredOn(r -> r.workload().equals(c.workload().label()))
                        .as(c.workload().label())
                        .singleElement()
                        .satisfies(r -> assertThat(r.timing().size()).isEqualTo(c.declared()));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e7, 1e8, 1e9, 5e9, 1e10, 2e10, 5e10, 2e11, 1e12, 1e14})
    void theTimeIsKeptAtAnySpeed(double rate) {
        List<VirtualMachine> machines =
                List.of(
                        new VirtualMachine(rate, TILE, BenchCase::operations),
                        new VirtualMachine(rate, TILE, BenchCase::operationsAtWorst),
                        new VirtualMachine(rate, 1, BenchCase::operationsAtWorst));
        for (VirtualMachine machine : machines) {
            BenchReport report = run(machine, LIMIT);

            assertThat(machine.seconds()).isLessThan(ALLOWED);
            assertEveryRowMeansSomething(report);
        }
    }

    @Test
    void twoSlowCoresMeasureEverythingAndThePublishedNetworkInFull() {
        BenchReport report = run(new VirtualMachine(2.5e10, TILE, BenchCase::operations), LIMIT);

        assertThat(report.skipped()).isEmpty();
        assertFull(report, BenchNetwork.MNIST);
    }

    @Test
    void aMachineTenTimesAsFastMeasuresEverythingInFull() {
        BenchReport report = run(new VirtualMachine(2.5e11, TILE, BenchCase::operations), LIMIT);

        for (BenchNetwork network : BenchNetwork.values()) {
            assertFull(report, network);
        }
        assertThat(report.rows())
                .allSatisfy(r -> assertThat(r.timing().runs()).isGreaterThanOrEqualTo(3));
    }

    /** The first run of every workload is many times slower than the others. */
    @Test
    void onlyCompiledRunsAreMeasured() {
        BenchReport report = run(new VirtualMachine(2.5e10, TILE, BenchCase::operations), LIMIT);

        assertThat(report.rows())
                .filteredOn(r -> !r.network().equals("small"))
                .allSatisfy(
                        r ->
                                assertThat(r.rate().peakFraction().getAsDouble())
                                        .isBetween(0.95, 1.0));
    }

    /** One thread of plain loops that forms every matrix. */
    @Test
    void aReferenceMeasuresWhatItCanAndSaysWhatItCannot() {
        BenchReport report = run(new VirtualMachine(1e9, 1, BenchCase::operationsAtWorst), LIMIT);

        assertThat(report.rows())
                .filteredOn(r -> r.network().equals("mnist"))
                .extracting(BenchRow::workload)
                .contains("dfc-ss/euler", "dfc/euler", "feedback/euler", "dfc-ssa", "bp");
        assertThat(report.skipped())
                .extracting(w -> w.network() + " " + w.workload())
                .contains("autoencoder dfc-ssa", "large dfc/euler");
        assertThat(report.skipped())
                .allSatisfy(
                        w -> assertThat(w.reason()).matches("\\d+ samples?.* may take .+ s, .*"));
    }

    @Test
    void aRunThatDoesNotEndIsGivenUp() {
        CountDownLatch never = new CountDownLatch(1);
        VirtualMachine stuck =
                new VirtualMachine(
                        1e10,
                        TILE,
                        (c, size) -> {
                            if (c.workload() == Workload.DFC_SSA
                                    && c.network() == BenchNetwork.MNIST) {
                                awaitForever(never);
                            }
                            return c.operations(size);
                        });

        BenchReport report = run(stuck, 10);

        assertThat(report.rows())
                .extracting(BenchRow::workload)
                .containsExactly("dfc-ss/steady-state", "dfc/auto");
        assertThat(report.skipped()).hasSize(CASES.size() - 2);
        assertThat(report.skipped().getFirst().reason()).contains("the time was over");
        never.countDown();
    }

    private static void awaitForever(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
