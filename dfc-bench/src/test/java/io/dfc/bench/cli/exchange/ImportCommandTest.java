package io.dfc.bench.cli.exchange;

import static io.dfc.bench.cli.CommandRun.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.algorithms.formats.ArrayFiles;
import io.dfc.algorithms.formats.NamedArrays;
import io.dfc.algorithms.formats.Npy;
import io.dfc.algorithms.formats.Npz;
import io.dfc.algorithms.store.AtomicFiles;
import io.dfc.algorithms.store.Checkpoint;
import io.dfc.api.network.Parameters;
import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Tensor;
import io.dfc.bench.cli.CommandRun;
import io.dfc.bench.cli.IrisRun;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

class ImportCommandTest {
    @TempDir private static Path shared;
    private static IrisRun iris;
    private static Path weights;

    @TempDir private Path folder;

    @BeforeAll
    static void train() {
        iris = IrisRun.train(shared, 3);
        weights = shared.resolve("net.npz");
        done(CommandRun.of("export", iris.folder().toString(), "--npz", weights.toString()));
    }

    private static CommandRun done(CommandRun run) {
        assertThat(run.code()).as(run.err()).isZero();
        return run;
    }

    private CommandRun into(Path out, Object... options) {
        List<String> arguments = new ArrayList<>(List.of("import"));
        for (Object option : options) {
            arguments.add(option.toString());
        }
        arguments.addAll(
                List.of(
                        "--data",
                        "csv:" + iris.table(),
                        "--target",
                        "species",
                        "--out",
                        out.toString()));
        return CommandRun.of(arguments);
    }

    private Path file(Map<String, Tensor> tensors) {
        Path file = folder.resolve("foreign.npz");
        AtomicFiles.write(file, out -> Npz.write(out, new NamedArrays(tensors, Map.of())));
        return file;
    }

    private static Map<String, Tensor> tensors() {
        return new LinkedHashMap<>(ArrayFiles.read(weights).tensors());
    }

    private static Parameters best(Path run) {
        return Checkpoint.read(run.resolve("checkpoint.safetensors")).best();
    }

    @Test
    void whatWasExportedEvaluatesAndPredictsAsBefore() {
        Path run = folder.resolve("back");
        CommandRun imported = done(into(run, weights));

        assertThat(imported.out())
                .contains("method      bp", "names       ours", "epoch 0, read back and equal");
        for (String[] command :
                new String[][] {{"eval", "--json"}, {"predict", iris.table().toString()}}) {
            String before =
                    done(CommandRun.of(command[0], iris.folder().toString(), command[1])).out();
            String now = done(CommandRun.of(command[0], run.toString(), command[1])).out();
            assertThat(now.replaceAll("\"epoch\":\\d+", ""))
                    .isEqualTo(before.replaceAll("\"epoch\":\\d+", ""));
        }
        done(
                CommandRun.of(
                        "export", run.toString(), "--onnx", folder.resolve("a.onnx").toString()));
    }

    @Test
    void trainingGoesOnFromTheWeightsThatWereRead() {
        Path run = folder.resolve("on");
        done(into(run, weights, "--set", "epochs=2", "--set", "forward.learning-rate=0"));
        CommandRun trained = done(CommandRun.of("train", "--resume", run.toString()));
        assertThat(trained.out()).contains("epochs      2");
        // At a rate of 0 nothing may have been drawn anew.
        best(run)
                .weights()
                .forEach(
                        w ->
                                assertThat(w.toFloats())
                                        .isIn(
                                                tensors().get("W[0]").toFloats(),
                                                tensors().get("W[1]").toFloats()));
    }

    @Test
    void namesAreFoundMappedAndTurned() {
        Map<String, Tensor> theirs = new LinkedHashMap<>();
        for (int i = 0; i < 2; i++) {
            theirs.put("enc" + (i + 1) + ".kernel", turned(tensors().get("W[" + i + "]")));
            theirs.put("enc" + (i + 1) + ".bias", tensors().get("b[" + i + "]"));
        }
        theirs.put("steps", Tensor.wrap(new float[] {3}));
        Path file = file(theirs);
        Path run = folder.resolve("mapped");
        assertRefused(
                into(run, file), 1, "has no array W[0] for W[0]; it has enc1.kernel, enc1.bias");
        String[] maps = {"--map", "W=enc{i+1}.kernel", "--map", "b=enc{i+1}.bias"};
        assertRefused(
                into(run, file, maps[0], maps[1], maps[2], maps[3]),
                1,
                "(transposed?)",
                "--transpose W turns them");
        CommandRun imported =
                done(into(run, file, maps[0], maps[1], maps[2], maps[3], "--transpose", "W"));
        assertThat(imported.err()).contains("not used: steps");
        assertThat(best(run).weights().getFirst().toFloats())
                .isEqualTo(tensors().get("W[0]").toFloats());
    }

    private static Tensor turned(Tensor w) {
        Tensor out = Tensor.zeros(w.type(), w.dim(1), w.dim(0));
        for (int i = 0; i < w.dim(0); i++) {
            for (int j = 0; j < w.dim(1); j++) {
                out.set(j * w.dim(0) + i, w.get(i * w.dim(1) + j));
            }
        }
        return out;
    }

