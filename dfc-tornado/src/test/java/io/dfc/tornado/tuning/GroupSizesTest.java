package io.dfc.tornado.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.tornado.kernel.TableLayout;
import io.dfc.tornado.runtime.TilesPerGroup;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Which sizes work-groups get from a device's limits and from what tuning has kept. */
class GroupSizesTest {
    private static final String DEVICE = "PTX-Some-GPU";
    private static final long KIB = 1024;

    @TempDir Path folder;

    @Test
    void sizesArePowersOfTwoWithinTheDevicesLimit() {
        assertThat(GroupSizes.allowed(100).stream().map(Object::toString))
                .containsExactly("32 x 4", "32 x 8", "32 x 16", "64 x 4", "64 x 8", "64 x 16");
        assertThat(GroupSizes.allowed(1 << 20).getLast()).isEqualTo(new GroupSizes(256, 4));
    }

    @Test
    void everySampleHasAWorkItemInSmallGroups() {
        assertThat(GroupSizes.allowed(12))
                .containsExactly(new GroupSizes(8, 1), new GroupSizes(8, 2));
        assertThat(GroupSizes.allowed(1)).containsExactly(new GroupSizes(1, 1));
    }

    @ParameterizedTest
    @CsvSource({
        "128, 8, 128, 2",
        "128, , 128, 4",
        ", 8, 64, 2",
        ", , 64, 4",
        "512, 4, 64, 1",
        "33, 5, 64, 4",
        "-1, 0, 64, 4"
    })
    void whatIsTunedIsTakenIfItIsAllowed(Integer items, Integer samples, int chosen, int tiles) {
        TuningFile.Entry tuned =
                new TuningFile.Entry(Optional.ofNullable(items), Optional.ofNullable(samples));
        assertThat(GroupSizes.choose(GroupSizes.allowed(256), 64, tuned))
                .isEqualTo(new GroupSizes(chosen, tiles));
    }

    @Test
    void aGuessStaysWithinTheDevicesLimit() {
        TuningFile.Entry none = new TuningFile.Entry(Optional.empty(), Optional.empty());
        assertThat(GroupSizes.choose(GroupSizes.allowed(64), 256, none))
                .isEqualTo(new GroupSizes(64, 4));
    }

    @Test
    void everyUnitOfAProcessorHasAGroup() {
        TilesPerGroup processor = new TilesPerGroup(4, 40, 512 * KIB, true);
        assertThat(processor.choose(160, 100)).isEqualTo(4);
        assertThat(processor.choose(157, 100)).isEqualTo(4);
        assertThat(processor.choose(156, 100)).isEqualTo(2);
        assertThat(processor.choose(79, 100)).isEqualTo(2);
        assertThat(processor.choose(78, 100)).isEqualTo(1);
        assertThat(processor.choose(1, 100)).isEqualTo(1);
    }

    @Test
    void aQuarterOfTheUnitsOfAGpuHasAGroup() {
        TilesPerGroup gpu = gpu(4, 38, 64);
        assertThat(gpu.choose(40, 100)).isEqualTo(4);
        assertThat(gpu.choose(37, 100)).isEqualTo(4);
        assertThat(gpu.choose(36, 100)).isEqualTo(2);
        assertThat(gpu.choose(19, 100)).isEqualTo(2);
        assertThat(gpu.choose(18, 100)).isEqualTo(1);
        assertThat(gpu.choose(1, 100)).isEqualTo(1);
        assertThat(gpu(2, 38, 64).choose(40, 100)).isEqualTo(2);
        assertThat(gpu(1, 38, 64).choose(40, 100)).isEqualTo(1);
    }

    @Test
    void aGroupHasFewerTilesWhereLocalMemoryIsTooSmall() {
        TilesPerGroup gpu = gpu(4, 1, 48);
        assertThat(gpu.choose(64, 384)).isEqualTo(4);
        assertThat(gpu.choose(64, 385)).isEqualTo(2);
        assertThat(gpu.choose(64, 769)).isEqualTo(1);
        assertThat(gpu.choose(64, 897)).as("nothing is near anyway").isEqualTo(4);
        TilesPerGroup processor = new TilesPerGroup(4, 1, 512 * KIB, true);
        assertThat(processor.choose(64, 2048)).isEqualTo(4);
        assertThat(processor.choose(64, 2049)).isEqualTo(2);
        assertThat(processor.choose(64, 100_000)).isEqualTo(1);
    }

    @Test
    void roomInLocalMemoryIsWhatTheDeviceHas() {
        assertThat(gpu(1, 1, 16).localFloats(1)).isEqualTo(TableLayout.LOCAL_RATES);
        assertThat(gpu(4, 1, 16).localFloats(4)).isEqualTo(TableLayout.LOCAL_RATES);
        assertThat(gpu(4, 1, 48).localFloats(2)).isEqualTo(6144);
        assertThat(gpu(4, 1, 512).localFloats(2)).isEqualTo(2 * TableLayout.LOCAL_RATES);
        // More than 48 KiB would not be compiled for CUDA.
        assertThat(gpu(4, 1, 512).localFloats(4)).isEqualTo(12 * 1024);
        assertThat(new TilesPerGroup(1, 1, 512 * KIB, true).localFloats(1)).isEqualTo(32 * 1024);
        assertThat(new TilesPerGroup(1, 1, 64 * KIB, true).localFloats(1)).isEqualTo(8 * 1024);
    }

    private static TilesPerGroup gpu(int most, int units, long kib) {
        return new TilesPerGroup(most, units, kib * KIB, false);
    }

    @Test
    void tunedSizesAreFoundAgain() throws IOException {
        TuningFile file = new TuningFile(folder.resolve("made").resolve("tornado.properties"));
        assertThat(file.write(DEVICE, new GroupSizes(128, 4))).isEqualTo(file.path().toString());
        file.write("Another", new GroupSizes(32, 1));
        file.write("Another", new GroupSizes(32, 2));

        assertThat(file.read(DEVICE))
                .isEqualTo(new TuningFile.Entry(Optional.of(128), Optional.of(16)));
        assertThat(file.read("Another"))
                .isEqualTo(new TuningFile.Entry(Optional.of(32), Optional.of(8)));
        assertThat(Files.readString(file.path())).contains(DEVICE + "=128", DEVICE + ".samples=16");
    }

    @Test
    void aFileOfAnOlderVersionHasTheWorkItemsAlone() throws IOException {
        TuningFile file = new TuningFile(folder.resolve("tornado.properties"));
        Files.writeString(file.path(), "#Found by ./dfc bench --tune\n" + DEVICE + "=128\n");
        assertThat(file.read(DEVICE))
                .isEqualTo(new TuningFile.Entry(Optional.of(128), Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\u12", DEVICE + "=fast\n" + DEVICE + ".samples=", "\0"})
    void aDamagedFileIsAsGoodAsNone(String text) throws IOException {
        TuningFile file = new TuningFile(folder.resolve("tornado.properties"));
        Files.writeString(file.path(), text);
        assertThat(file.read(DEVICE))
                .isEqualTo(new TuningFile.Entry(Optional.empty(), Optional.empty()));
        file.write(DEVICE, new GroupSizes(64, 2));
        assertThat(file.read(DEVICE).samples()).contains(8);
    }
}
