package io.dfc.algorithms.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.api.tensor.Rows;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

/** Reads the real MNIST and Fashion-MNIST where the machine has them beside the repository. */
class PublishedFilesTest {
    private static final Path DATA =
            Path.of(System.getProperty("dfc.root", "."))
                    .toAbsolutePath()
                    .normalize()
                    .resolveSibling("shared/data");

    @Test
    void mnistHasThePublishedSizesAndStatistics() {
        DataSplits data = load("mnist");
        assertSizes(data);
        assertThat(mean(data.train())).isCloseTo(0, within(2e-3));
        assertThat(firstLabels(data.test())).containsExactly(7, 2, 1, 0, 4);
    }

    @Test
    void fashionMnistIsScaledButNotStandardised() {
        DataSplits data = load("fashion-mnist");
        assertSizes(data);
        assertThat(mean(data.train())).isCloseTo(0.2860, within(1e-3));
        assertThat(firstLabels(data.test())).containsExactly(9, 2, 1, 1, 6);
    }

    private static DataSplits load(String name) {
        assumeTrue(
                Files.isDirectory(DATA.resolve(name)),
                "skipped: no files of " + name + " in " + DATA);
        return DataSources.load(name, DataOptions.defaults().withDirectory(DATA));
    }

    private static void assertSizes(DataSplits data) {
        assertThat(data.train().size()).isEqualTo(55_000);
        assertThat(data.validation().size()).isEqualTo(5_000);
        assertThat(data.test().size()).isEqualTo(10_000);
        assertThat(data.train().inputSize()).isEqualTo(784);
    }

    private static double mean(DataSet set) {
        double[] x = new double[set.inputSize()];
        double sum = 0;
        for (int i = 0; i < set.size(); i++) {
            set.copyInputs(new int[] {i}, 0, 1, Rows.of(x, set.inputSize()));
            for (double value : x) {
                sum += value;
            }
        }
        return sum / set.size() / x.length;
    }

    private static int[] firstLabels(DataSet set) {
        return IntStream.range(0, 5).map(set::label).toArray();
    }
}