    @Test
    void theNamesOfTheAuthorsAreFound() {
        for (String scheme :
                new String[] {"dfc", "dfc-bp", "strong", "strong-checkpoint", "sequential"}) {
            Path file = folder.resolve(scheme + ".safetensors");
            done(
                    CommandRun.of(
                            "export",
                            iris.folder().toString(),
                            "--safetensors",
                            file.toString(),
                            "--names",
                            scheme));
            Path run = folder.resolve(scheme);
            assertThat(done(into(run, file)).out()).containsPattern("names +" + scheme + "\n");
            assertThat(best(run).biases().getLast().toFloats())
                    .isEqualTo(tensors().get("b[1]").toFloats());
        }
    }

    @Test
    void singleArraysOfNumpyAreNamedByTheirFiles() throws IOException {
        List<Object> files = new ArrayList<>();
        for (Map.Entry<String, Tensor> array : tensors().entrySet()) {
            Path file = folder.resolve(array.getKey() + ".npy");
            AtomicFiles.write(file, out -> Npy.write(out, array.getValue()));
            files.add(file);
        }
        Path run = folder.resolve("single");
        done(into(run, files.toArray()));
        assertThat(best(run).weights().getFirst().toFloats())
                .isEqualTo(tensors().get("W[0]").toFloats());
        files.add(weights);
        assertRefused(
                into(folder.resolve("twice"), files.toArray()), 1, "which another file has, too");
    }

    @Test
    void feedbackWeightsThatAreNotThereAreProductsOfThoseThatWereRead() {
        Path run = folder.resolve("q");
        assertRefused(
                into(run, weights, "--method", "dfc"),
                1,
                "has no array Q[0] for Q[0]",
                "or begin with those of a new run with --draw Q");
        CommandRun imported =
                done(
                        into(
                                run,
                                weights,
                                "--method",
                                "dfc",
                                "--draw",
                                "Q",
                                "--set",
                                "feedback.initialization=weight-product",
                                "--set",
                                "diagnostics.stability=warn"));
        assertThat(imported.out()).contains("drawn       Q");
        Tensor w = best(run).weights().getLast();
        Tensor q = best(run).feedback().getFirst();
        for (int i = 0; i < q.dim(0); i++) {
            for (int j = 0; j < q.dim(1); j++) {
                assertThat(q.get(i * q.dim(1) + j)).isEqualTo(w.get(j * w.dim(1) + i));
            }
        }
        done(CommandRun.of("eval", run.toString()));
        done(CommandRun.of("diagnose", run.toString(), "--measures", "norms"));
    }

    @Test
    void whatDoesNotFitIsRefusedAndLeavesNoRun() {
        Path run = folder.resolve("none");
        Map<String, Tensor> noBias = tensors();
        noBias.remove("b[1]");
        assertRefused(into(run, file(noBias)), 1, "has no array b[1] for b[1]");
        Map<String, Tensor> cube = tensors();
        cube.put("W[0]", Tensor.zeros(ElementType.F32, 2, 2, 2));
        assertRefused(into(run, file(cube)), 1, "array W[0] is no matrix", "it has 3 dimensions");
        Map<String, Tensor> bad = tensors();
        bad.put("b[0]", Tensor.zeros(ElementType.F32, 1));
        assertRefused(into(run, file(bad)), 1, "array b[0] is no b[0]: expected shape [");
        Map<String, Tensor> infinite = tensors();
        infinite.get("W[1]").set(0, Double.NaN);
        assertRefused(into(run, file(infinite)), 1, "expected finite numbers, got NaN");
        assertRefused(into(run, file(Map.of())), 1, "it has none at all");
        assertRefused(into(run, weights, "--draw", "W"), 2, "W is what the file is read for");
        assertRefused(
                into(run, weights, "--transpose", "V"),
                2,
                "the method has no group V; it has W, b");
        assertRefused(into(run, folder.resolve("no.npz")), 1, "cannot read", "no such file");
        assertThat(run).doesNotExist();
    }

    @Test
    void aRunThatIsThereIsNotReplaced() {
        assertRefused(into(iris.folder(), weights), 2, "already holds a run");
    }

    @Test
    @Tag("slow")
    void aConfigurationByNameIsTaken() {
        Path glyphs = folder.resolve("glyphs");
        done(CommandRun.train(glyphs, "--epochs", "1", "--limit", "100"));
        Path file = folder.resolve("glyphs.safetensors");
        done(
                CommandRun.of(
                        "export",
                        glyphs.toString(),
                        "--safetensors",
                        file.toString(),
                        "--names",
                        "dfc"));
        Path run = folder.resolve("run");
        done(
                CommandRun.of(
                        "import",
                        file.toString(),
                        "--config",
                        "glyphs/dfc",
                        "--out",
                        run.toString()));
        assertThat(best(run).groups().keySet()).containsExactly("Q", "W", "b");
        assertThat(Files.exists(run.resolve("data.json"))).isTrue();
        String before = done(CommandRun.of("eval", glyphs.toString(), "--json")).out();
        String now = done(CommandRun.of("eval", run.toString(), "--json")).out();
        assertThat(now.replaceAll(".*test_error", ""))
                .isEqualTo(before.replaceAll(".*test_error", ""));
    }
}
