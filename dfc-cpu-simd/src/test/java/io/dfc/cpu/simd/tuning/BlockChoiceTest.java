package io.dfc.cpu.simd.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.api.error.BackendUnavailableException;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Device;
import io.dfc.cpu.simd.backend.SimdBackendProvider;
import io.dfc.cpu.simd.product.BlockShape;
import io.dfc.cpu.simd.product.LaneShape;
import io.dfc.cpu.simd.product.RegisterBlocks;
import io.dfc.cpu.simd.runtime.Workers;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

class BlockChoiceTest {
    private static final RegisterBlocks OTHER =
            new RegisterBlocks(new BlockShape(4, 3), new BlockShape(6, 2), new LaneShape(5, 1, 5));

    @TempDir private Path folder;

    private Optional<BlockFile> file() {
        return Optional.of(new BlockFile(folder.resolve("cache/blocks.properties")));
    }

    private static RegisterBlocks never() {
        throw new AssertionError("blocks are measured");
    }

    @AfterEach
    void forgetNames() {
        Stream.of(NamedBlocks.PRODUCTS, NamedBlocks.SUMS, NamedBlocks.LANE_BLOCK)
                .forEach(System::clearProperty);
        System.setProperty(NamedBlocks.BLOCKS, "standard");
    }

    @Test
    void blocksAreMeasuredOnceOnAMachine() {
        assertThat(BlockChoice.known(file()).origin()).isEqualTo(BlockChoice.Origin.SHIPPED);
        BlockChoice first = BlockChoice.found(file(), () -> OTHER);
        BlockChoice second = BlockChoice.found(file(), BlockChoiceTest::never);
        assertThat(first).isEqualTo(new BlockChoice(OTHER, BlockChoice.Origin.MEASURED));
        assertThat(second).isEqualTo(first);
        assertThat(BlockChoice.known(file())).isEqualTo(first);
        assertThat(first.toString()).contains("4x3 6x2 5x1/5", "measured on this machine");
    }

    @Test
    void otherProcessorsKeepTheirs() {
        BlockFile shared = file().orElseThrow();
        assertThat(shared.write("another", RegisterBlocks::standard)).isPresent();
        BlockChoice.found(file(), () -> OTHER);
        assertThat(shared.read("another")).contains(RegisterBlocks.standard());
        assertThat(shared.read(Hardware.identity())).contains(OTHER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "=", "\\u12", "6x2", "6x2 5x2 6x2/99", "99x9 5x2 6x2/7"})
    void aDamagedFileIsAsGoodAsNone(String value) throws IOException {
        BlockFile damaged = file().orElseThrow();
        Files.createDirectories(damaged.path().getParent());
        Files.writeString(damaged.path(), Hardware.identity().replace(" ", "\\ ") + " = " + value);
        assertThat(BlockChoice.known(file()).origin()).isEqualTo(BlockChoice.Origin.SHIPPED);
        assertThat(BlockChoice.found(file(), () -> OTHER).blocks()).isEqualTo(OTHER);
        assertThat(BlockChoice.known(file()).blocks()).isEqualTo(OTHER);
    }

    @Test
    void nothingIsMeasuredWhereItCannotBeKept() throws IOException {
        // A file where the folder should be: not even an administrator can write there.
        Files.writeString(folder.resolve("cache"), "");
        assertThat(BlockChoice.found(file(), BlockChoiceTest::never))
                .isEqualTo(new BlockChoice(RegisterBlocks.standard(), BlockChoice.Origin.SHIPPED));
        assertThat(BlockChoice.found(Optional.empty(), BlockChoiceTest::never).origin())
                .isEqualTo(BlockChoice.Origin.SHIPPED);
    }

    @Test
    void nothingIsMeasuredWhileAnotherMeasures() throws IOException {
        Path cache = Files.createDirectories(folder.resolve("cache"));
        try (FileChannel channel =
                        FileChannel.open(
                                cache.resolve("cpu-simd.properties.lock"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            assertThat(held.isValid()).isTrue();
            assertThat(BlockChoice.found(file(), BlockChoiceTest::never).origin())
                    .isEqualTo(BlockChoice.Origin.SHIPPED);
        }
        assertThat(BlockChoice.found(file(), () -> OTHER).blocks()).isEqualTo(OTHER);
    }

    @Test
    void namesOverrideWhatWasMeasured() {
        BlockChoice.found(file(), () -> OTHER);
        System.setProperty(NamedBlocks.PRODUCTS, "3x3");
        BlockChoice named = BlockChoice.found(file(), BlockChoiceTest::never);
        assertThat(named.origin()).isEqualTo(BlockChoice.Origin.NAMED);
        assertThat(named.blocks())
                .isEqualTo(new RegisterBlocks(new BlockShape(3, 3), OTHER.sums(), OTHER.lanes()));
    }

    @Test
    void aBackendSaysWhichItUses() {
        System.setProperty(NamedBlocks.LANE_BLOCK, "4x1/9");
        SimdBackendProvider provider = new SimdBackendProvider();
        try (Backend backend = provider.open(new Device("cpu", "any"), BackendOptions.defaults())) {
            assertThat(backend.device().id()).isEqualTo("cpu");
            assertThat(backend.device().description()).contains("4x1/9 (named by properties)");
        }
        assertThat(provider.probe().toString()).contains("4x1/9 (named by properties)");
    }

    @ParameterizedTest
    @CsvSource({
        "dfc.simd.products, 15x2",
        "dfc.simd.products, 6*2",
        "dfc.simd.sums, ''",
        "dfc.simd.lanes, 6x2",
        "dfc.simd.lanes, 6x2/3",
        "dfc.simd.blocks, fastest"
    })
    void aWrongNameIsAnError(String property, String value) {
        System.setProperty(property, value);
        assertThatThrownBy(
                        () ->
                                new SimdBackendProvider()
                                        .open(new Device("cpu", "any"), BackendOptions.defaults()))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageContaining("-D" + property + "=" + value);
    }

    /** Four rounds of five have to be won by a twentieth. */
    @Test
    void theStandardBlockGivesWayOnlyToAClearWinner() {
        assertThat(
                        BlockTrial.best(
                                "standard",
                                List.of(
                                        new BlockTrial.Speedup<>(
                                                "twice", List.of(9.0, 9.0, 9.0, 1.0, 1.04)),
                                        new BlockTrial.Speedup<>(
                                                "hardly", List.of(1.04, 1.04, 1.04, 1.04, 1.04)))))
                .isEqualTo("standard");
        assertThat(
                        BlockTrial.best(
                                "standard",
                                List.of(
                                        new BlockTrial.Speedup<>(
                                                "first", List.of(1.06, 1.06, 1.06, 1.06, 0.5)),
                                        new BlockTrial.Speedup<>(
                                                "second", List.of(1.07, 1.07, 0.2, 1.07, 1.07)))))
                .isEqualTo("second");
    }

    @Test
    void aTrialFindsBlocksOfThisMachine() {
        try (Workers workers = new Workers(1)) {
            RegisterBlocks found = new BlockTrial(workers).run();
            RegisterBlocks standard = RegisterBlocks.standard();
            int registers = RegisterBlocks.REGISTERS;
            List<BlockShape> products = BlockCandidates.products(registers);
            assertThat(found.products())
                    .matches(s -> products.contains(s) || s.equals(standard.products()));
            assertThat(found.sums())
                    .matches(s -> products.contains(s) || s.equals(standard.sums()));
            assertThat(found.lanes())
                    .matches(
                            s ->
                                    BlockCandidates.lanes(registers).contains(s)
                                            || s.equals(standard.lanes()));
        }
    }
}
