package io.dfc.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.plan.Precision;
import io.dfc.bench.SeveralNetworks;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

class BenchScaleTest {
    private static BenchReport measure(int networks, int most) {
        List<BenchCase> cases =
                BenchCase.of(
                        List.of(BenchNetwork.SMALL),
                        List.of(Workload.BP),
                        new BenchScale(Optional.of(40), networks, Precision.FULL));
        return new HardwareBench(
                        new SeveralNetworks(most), System.nanoTime(), "a version", what -> {})
                .run(cases);
    }

    @Test
    void severalNetworksAreOneRowThatCountsTheWorkOfAll() {
        BenchRow one = measure(1, 3).rows().getFirst();
        BenchRow three = measure(3, 3).rows().getFirst();

        assertThat(one.network()).isEqualTo("small");
        assertThat(three.network()).isEqualTo("3 x small");
        assertThat(List.of(one.timing().size().batch(), three.timing().size().batch()))
                .containsExactly(40, 40);
        double ofOne = one.rate().gflops() * one.timing().seconds();
        double ofThree = three.rate().gflops() * three.timing().seconds();
        assertThat(ofThree / ofOne).isBetween(2.999, 3.001);
    }

    @Test
    void aBackendThatTakesOneNetworkDeclinesMore() {
        BenchReport report = measure(3, 2);

        assertThat(report.rows()).isEmpty();
        assertThat(report.declined())
                .singleElement()
                .isEqualTo(new BenchReport.Unmeasured("3 x small", "bp", "too many"));
    }

    @Test
    void aPeakThatTheBackendCannotMeasureIsToldAsNotMeasured() {
        BenchReport report = measure(1, 1);

        assertThat(report.peakGflops()).isEmpty();
        assertThat(report.rows())
                .singleElement()
                .satisfies(
                        row -> {
                            assertThat(row.rate().gflops()).isPositive();
                            assertThat(row.rate().peakFraction()).isEmpty();
                            assertThat(row.rate().nearbyPeakFraction()).isEmpty();
                        });
    }

    @Test
    void numbersOutOfRangeAreNamed() {
        assertThatThrownBy(() -> new BenchScale(Optional.of(0), 1, Precision.FULL))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("--batch");
        assertThatThrownBy(() -> new BenchScale(Optional.empty(), 65, Precision.FULL))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("--seeds");
    }
}
