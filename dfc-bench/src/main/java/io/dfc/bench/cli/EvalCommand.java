package io.dfc.bench.cli;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.run.RunAssembler;
import io.dfc.algorithms.run.StoredRun;
import io.dfc.algorithms.store.Checkpoint;
import io.dfc.algorithms.store.RunFolder;
import io.dfc.algorithms.train.Evaluation;
import io.dfc.algorithms.train.Evaluator;
import io.dfc.algorithms.train.TrainingSnapshot;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.Plan;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code dfc eval}: evaluates the best epoch of a run. */
@Command(
        name = "eval",
        description = "Evaluate the best epoch of a run on its test set.",
        mixinStandardHelpOptions = true)
final class EvalCommand implements Callable<Integer> {
    private static final String OTHER_DATA =
            "evaluate all samples of another table or folder with --data";

    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "RUN", description = "Run folder.")
    private Path run;

    @Option(
            names = "--data",
            paramLabel = "csv:FILE|idx:DIR",
            description =
                    "Evaluate on all rows of another table, or the test images of another folder, with the run's columns"
                            + " and classes.")
    private Optional<String> data;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Folder with the data files, if not the run's own.")
    private Optional<Path> dataDir;

    @Option(
            names = "--backend",
            paramLabel = "NAME[:DEVICE]",
            description = "Backend, if not the run's own.")
    private Optional<String> backend;

    @Option(names = "--threads", paramLabel = "N", description = "Number of threads.")
    private Optional<Integer> threads;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        RunFolder folder = new RunFolder(run).requireRun();
        List<Setting> overrides = new ArrayList<>();
        dataDir.ifPresent(
                d ->
                        overrides.add(
                                Setting.text(
                                        "data-dir", d.toAbsolutePath().normalize().toString())));
        threads.ifPresent(n -> overrides.add(new Setting("threads", n.toString())));
        RunConfiguration configuration =
                RunConfigurations.load(folder.configuration().toString(), overrides);
        TrainingSnapshot snapshot = Checkpoint.read(folder.checkpoint());
        StoredRun stored = new StoredRun(configuration, folder);
        DataSet samples = data.map(stored::others).orElseGet(() -> stored.data(OTHER_DATA).test());
        stored.requireFit(samples, snapshot.best());
        Plan plan = new RunAssembler(configuration, samples).evaluationPlan();
        Backends.Selection selection =
                Backends.discover()
                        .select(
                                backend.orElse(configuration.backend()),
                                new BackendOptions(configuration.threads()),
                                List.of(plan));
        try (Backend chosen = selection.backend();
                Engine engine = chosen.compile(plan)) {
            engine.load(new EngineState(snapshot.best()));
            Evaluation test = Evaluator.evaluate(engine, samples);
            print(configuration, snapshot.progress().bestEpoch(), chosen, test);
        }
        return ExitCode.OK;
    }

    private void print(RunConfiguration configuration, int epoch, Backend chosen, Evaluation test) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            ObjectNode node = JsonMapper.shared().createObjectNode();
            node.put("method", configuration.method().label());
            node.put("data", data.orElse(configuration.data()));
            node.put("backend", chosen.name());
            node.put("epoch", epoch);
            if (Double.isNaN(test.error())) {
                node.putNull("test_error");
            } else {
                node.put("test_error", test.error());
            }
            node.put("test_loss", test.loss());
            out.println(node);
        } else {
            Map<String, String> rows = new LinkedHashMap<>();
            rows.put(
                    "run",
                    run + " (" + configuration.method() + " on " + configuration.data() + ")");
            data.ifPresent(d -> rows.put("data", d));
            rows.put("epoch", Integer.toString(epoch));
            rows.put("backend", chosen.name());
            rows.put("test", ProgressDisplay.measures(test.loss(), test.error()));
            out.print(Table.pairs(rows));
        }
        out.flush();
    }
}
