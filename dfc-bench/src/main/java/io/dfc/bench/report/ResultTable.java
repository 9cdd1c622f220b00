package io.dfc.bench.report;

import io.dfc.algorithms.store.RunFolder;
import io.dfc.algorithms.store.RunSummary;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The result of a run as a table. */
public final class ResultTable {
    private ResultTable() {}

    public static String of(RunSummary s, RunFolder folder, int trainingSamples) {
        Map<String, String> rows = new LinkedHashMap<>();
        rows.put(
                "method", s.method() + (s.solver().equals("none") ? "" : ", solver " + s.solver()));
        rows.put("data", s.data() + ", " + trainingSamples + " training samples");
        rows.put("backend", s.backend() + ", " + s.device());
        rows.put("parameters", Long.toString(s.parameters()));
        rows.put("epochs", s.epochs() + " (" + s.stopped() + "), best: " + s.bestEpoch());
        put(rows, "training", s.trainLoss(), s.trainError());
        put(rows, "validation", s.valLoss(), s.valError());
        put(rows, "test", s.testLoss(), s.testError());
        rows.put("time", time(s));
        rows.put("run folder", folder.path().toString());
        return Table.pairs(rows);
    }

    private static String time(RunSummary s) {
        String total = String.format(Locale.ROOT, "%.1f s", s.secondsTotal());
        return s.samplesPerSecond() == null
                ? total
                : total + String.format(Locale.ROOT, ", %.0f samples/s", s.samplesPerSecond());
    }

    private static void put(
            Map<String, String> rows, String name, @Nullable Double loss, @Nullable Double error) {
        if (loss != null) {
            rows.put(name, ProgressDisplay.measures(loss, error == null ? Double.NaN : error));
        }
    }
}
