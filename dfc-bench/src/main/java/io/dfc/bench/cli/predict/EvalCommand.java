package io.dfc.bench.cli.predict;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.files.ShellWord;
import io.dfc.algorithms.run.DataDirectory;
import io.dfc.algorithms.run.RunAssembler;
import io.dfc.algorithms.run.StoredRun;
import io.dfc.algorithms.train.Evaluation;
import io.dfc.algorithms.train.Evaluator;
import io.dfc.api.error.StorageException;
import io.dfc.api.plan.Plan;
import io.dfc.bench.cli.option.DataDirOption;
import io.dfc.bench.cli.train.SeedFolder;
import io.dfc.bench.report.ProgressDisplay;
import io.dfc.bench.report.SeedsTable;
import io.dfc.bench.report.Table;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code dfc eval}: evaluates the best epoch of a run. */
@Command(
        name = "eval",
        description =
                "Evaluate the best epoch of a run on its test set, or a model on data that are named.",
        mixinStandardHelpOptions = true)
public final class EvalCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(
            paramLabel = "RUN|MODEL",
            description = "Run folder, the folder of several seeds, or a model file.")
    private Path run;

    @Option(
            names = "--data",
            paramLabel = "csv:FILE|idx:DIR",
            description =
                    "Evaluate on all rows of another table, or the test images of another folder, with the run's columns"
                            + " and classes.")
    private Optional<String> data;

    @Mixin private DataDirOption dataDir;

    @Mixin private RunBackend backend;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    /** Loss and error of the best epoch of a run. */
    private record Result(
            RunConfiguration configuration, int epoch, String backend, Evaluation test) {}

    @Override
    public Integer call() {
        if (SeedFolder.isOne(run)) {
            evaluateSeeds(new SeedFolder(run));
        } else {
            print(evaluate(run));
        }
        return ExitCode.OK;
    }

    private Result evaluate(Path runOrModel) {
        List<Setting> overrides = dataDir.settings();
        TrainedNetwork best = backend.open(runOrModel, overrides);
        DataDirectory.requireUse(data.orElse(best.configuration().data()), overrides);
        DataSet samples = data.map(best::others).orElseGet(best::test);
        StoredRun.requireFit(
                samples,
                best.configuration(),
                best.parameters(),
                (Files.isRegularFile(runOrModel) ? "model " : "run ") + runOrModel);
        Plan plan = new RunAssembler(best.configuration(), samples).evaluationPlan();
        return backend.use(
                best,
                plan,
                (chosen, engine) ->
                        new Result(
                                best.configuration(),
                                best.epoch(),
                                chosen.name(),
                                Evaluator.evaluate(engine, samples)));
    }

    /** Evaluates every seed that has a checkpoint, and says which have none. */
    private void evaluateSeeds(SeedFolder folder) {
        List<Long> trained = folder.trained();
        List<Long> missing =
                folder.seeds().stream().filter(seed -> !trained.contains(seed)).toList();
        if (!missing.isEmpty()) {
            PrintWriter err = spec.commandLine().getErr();
            err.println(
                    "without a checkpoint, left out: seeds "
                            + missing
                            + "; train them with ./dfc train --resume "
                            + ShellWord.of(run));
            err.flush();
        }
        if (trained.isEmpty()) {
            throw new StorageException("no run in " + run + " has a checkpoint yet");
        }
        List<Result> results =
                trained.stream().map(seed -> evaluate(folder.run(seed).path())).toList();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            ObjectNode node = JsonMapper.shared().createObjectNode();
            ArrayNode runs = node.putArray("runs");
            results.forEach(r -> runs.add(node(r).put("seed", r.configuration().seed())));
            out.println(node);
        } else {
            Map<String, String> rows = new LinkedHashMap<>();
            rows.put("run", run + " (" + describe(results.getFirst()) + ")");
            rows.put("seeds", SeedsTable.seeds(trained));
            double[] errors = results.stream().mapToDouble(r -> 100 * r.test().error()).toArray();
            if (!Double.isNaN(errors[0])) {
                rows.put("test error", SeedsTable.describe(errors, "%.2f %%"));
            }
            double[] losses = results.stream().mapToDouble(r -> r.test().loss()).toArray();
            rows.put("test loss", SeedsTable.describe(losses, "%.4g"));
            out.print(Table.pairs(rows));
        }
        out.flush();
    }

    private void print(Result result) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(node(result));
        } else {
            Map<String, String> rows = new LinkedHashMap<>();
            rows.put(
                    Files.isRegularFile(run) ? "model" : "run",
                    run + " (" + describe(result) + ")");
            data.ifPresent(d -> rows.put("data", d));
            rows.put("epoch", Integer.toString(result.epoch()));
            rows.put("backend", result.backend());
            rows.put("test", ProgressDisplay.measures(result.test().loss(), result.test().error()));
            out.print(Table.pairs(rows));
        }
        out.flush();
    }

    private static String describe(Result result) {
        return result.configuration().method() + " on " + result.configuration().data();
    }

    private ObjectNode node(Result result) {
        ObjectNode node = JsonMapper.shared().createObjectNode();
        node.put("method", result.configuration().method());
        node.put("data", data.orElse(result.configuration().data()));
        node.put("backend", result.backend());
        node.put("epoch", result.epoch());
        if (Double.isNaN(result.test().error())) {
            node.putNull("test_error");
        } else {
            node.put("test_error", result.test().error());
        }
        node.put("test_loss", result.test().loss());
        return node;
    }
}
