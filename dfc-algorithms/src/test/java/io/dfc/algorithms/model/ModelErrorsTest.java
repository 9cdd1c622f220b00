package io.dfc.algorithms.model;

import static io.dfc.api.network.Activations.TANH;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.algorithms.data.DataSet;
import io.dfc.api.error.BackendUnavailableException;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.BadDataException;
import io.dfc.api.error.DfcException;
import io.dfc.api.error.MisuseException;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Layer;
import io.dfc.api.network.Network;
import io.dfc.api.spi.Backends;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Flow;

/** Wrong use of the front door: each is refused in one line that says what would be right. */
class ModelErrorsTest {
    private static final int[] TWO = {0, 1};

    private static void refused(
            Class<? extends DfcException> kind, String words, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isExactlyInstanceOf(kind)
                .hasMessageContaining(words)
                .hasMessageNotContaining("\n");
    }

    @Test
    void rowsAreCheckedBeforeAnythingElse() {
        float[][] ragged = {{1, 2, 3, 4}, {1, 2, 3}};
        float[][] hole = {{1, 2, 3, 4}, {1, Float.NaN, 3, 4}};
        float[][] none = {{1, 2, 3, 4}, null};
        refused(
                BadDataException.class,
                "x: row 1 has 3 numbers, but row 0 has 4",
                () -> Data.of(ragged, TWO));
        refused(
                BadDataException.class,
                "x: row 1, number 1 is NaN, expected a finite number",
                () -> Data.of(hole, TWO));
        refused(BadDataException.class, "x: row 1 is null", () -> Data.of(none, TWO));
        refused(
                BadDataException.class,
                "x: has no rows",
                () -> Data.of(new float[0][], new int[0]));
        refused(
                BadDataException.class,
                "x: has rows without numbers",
                () -> Data.of(new float[2][0], TWO));
        refused(
                BadDataException.class,
                "classes: has 2 entries, but x has 3 rows",
                () -> Data.of(Blobs.x(3, 1), TWO));
        refused(
                BadDataException.class,
                "classes: row 1 is -1",
                () -> Data.of(Blobs.x(2, 1), new int[] {0, -1}));
        refused(
                BadDataException.class,
                "y: row 1 has 1 numbers, but row 0 has 2",
                () -> Data.of(Blobs.x(2, 1), new float[][] {{1, 2}, {3}}));
        refused(
                BadDataException.class,
                "classNames: there are 2 names, expected one for each of the 3 classes",
                () -> Data.of(Blobs.x(3, 1), Blobs.classes(3)).classNames("a", "b"));
        refused(
                BadDataException.class,
                "columns: there are 2 names, expected 4",
                () -> Data.of(Blobs.x(3, 1), Blobs.classes(3)).columns("a", "b"));
        refused(
                BadDataException.class,
                "columns: are [a, b, c, a], expected each name once",
                () -> Data.of(Blobs.x(3, 1), Blobs.classes(3)).columns("a", "b", "c", "a"));
    }

    @Test
    void samplesHaveToFitTheNetwork() {
        try (Model model = Blobs.model(Methods.named("bp"))) {
            Fit once = Fit.epochs(1);
            refused(
                    BadDataException.class,
                    "x: has rows of 2 numbers, but the network has 4 inputs",
                    () -> model.fit(Data.of(new float[][] {{1, 2}, {3, 4}}, TWO), once));
            refused(
                    BadDataException.class,
                    "classes: row 1 is class 7, expected 0 to 2",
                    () -> model.fit(Data.of(Blobs.x(2, 1), new int[] {0, 7}), once));
            refused(
                    BadDataException.class,
                    "y: has rows of 2 numbers, but the network has 3 outputs",
                    () -> model.fit(Data.of(Blobs.x(1, 1), new float[][] {{1, 2}}), once));
            DataSet five =
                    DataSet.classification("five", new double[20], 4, new int[] {0, 1, 2, 3, 4}, 5);
            refused(
                    BadDataException.class,
                    "classes: are 5, but the network has 3 outputs",
                    () -> model.fit(Data.of(five), once));
            refused(
                    MisuseException.class,
                    "has learnt nothing yet; call fit or learn first",
                    () -> model.classify(Blobs.x(1, 1)));
            refused(
                    MisuseException.class,
                    "has learnt nothing yet",
                    () -> model.save(Path.of("nowhere")));
        }
    }

    @Test
    void whatComesLaterHasToFitWhatWasLearnt() {
        try (Model model = Blobs.fitted(Methods.named("bp"), 1)) {
            refused(
                    BadDataException.class,
                    "x: has rows of 3 numbers, but the model has 4 inputs",
                    () -> model.predict(new float[][] {{1, 2, 3}}));
            refused(
                    BadDataException.class,
                    "x: row 0, number 2 is Infinity",
                    () -> model.predict(new double[][] {{1, 2, Double.POSITIVE_INFINITY, 4}}));
            refused(
                    BadDataException.class,
                    "row 0, number 0: expected a number like those learnt from",
                    () -> model.predict(new double[][] {{1e300, 2, 3, 4}}));
            refused(
                    BadDataException.class,
                    "classes: row 0 is class 3, expected 0 to 2",
                    () -> model.learn(Blobs.x(1, 1)[0], 3));
            refused(
                    BadDataException.class,
                    "y: holds numbers, but the model has learnt classes",
                    () -> model.learn(Blobs.x(1, 1)[0], new float[] {1, 2, 3}));
            refused(
                    BadDataException.class,
                    "classes: row 0 is 'rose', expected one of",
                    () -> model.learn(Data.of(Blobs.x(1, 1), new String[] {"rose"})));
        }
    }

