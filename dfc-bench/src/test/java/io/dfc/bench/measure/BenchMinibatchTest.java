package io.dfc.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.network.Parameters;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;

class BenchMinibatchTest {
    private static final int STEPS = 20;

    /** A loop that diverges would measure arithmetic on numbers that no training sees. */
    @ParameterizedTest
    @EnumSource
    void noWorkloadDiverges(BenchNetwork network) {
        try (Backend backend =
                Backends.discover()
                        .select("cpu-simd", BackendOptions.defaults(), List.of())
                        .backend()) {
            List<BenchCase> cases =
                    BenchCase.of(List.of(network), List.of(Workload.values()), BenchScale.USUAL);
            Parameters parameters = cases.getFirst().parameters();
            for (BenchCase c : cases) {
                int steps = c.declared().steps() == 0 ? 0 : STEPS;
                try (MinibatchTimer timer =
                        MinibatchTimer.one(backend, c, parameters, new Size(1, steps))) {
                    assertThat(timer.run()).isPositive();
                    assertThat(timer.gradientNorm())
                            .as(c.workload().label())
                            .isPositive()
                            .isFinite();
                }
            }
        }
    }
}
