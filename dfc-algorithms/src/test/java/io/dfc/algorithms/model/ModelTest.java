package io.dfc.algorithms.model;

import static io.dfc.api.network.Activations.TANH;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.data.Normalization;
import io.dfc.algorithms.store.ModelFile;
import io.dfc.algorithms.train.EpochReport;
import io.dfc.algorithms.train.MinibatchEvent;
import io.dfc.algorithms.train.TrainingListener;
import io.dfc.api.network.Network;
import io.dfc.api.spi.Backends;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Flow;
import java.util.stream.Stream;

class ModelTest {
    @TempDir private Path folder;

    @Test
    void learnsClassesInAnyUnitsAndTellsThemOfRowsInAnyNumber() {
        try (Model model = Blobs.fitted(Dfc.analytic(), 20)) {
            for (int rows : new int[] {0, 1, 2, 255, 257, 600}) {
                float[][] x = Blobs.x(rows, 7);
                int[] found = model.classify(x);
                float[][] scores = model.predict(x);

                assertThat(found).hasSize(rows);
                assertThat(scores).hasDimensions(rows, rows == 0 ? 0 : 3);
                for (int i = 0; i < rows; i++) {
                    assertThat(scores[i][0] + scores[i][1] + scores[i][2])
                            .isCloseTo(1, within(1e-5f));
                    assertThat(scores[i][found[i]])
                            .isGreaterThanOrEqualTo(scores[i][(found[i] + 1) % 3]);
                }
                if (rows > 100) {
                    assertThat(Blobs.share(found, Blobs.classes(rows))).isGreaterThan(0.95);
                }
            }
            assertThat(model.classNames()).containsExactly("0", "1", "2");
        }
    }

    @Test
    void saysWhichBackendItTookAndWhy() {
        try (Model free = Model.create(Blobs.network(), Dfc.analytic(), Backends.auto(), 1);
                Model named = Blobs.model(Dfc.analytic())) {
            assertThat(free.backend())
                    .startsWith("backend ")
                    .contains("the first that runs network and method of: ");
            assertThat(named.backend())
                    .startsWith("backend reference on ")
                    .endsWith("as asked for");
        }
    }

    @Test
    void aSeedFixesTheBitsAndAnotherOneChangesThem() {
        List<float[][]> scores = new ArrayList<>();
        for (long seed : new long[] {1, 1, 2}) {
            try (Model model =
                    Model.create(
                            Blobs.network(), Dfc.trajectory(), Backends.named("reference"), seed)) {
                model.fit(
                        Data.of(Blobs.x(60, 1), Blobs.classes(60)),
                        Fit.epochs(2).batch(16).validation(0.2));
                scores.add(model.predict(Blobs.x(10, 3)));
            }
        }
        assertThat(scores.get(1)).isDeepEqualTo(scores.get(0));
        assertThat(scores.get(2)[0]).isNotEqualTo(scores.get(0)[0]);
    }

    @Test
    void choosesTheBestEpochOnTheShareHeldOutAndTellsOfEachEpoch() {
        List<EpochReport> reports = new ArrayList<>();
        try (Model model = Blobs.model(Methods.named("bp").with("forward.schedule", "constant"))) {
            FitResult result =
                    model.fit(
                            Data.of(Blobs.x(90, 1), Blobs.classes(90)),
                            Fit.epochs(6).batch(30).validation(0.1).onEpoch(reports::add));

            assertThat(reports).hasSize(6);
            assertThat(result.epochs()).isEqualTo(6);
            assertThat(result.interrupted()).isFalse();
            EpochReport best = reports.get(result.bestEpoch() - 1);
            assertThat(best.best()).isTrue();
            assertThat(result.validation()).isEqualTo(best.validation());
            assertThat(result.validation().error()).isLessThanOrEqualTo(0.2);
            assertThat(result.toString()).contains("6 epochs", "validation loss");
        }
    }

    @Test
    void whatIsNotSaidSuitsTheSizeOfTheDataEachTime() {
        try (Model model = Blobs.model(Methods.named("bp"))) {
            model.fit(Data.of(Blobs.x(30, 1), Blobs.classes(30)), Fit.epochs(1).batch(30));
            List<MinibatchEvent> events = new ArrayList<>();
            TrainingListener count =
                    new TrainingListener() {
                        @Override
                        public void minibatchDone(MinibatchEvent event) {
                            events.add(event);
                        }
                    };
            FitResult result =
                    model.fit(
                            Data.of(Blobs.x(60, 1), Blobs.classes(60)),
                            Fit.automatic().listener(count));
            assertThat(result.epochs()).isEqualTo(80);
            assertThat(events).hasSize(80 * 4);
        }
    }