    @Test
    void aClosedModelSaysSo() {
        Model model = Blobs.fitted(Methods.named("bp"), 1);
        model.close();
        model.close();
        for (ThrowingCallable call :
                List.<ThrowingCallable>of(
                        () -> model.predict(Blobs.x(1, 1)),
                        () -> model.classify(Blobs.x(1, 1)),
                        () -> model.snapshot(),
                        () -> model.learn(Blobs.x(1, 1)[0], 1),
                        () -> model.fit(Data.of(Blobs.x(3, 1), Blobs.classes(3)), Fit.epochs(1)))) {
            refused(MisuseException.class, "the model is closed", call);
        }
    }

    @Test
    void settingsAreCheckedWhenAModelIsCreated() {
        refused(
                BadConfigurationException.class,
                "forward.lerning-rate",
                () -> Blobs.model(Dfc.analytic().with("forward.lerning-rate", 0.1)));
        refused(
                BadConfigurationException.class,
                "there is no method \"dcf\"; there are: bp,",
                () -> Methods.named("dcf"));
        refused(
                BadConfigurationException.class,
                "forward.learning-rate",
                () -> Blobs.model(Dfc.analytic().with("forward.learning-rate", -1)));
        refused(
                BadConfigurationException.class,
                "leaky rectifiers of one model have one slope",
                () ->
                        Model.create(
                                new Network(
                                        2,
                                        List.of(
                                                new Layer(3, new Activation.LeakyRelu(0.1)),
                                                new Layer(2, new Activation.LeakyRelu(0.2))),
                                        true),
                                Methods.named("bp"),
                                Backends.auto(),
                                1));
        refused(
                BackendUnavailableException.class,
                "abacus",
                () ->
                        Model.create(
                                Network.of(TANH, 2, 2),
                                Dfc.analytic(),
                                Backends.named("abacus"),
                                1));
        refused(BadConfigurationException.class, "epochs: must be", () -> Fit.epochs(-1));
        refused(BadConfigurationException.class, "batch: must be", () -> Fit.automatic().batch(0));
        refused(
                BadConfigurationException.class,
                "validation: must lie in [0, 1), got NaN",
                () -> Fit.automatic().validation(Double.NaN));
    }

    @Test
    void aModelOfNumbersHasNoClasses() {
        try (Model model =
                Model.create(
                        Network.of(TANH, 1, 3, 1),
                        Methods.named("bp"),
                        Backends.named("reference"),
                        1)) {
            model.fit(
                    Data.of(new double[][] {{1}, {2}, {3}}, new double[] {1, 4, 9}),
                    Fit.automatic().batch(2).validation(0.3));
            refused(
                    MisuseException.class,
                    "has learnt to predict numbers, not classes",
                    () -> model.classify(new double[][] {{1}}));
            assertThat(model.predict(new double[][] {{2}})[0][0]).isBetween(-5.0, 15.0);
        }
    }

    @Test
    void aListenerMayLookButNotChangeTheModelThatLearns() {
        try (Model model = Blobs.fitted(Methods.named("bp"), 1)) {
            Data data = Data.of(Blobs.x(9, 1), Blobs.classes(9));
            Fit fit =
                    Fit.epochs(1)
                            .onEpoch(
                                    _ -> {
                                        assertThat(model.classify(Blobs.x(2, 1))).hasSize(2);
                                        model.learn(data);
                                    });
            refused(
                    MisuseException.class,
                    "a listener may predict and save",
                    () -> model.fit(data, fit));
            assertThat(model.classify(Blobs.x(2, 1))).hasSize(2);
            assertThat(model.fit(data, Fit.epochs(1)).epochs()).isEqualTo(1);
        }
    }

    @Test
    void aPublisherThatFailsOrHasTooMuchIsSaid() {
        Samples<Sample> endless = Samples.of(Integer.MAX_VALUE, i -> Sample.of(new float[] {i}, 0));
        refused(
                BadDataException.class,
                "has more than the 1000 samples allowed",
                () -> Data.collect(endless, 1000));
        assertThat(endless.mostDemanded()).isLessThanOrEqualTo(256);
        refused(
                BadDataException.class,
                "the publisher failed: java.io.IOException: gone",
                () ->
                        Data.collect(
                                subscriber -> {
                                    subscriber.onSubscribe(
                                            new Flow.Subscription() {
                                                @Override
                                                public void request(long n) {}

                                                @Override
                                                public void cancel() {}
                                            });
                                    subscriber.onError(new java.io.IOException("gone"));
                                },
                                10));
        refused(
                BadDataException.class,
                "samples: has no rows",
                () -> Data.collect(Samples.of(0, _ -> null), 10));
        refused(
                BadDataException.class,
                "sample 1 has numbers to predict, the first a class",
                () ->
                        Data.collect(
                                Samples.of(
                                        2,
                                        i ->
                                                i == 0
                                                        ? Sample.of(new float[] {1}, 1)
                                                        : Sample.of(
                                                                new float[] {1}, new float[] {1})),
                                10));
    }
}
