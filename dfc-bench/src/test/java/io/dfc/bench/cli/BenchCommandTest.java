package io.dfc.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class BenchCommandTest {
    private static final JsonMapper MAPPER = new JsonMapper();

    @TempDir private Path folder;

    private static CommandRun small(String backend, String workload, String... more) {
        List<String> arguments =
                new java.util.ArrayList<>(
                        List.of(
                                "bench",
                                "--backend",
                                backend,
                                "--network",
                                "small",
                                "--workload",
                                workload));
        arguments.addAll(List.of(more));
        return CommandRun.of(arguments);
    }

    private static void assertRefused(CommandRun run, String... words) {
        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.errorLines()).hasSize(1);
        assertThat(run.errorLines().getFirst()).contains(words);
        assertThat(run.err()).doesNotContain("\tat ", "Exception");
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    /** A file with one row. */
    private static ObjectNode report(String backend, double seconds, int batch) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("version", "1").put("cpu", "a device").put("backend", backend);
        root.put("threads", 2).put("peak_gflops", 100.0);
        root.putArray("workloads")
                .addObject()
                .put("backend", backend)
                .put("network", "mnist")
                .put("workload", "dfc/auto")
                .put("batch", batch)
                .put("steps", 999)
                .put("threads", 2)
                .put("seconds_per_minibatch", seconds)
                .put("gflops", 2 * batch / seconds)
                .put("peak_fraction", 0.25)
                .put("simulated", 0)
                .put("error_estimate", 1e-4);
        return root;
    }

    private CommandRun compare(ObjectNode before, ObjectNode now) throws IOException {
        return CommandRun.of(
                "bench",
                "--compare",
                file("before.json", before.toString()).toString(),
                "--compare",
                file("now.json", now.toString()).toString());
    }

    @ParameterizedTest
    @CsvSource({"reference, bp, 0", "cpu-simd, feedback/euler, 47"})
    void jsonHoldsWhatWasMeasured(String backend, String workload, int steps) {
        CommandRun run = small(backend, workload, "--json", "--threads", "1");

        assertThat(run.code()).as(run.err()).isZero();
        JsonNode root = MAPPER.readTree(run.out());
        assertThat(root.propertyNames())
                .contains("version", "cpu", "backend", "threads", "peak_gflops", "workloads")
                .contains("declined", "skipped");
        assertThat(root.get("threads").asInt()).isEqualTo(1);
        assertThat(root.get("workloads").size()).isEqualTo(1);
        JsonNode row = root.get("workloads").get(0);
        assertThat(row.propertyNames())
                .containsExactly(
                        "backend",
                        "network",
                        "workload",
                        "batch",
                        "steps",
                        "threads",
                        "seconds_per_minibatch",
                        "gflops",
                        "peak_fraction",
                        "simulated",
                        "error_estimate",
                        "runs",
                        "nearby_peak_fraction");
        assertThat(row.get("backend").asString()).isEqualTo(backend);
        assertThat(row.get("network").asString()).isEqualTo("small");
        assertThat(row.get("workload").asString()).isEqualTo(workload);
        assertThat(row.get("steps").asInt()).isEqualTo(steps);
        double gflops = row.get("gflops").asDouble();
        assertThat(gflops).isPositive();
        assertThat(row.get("seconds_per_minibatch").asDouble()).isPositive();
        assertThat(row.get("peak_fraction").asDouble() * root.get("peak_gflops").asDouble())
                .isCloseTo(gflops, org.assertj.core.data.Percentage.withPercentage(1e-6));
        // The highest peak is at least as high as those nearby.
        assertThat(row.get("nearby_peak_fraction").asDouble())
                .isGreaterThanOrEqualTo(row.get("peak_fraction").asDouble());
    }

    @Test
    void aRunIsComparedWithAFileOfAnother() throws IOException {
        Path before = file("before.json", report("earlier", 0.1, 16).toString());
        CommandRun run = small("cpu-simd", "bp", "--compare", before.toString());

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .startsWith("before: backend earlier on ")
                .containsPattern("dfc/auto +\\S+ \\S+ +- +- ")
                .containsPattern("bp +- +\\S+ \\S+ +- ");
    }

    @Test
    void textSaysBackendDeviceThreadsAndPeakFirst() {
        CommandRun run = small("cpu-simd", "bp");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out().lines().findFirst().orElseThrow())
                .matches("backend cpu-simd on .+, \\d+ threads?, peak \\d+\\.\\d GFLOP/s");
        assertThat(run.out())
                .containsPattern("small +batch +steps +time +GFLOP/s +% of peak +% nearby +note")
                .containsPattern("bp +128 +- +\\S+ (us|ms)");
        assertThat(run.err()).startsWith("measuring peak").contains("measuring small bp");
    }

    @Test
    void twoFilesAreComparedWithoutARun() throws IOException {
        CommandRun run = compare(report("slow", 0.8, 128), report("fast", 0.2, 128));

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("before: backend slow on a device, 2 threads, peak 100.0 GFLOP/s")
                .contains("now:    backend fast on a device")
                .containsPattern("dfc/auto +800 ms +200 ms +0\\.250 +");
    }

    @Test
    void differentSizesAreComparedPerOperation() throws IOException {
        CommandRun run = compare(report("slow", 0.1, 16), report("fast", 0.2, 128));

        assertThat(run.out())
                .containsPattern("dfc/auto +100 ms +200 ms +0\\.250 +")
                .contains("16x999, now 128x999: ratio per operation");
    }

    @Test
    void aFileWithoutTheRowIsNoMistake() throws IOException {
        ObjectNode empty = report("fast", 1, 1);
        empty.putArray("workloads");

        assertThat(compare(report("slow", 0.1, 16), empty).out())
                .containsPattern("dfc/auto +100 ms +- +- ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "3",
                "null",
                "{\"workloads\": 1}",
                "{} {}",
                "{\"a\":1,\"a\":2}"
            })
    void aFileThatIsNoMeasurementIsRefused(String content) throws IOException {
        assertRefused(
                CommandRun.of("bench", "--compare", file("hostile.json", content).toString()),
                "--compare",
                "hostile.json");
    }

    @ParameterizedTest
    @CsvSource({
        "batch, 0, whole number",
        "batch, 1.5, whole number",
        "batch, 1e99, whole number",
        "steps, -1, whole number",
        "seconds_per_minibatch, 0, above 0",
        "seconds_per_minibatch, '\"fast\"', finite number",
        "seconds_per_minibatch, 1e999, finite number",
        "gflops, null, expected a value",
        "network, 7, string",
        "workload, '[]', string",
        "simulated, true, whole number"
    })
    void aValueOfTheWrongKindIsNamed(String key, String value, String expected) throws IOException {
        ObjectNode root = report("slow", 1, 1);
        ((ObjectNode) root.get("workloads").get(0)).put(key, "VALUE");
        String content = root.toString().replace("\"VALUE\"", value);

        assertRefused(
                CommandRun.of("bench", "--compare", file("hostile.json", content).toString()),
                "hostile.json",
                "workloads[0]." + key,
                expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"version", "cpu", "backend", "threads", "peak_gflops", "workloads"})
    void aMissingKeyIsNamed(String key) throws IOException {
        ObjectNode root = report("slow", 1, 1);
        root.remove(key);

        assertRefused(
                CommandRun.of(
                        "bench", "--compare", file("hostile.json", root.toString()).toString()),
                "hostile.json",
                key,
                "missing");
    }

    @Test
    void aWorkloadMeasuredTwiceIsRefused() throws IOException {
        ObjectNode root = report("slow", 1, 1);
        root.withArray("workloads").add(root.get("workloads").get(0));

        assertRefused(
                CommandRun.of(
                        "bench", "--compare", file("hostile.json", root.toString()).toString()),
                "workloads[1]",
                "once");
    }

    @Test
    void aFileThatCannotBeReadIsRefused() {
        assertRefused(
                CommandRun.of("bench", "--compare", folder.resolve("none.json").toString()),
                "none.json",
                "no such file");
        assertRefused(
                CommandRun.of("bench", "--compare", folder.toString()), "cannot be read", "folder");
    }

    @Test
    void controlCharactersOfAFileAreNotPrinted() throws IOException {
        CommandRun run = compare(report("evil\u001b[2J\nname", 1, 1), report("fast", 1, 1));

        assertThat(run.out()).doesNotContain("\u001b").contains("backend evil [2J name on");
    }

    @Test
    void threeFilesAndJsonOfAComparisonAreRefused() {
        assertRefused(
                CommandRun.of("bench", "--compare", "a", "--compare", "b", "--compare", "c"),
                "--compare",
                "3");
        assertRefused(CommandRun.of("bench", "--compare", "a", "--json"), "--compare", "--json");
    }

    @Test
    void unknownNamesAreAnsweredWithTheOnesThereAre() {
        assertRefused(
                CommandRun.of("bench", "--workload", "dfc/eular"),
                "--workload",
                "dfc/eular",
                "did you mean \"dfc/euler\"?");
        assertRefused(
                CommandRun.of("bench", "--workload", "everything"),
                "--workload",
                "dfc-ss/steady-state",
                "feedback/auto");
        assertRefused(
                CommandRun.of("bench", "--network", "imagenet"), "--network", "mnist", "large");
        assertRefused(
                CommandRun.of("bench", "--precision", "bfloat"),
                "--precision",
                "did you mean \"bfloat16\"?");
    }

    @Test
    void roundedWeightsAreARowOfTheirOwnOrDeclined() {
        CommandRun rounded = small("reference", "dfc-ssa", "--precision", "bfloat16");
        assertThat(rounded.code()).as(rounded.err()).isZero();
        assertThat(rounded.out()).contains("small, bfloat16");

        CommandRun declined = small("cpu-simd", "dfc-ssa", "--precision", "bfloat16");
        assertThat(declined.out()).contains("it does not round weights to bfloat16");
    }
}