    @Test
    void learnsSeveralNumbersInTheirOwnUnits() {
        SplittableRandom random = new SplittableRandom(5);
        double[][] x = new double[120][2];
        double[][] y = new double[120][];
        for (int i = 0; i < x.length; i++) {
            x[i] = new double[] {random.nextGaussian(), random.nextGaussian()};
            y[i] = new double[] {1e6 + 1000 * x[i][0], 0.01 * (x[i][1] - x[i][0])};
        }
        try (Model model =
                Model.create(
                        Network.of(TANH, 2, 16, 2),
                        Methods.named("bp"),
                        Backends.named("reference"),
                        1)) {
            Data data = Data.of(x, y).columns("a", "b").targets("large", "small");
            model.fit(data, Fit.epochs(60).batch(16));
            double[][] found = model.predict(x);

            double large = 0;
            double small = 0;
            for (int i = 0; i < x.length; i++) {
                large += Math.abs(found[i][0] - y[i][0]) / x.length;
                small += Math.abs(found[i][1] - y[i][1]) / x.length;
            }
            assertThat(large).isLessThan(300);
            assertThat(small).isLessThan(0.004);
            assertThat(model.classNames()).isEmpty();
            Path file = folder.resolve("numbers");
            model.save(file);
            try (Model back = Model.load(file, Backends.named("reference"))) {
                assertThat(back.predict(x)).isDeepEqualTo(found);
            }
        }
    }

    @Test
    void namesOfClassesAndColumnsComeBackFromTheFile() {
        String[] names = new String[60];
        for (int i = 0; i < names.length; i++) {
            names[i] = List.of("setosa", "virginica", "versicolor").get(i % 3);
        }
        Path file = folder.resolve("iris.dfc");
        try (Model model = Blobs.model(Dfc.analytic())) {
            model.fit(
                    Data.of(Blobs.x(60, 1), names)
                            .columns("sl", "sw", "pl", "pw")
                            .targets("species")
                            .named("iris"),
                    Fit.epochs(12).batch(8));
            model.save(file);
            float[][] x = Blobs.x(9, 2);
            float[][] expected = model.predict(x);
            try (Model back = Model.load(file, Backends.named("reference"))) {
                assertThat(back.predict(x)).isDeepEqualTo(expected);
                assertThat(back.classNames()).containsExactly("setosa", "versicolor", "virginica");
                assertThat(back.evaluate(Data.of(Blobs.x(60, 1), names)).error()).isLessThan(0.1);
            }
        }
        ModelFile contents = ModelFile.read(file);
        assertThat(contents.data().source()).isEqualTo("iris");
        assertThat(contents.data().fingerprint()).hasSize(16);
        assertThat(contents.configuration().method()).isEqualTo("dfc-ssa");
        assertThat(contents.configuration().network().hidden()).containsExactly(16);
        assertThat(contents.configuration().seed()).isEqualTo(1);
        assertThat(contents.data().encoding().orElseThrow().toString())
                .contains("species", "sl", "pw");
    }

    @Test
    void equalModelsHaveEqualFilesAndLearnOnAlike() throws Exception {
        try (Model model = Blobs.fitted(Methods.named("bp"), 2)) {
            model.save(folder.resolve("a"));
            try (Model back = Model.load(folder.resolve("a"), Backends.named("reference"))) {
                back.save(folder.resolve("b"));
                assertThat(Files.readAllBytes(folder.resolve("b")))
                        .isEqualTo(Files.readAllBytes(folder.resolve("a")));

                Data more = Data.of(Blobs.x(33, 9), Blobs.classes(33));
                model.fit(more, Fit.epochs(2).batch(10));
                back.fit(more, Fit.epochs(2).batch(10));
                float[][] x = Blobs.x(5, 4);
                assertThat(back.predict(x)).isDeepEqualTo(model.predict(x));
            }
        }
    }

    @Test
    void takesImagesAsBytesAndPublishersOfSamples() {
        byte[] pixels = new byte[60 * 4];
        int[] labels = new int[60];
        for (int i = 0; i < 60; i++) {
            labels[i] = i % 2;
            pixels[4 * i + labels[i]] = (byte) 200;
        }
        DataSet images = DataSet.images("dots", pixels, 4, Normalization.UNIT_RANGE, labels, 2);
        try (Model model =
                Model.create(
                        Network.of(TANH, 4, 8, 2),
                        Methods.named("bp"),
                        Backends.named("reference"),
                        1)) {
            model.fit(Data.of(images), Fit.epochs(40).batch(10));
            assertThat(model.classify(images)).isEqualTo(labels);

            Data collected = Data.collect(dots(600), 1000);
            assertThat(collected.size()).isEqualTo(600);
            assertThat(model.evaluate(collected).error()).isLessThan(0.1);
        }
    }

    private static Flow.Publisher<Sample> dots(int count) {
        return Samples.of(count, i -> Sample.of(new float[] {1 - i % 2, i % 2, 0, 0}, i % 2));
    }

    static Stream<String> methods() {
        return Methods.names().stream();
    }

    /** Square and invertible, which gait-prop and tp need. */
    @ParameterizedTest
    @MethodSource("methods")
    void everyMethodOfTheFamilyLearnsByItsName(String name) {
        Network network = Network.of(new io.dfc.api.network.Activation.LeakyRelu(0.2), 4, 4, 4);
        try (Model model =
                Model.create(network, Methods.named(name), Backends.named("reference"), 1)) {
            FitResult result =
                    model.fit(Data.of(Blobs.x(24, 1), Blobs.classes(24)), Fit.epochs(1).batch(12));
            assertThat(result.epochs()).isEqualTo(1);
            assertThat(model.classify(Blobs.x(4, 2))).hasSize(4);
            model.save(folder.resolve(name));
            assertThat(ModelFile.read(folder.resolve(name)).configuration().method())
                    .isEqualTo(name);
        }
    }
}
