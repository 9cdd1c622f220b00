package io.dfc.cpu.simd.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.network.Parameters;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.support.UseGuard;
import io.dfc.api.tensor.ElementType;
import io.dfc.cpu.simd.product.BlockShape;
import io.dfc.cpu.simd.product.LaneShape;
import io.dfc.cpu.simd.product.RegisterBlocks;
import io.dfc.cpu.simd.runtime.Workers;
import io.dfc.cpu.simd.tuning.BlockCandidates;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Blocks are a matter of speed alone. */
class RegisterBlocksTest {
    private static final int THREADS = 2;

    private static final List<RegisterBlocks> OTHERS =
            List.of(
                    new RegisterBlocks(
                            new BlockShape(4, 3), new BlockShape(6, 2), new LaneShape(5, 2, 5)),
                    new RegisterBlocks(
                            new BlockShape(14, 2), new BlockShape(3, 4), new LaneShape(14, 1, 16)),
                    new RegisterBlocks(
                            new BlockShape(1, 1), new BlockShape(1, 1), new LaneShape(1, 1, 1)));

    private static Stream<AllocationCases.Case> cases() {
        return AllocationCases.all().stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void noBitDependsOnThem(AllocationCases.Case phase) {
        List<Object> expected = outcome(phase, RegisterBlocks.standard());
        for (RegisterBlocks blocks : OTHERS) {
            assertThat(outcome(phase, blocks)).as("%s", blocks).isEqualTo(expected);
        }
    }

    /** What a phase says, and the parameters afterwards. */
    private static List<Object> outcome(AllocationCases.Case phase, RegisterBlocks blocks) {
        Plan plan = phase.plan();
        List<Object> outcome = new ArrayList<>();
        try (Workers workers = new Workers(THREADS);
                Engine engine =
                        new UseGuard("cpu-simd")
                                .engine(
                                        plan,
                                        ElementType.F32,
                                        new SimdEngine(plan, workers, blocks))) {
            engine.load(new EngineState(ProgramAllocationCases.parameters(plan)));
            engine.forward(phase.minibatch());
            outcome.add(phase.call().applyAsDouble(engine));
            Parameters after = engine.snapshot().parameters();
            after.groups().values().forEach(outcome::addAll);
        }
        return outcome;
    }

    @Test
    void textIsReadBack() {
        for (RegisterBlocks blocks : OTHERS) {
            assertThat(RegisterBlocks.parse(blocks.toString())).contains(blocks);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "6x2", "6x2 5x2", "6x2 5x2 6x2", "15x2 5x2 6x2/7", "6x2 5x2 6x2/5 1x1"})
    void otherTextNamesNone(String text) {
        assertThat(RegisterBlocks.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 32})
    void candidatesFitTheRegistersAndKeepThemBusy(int registers) {
        assertThat(BlockCandidates.products(registers))
                .isNotEmpty()
                .doesNotHaveDuplicates()
                .allSatisfy(
                        s -> {
                            assertThat(s.rows() * s.vectors() + s.vectors() + 1)
                                    .isLessThanOrEqualTo(registers);
                            assertThat(s.rows() * s.vectors()).isGreaterThanOrEqualTo(10);
                        });
        assertThat(BlockCandidates.lanes(registers))
                .isNotEmpty()
                .doesNotHaveDuplicates()
                .allSatisfy(
                        s ->
                                assertThat(s.rows() * s.vectors() + s.vectors() + 1)
                                        .isLessThanOrEqualTo(registers));
    }
}
