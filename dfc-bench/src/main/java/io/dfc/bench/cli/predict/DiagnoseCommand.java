package io.dfc.bench.cli.predict;

import io.dfc.algorithms.config.DiagnosticsSection;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.data.MinibatchCopy;
import io.dfc.algorithms.diagnostics.run.LoopStability;
import io.dfc.algorithms.diagnostics.run.RunDiagnostics;
import io.dfc.algorithms.measure.Measurements;
import io.dfc.algorithms.run.DataDirectory;
import io.dfc.algorithms.run.RunAssembler;
import io.dfc.algorithms.store.DiagnosticsJson;
import io.dfc.algorithms.store.RunFolder;
import io.dfc.algorithms.train.MinibatchProbe;
import io.dfc.algorithms.train.TrainingSpec;
import io.dfc.api.spi.Engine;
import io.dfc.bench.cli.option.DataDirOption;
import io.dfc.bench.report.DiagnosticsTable;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import tools.jackson.databind.json.JsonMapper;

import java.io.PrintWriter;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code dfc diagnose}: measures the network of a run's best epoch. */
@Command(
        name = "diagnose",
        description =
                "Measure the best network of a run: angles of its update to those of other methods, conditions, stability.",
        mixinStandardHelpOptions = true)
public final class DiagnoseCommand implements Callable<Integer> {
    private static final String OTHER_DATA = "diagnose a run whose data are still there";

    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "RUN", description = "Run folder.")
    private Path run;

    @Option(
            names = "--samples",
            paramLabel = "N",
            description =
                    "Samples of conditions, feedback angles and eigenvalues, the first of the minibatch; the run's own"
                            + " setting unless given.")
    private Optional<BigInteger> samples;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Samples in the minibatch; a small one shows the null space, too.")
    private Optional<BigInteger> batch;

    @Option(
            names = "--damping",
            paramLabel = "G",
            description = "Damping of Gauss-Newton and minimum-norm updates; 0: pseudo-inverse.")
    private Optional<String> damping;

    @Option(
            names = "--measures",
            paramLabel = "M,...",
            description = "Names of measures, as in diagnostics.measures. Default: all.")
    private Optional<String> measures;

    @Mixin private DataDirOption dataDir;

    @Mixin private RunBackend backend;

    @Option(names = "--json", description = "Print the measurements as JSON.")
    private boolean json;

    /** What was measured of a network, and what is to be said of its loops. */
    private record Diagnosis(String backend, List<String> verdicts, Measurements measurements) {}

    @Override
    public Integer call() {
        BestEpoch best = backend.open(new RunFolder(run), overrides());
        DataDirectory.requireUse(best.configuration().data(), overrides());
        DataSet data = best.stored().data(OTHER_DATA).train();
        best.stored().requireFit(data, best.snapshot().best());
        TrainingSpec training = new RunAssembler(best.configuration(), data).assemble();
        Diagnosis found =
                backend.use(
                        best,
                        training.plan(),
                        (chosen, engine) ->
                                new Diagnosis(
                                        chosen.name(),
                                        verdicts(best.configuration().diagnostics(), engine, data),
                                        MinibatchProbe.measure(
                                                training,
                                                engine,
                                                data,
                                                RunDiagnostics.of(
                                                        best.configuration().diagnostics(),
                                                        training.learning()))));
        print(best, found);
        return ExitCode.OK;
    }

    private List<Setting> overrides() {
        List<Setting> list = new ArrayList<>();
        list.add(new Setting("diagnostics.every", "1"));
        list.add(new Setting("diagnostics.damping-search", "true"));
        list.add(new Setting("diagnostics.measures", "[" + measures.orElse("all") + "]"));
        samples.ifPresent(n -> list.add(new Setting("diagnostics.samples", n.toString())));
        batch.ifPresent(n -> list.add(new Setting("batch", n.toString())));
        damping.ifPresent(g -> list.add(new Setting("diagnostics.damping", g)));
        list.addAll(dataDir.settings());
        return list;
    }

    private static List<String> verdicts(DiagnosticsSection settings, Engine engine, DataSet data) {
        return LoopStability.judge(
                        engine.plan(),
                        engine.snapshot().parameters(),
                        MinibatchCopy.first(data, settings.samples()).inputs())
                .stream()
                .map(LoopStability.Judged::inWords)
                .toList();
    }

    private void print(BestEpoch best, Diagnosis found) {
        PrintWriter out = spec.commandLine().getOut();
        int epoch = best.snapshot().progress().bestEpoch();
        if (json) {
            Map<String, Object> node = new LinkedHashMap<>();
            node.put("method", best.configuration().method());
            node.put("data", best.configuration().data());
            node.put("backend", found.backend());
            node.put("epoch", epoch);
            node.put("stability", found.verdicts());
            node.put("diagnostics", DiagnosticsJson.of(found.measurements()));
            node.put("not_measured", found.measurements().notes());
            out.println(JsonMapper.shared().writeValueAsString(node));
        } else {
            out.println(
                    run
                            + " ("
                            + best.configuration().method()
                            + " on "
                            + best.configuration().data()
                            + "), epoch "
                            + epoch
                            + ", one minibatch on "
                            + found.backend()
                            + "; angles in degrees");
            out.print(DiagnosticsTable.of(found.measurements()));
            found.verdicts().forEach(out::println);
            found.measurements().notes().forEach(note -> out.println("not measured: " + note));
        }
        out.flush();
    }
}
