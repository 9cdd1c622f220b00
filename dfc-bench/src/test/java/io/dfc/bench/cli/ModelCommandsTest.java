package io.dfc.bench.cli;

import static io.dfc.api.network.Activations.TANH;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.model.Data;
import io.dfc.algorithms.model.Fit;
import io.dfc.algorithms.model.Methods;
import io.dfc.algorithms.model.Model;
import io.dfc.algorithms.run.StoredRun;
import io.dfc.algorithms.store.RunFolder;
import io.dfc.api.network.Network;
import io.dfc.api.spi.Backends;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code predict} and {@code eval} of a model file, where neither run nor training data are left.
 */
class ModelCommandsTest {
    @TempDir private static Path folder;

    private static final Path MODEL = Path.of("iris.dfc");
    private static String predicted;
    private static String table;
    private static Path model;

    @BeforeAll
    static void train() throws Exception {
        IrisRun run = IrisRun.train(Files.createDirectory(folder.resolve("there")), 20);
        RunFolder stored = new RunFolder(run.folder());
        model = folder.resolve(MODEL);
        new StoredRun(RunConfigurations.load(stored.configuration().toString(), List.of()), stored)
                .model()
                .write(model);
        predicted = CommandRun.of("predict", "" + run.folder(), "" + run.table()).out();
        table = Files.readString(run.table());
        try (var files = Files.walk(folder.resolve("there"))) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static Path rows() throws Exception {
        return Files.writeString(folder.resolve("rows.csv"), table);
    }

    @Test
    void aModelPredictsAsItsRunDid() throws Exception {
        CommandRun run = CommandRun.of("predict", "" + model, "" + rows());

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).isEqualTo(predicted).startsWith("prediction,score setosa,");
    }

    @Test
    void aModelIsEvaluatedOnDataThatAreNamed() throws Exception {
        CommandRun run =
                CommandRun.of(
                        "eval", "" + model, "--data", "csv:" + rows(), "--backend", "reference");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("model ", "bp on csv:", "error").contains("reference");
        CommandRun json = CommandRun.of("eval", "" + model, "--data", "csv:" + rows(), "--json");
        assertThat(json.out()).contains("\"test_error\":0.0");
    }

    @Test
    void withoutDataItIsSaidWhatIsMissing() throws Exception {
        CommandRun.assertRefused(
                CommandRun.of("eval", "" + model),
                2,
                "--data: a model has no test samples of its own; name some");
        CommandRun.assertRefused(
                CommandRun.of("eval", "" + model, "--data", "glyphs"), 2, "expected csv:FILE");
        Path other = Files.writeString(folder.resolve("other.csv"), "a,b\n1,2\n");
        CommandRun.assertRefused(
                CommandRun.of("predict", "" + model, "" + other), 1, "lacks the columns");
        CommandRun.assertRefused(
                CommandRun.of("predict", "" + other, "" + rows()), 1, "not a safetensors file?");
    }

    @Test
    void aModelOfAnApplicationPredictsTables() throws Exception {
        Path numbers = folder.resolve("numbers.dfc");
        double[][] x = new double[40][2];
        double[][] y = new double[40][2];
        for (int i = 0; i < x.length; i++) {
            x[i] = new double[] {i, 1000 - 7 * i % 40};
            y[i] = new double[] {5 * i, -i};
        }
        try (Model made =
                Model.create(
                        Network.of(TANH, 2, 8, 2),
                        Methods.named("bp"),
                        Backends.named("reference"),
                        3)) {
            made.fit(
                    Data.of(x, y).columns("width", "height").targets("area", "loss"),
                    Fit.epochs(40).batch(8));
            made.save(numbers);
        }
        Path in =
                Files.writeString(
                        folder.resolve("in.csv"), "height,note,width\n990,x,20\n980,y,5\n");

        CommandRun run = CommandRun.of("predict", "" + numbers, "" + in);

        assertThat(run.code()).as(run.err()).isZero();
        List<String> lines = run.out().lines().toList();
        assertThat(lines.getFirst()).isEqualTo("prediction area,prediction loss");
        assertThat(lines).hasSize(3);
        double area = Double.parseDouble(lines.get(1).split(",", -1)[0]);
        assertThat(area).isBetween(60.0, 140.0);
        CommandRun.assertRefused(
                CommandRun.of("eval", "" + numbers, "--data", "csv:" + in),
                1,
                "the network has 2 outputs");
    }
}
