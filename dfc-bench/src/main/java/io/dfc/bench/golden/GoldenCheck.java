package io.dfc.bench.golden;

import io.dfc.api.error.DfcException;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.Support;
import io.dfc.api.tensor.Tensor;
import io.dfc.bench.golden.compare.CheckReport;
import io.dfc.bench.golden.compare.Comparison;
import io.dfc.bench.golden.compare.Expectation;
import io.dfc.bench.golden.compare.FileOutcome;
import io.dfc.bench.golden.compare.Measure;
import io.dfc.bench.golden.compare.Tolerances;
import io.dfc.bench.golden.scenario.Observations;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Runs golden files on a backend and compares every expected quantity. */
public final class GoldenCheck {
    private final Backend backend;
    private final Tolerances tolerances;

    /**
     * A check of one backend.
     *
     * @param backend an open backend; not closed
     * @param tolerances how much error is allowed
     */
    public GoldenCheck(Backend backend, Tolerances tolerances) {
        this.backend = backend;
        this.tolerances = tolerances;
    }

    /**
     * The plans that files ask for.
     *
     * @param files golden files
     * @return the plans of those that are covered
     */
    public static List<Plan> plans(List<GoldenFile> files) {
        List<Plan> plans = new ArrayList<>();
        for (GoldenFile file : files) {
            if (file instanceof GoldenFile.Covered covered) {
                plans.add(covered.scenario().plan());
            }
        }
        return plans;
    }

    /**
     * Runs and compares.
     *
     * @param files golden files
     * @return what became of each
     */
    public CheckReport run(List<GoldenFile> files) {
        return new CheckReport(
                backend.name(),
                backend.device(),
                backend.computeType(),
                files.stream().map(this::outcome).toList());
    }

    private FileOutcome outcome(GoldenFile file) {
        return switch (file) {
            case GoldenFile.Unreadable(String name, String message) ->
                    new FileOutcome.Unreadable(name, message);
            case GoldenFile.Covered covered -> check(covered);
        };
    }

    private FileOutcome check(GoldenFile.Covered golden) {
        Plan plan = golden.scenario().plan();
        if (backend.supports(plan) instanceof Support.Declined(String reason)) {
            return new FileOutcome.Declined(golden.file(), reason);
        }
        Observations observed = new Observations(golden.expectations());
        try (Engine engine = backend.compile(plan)) {
            golden.scenario().run(engine, observed);
        } catch (DfcException e) {
            return new FileOutcome.Failed(golden.file(), e.getMessage());
        }
        return compare(golden, observed);
    }

    private FileOutcome compare(GoldenFile.Covered golden, Observations observed) {
        Optional<String> mismatch = mismatch(golden, observed);
        if (mismatch.isPresent()) {
            return new FileOutcome.Unreadable(
                    golden.file(), golden.file() + ": expected." + mismatch.get());
        }
        return new FileOutcome.Checked(
                golden.file(),
                golden.kind(),
                golden.expectations().stream()
                        .map(e -> compare(e, observed.at(e.path()).orElseThrow()))
                        .toList());
    }

    private Comparison compare(Expectation expectation, Tensor actual) {
        Measure measure = expectation.measure();
        return new Comparison(
                expectation.path(),
                measure,
                measure.error(expectation.values(), actual),
                tolerances.of(measure, backend.computeType(), expectation.float32Error()));
    }

    /**
     * The first place at which what the file expects and what its scenario computes do not pair up.
     */
    private static Optional<String> mismatch(GoldenFile.Covered golden, Observations observed) {
        for (Expectation expectation : golden.expectations()) {
            Optional<Tensor> actual = observed.at(expectation.path());
            if (actual.isEmpty()) {
                return Optional.of(
                        expectation.path()
                                + ": a file of kind "
                                + golden.kind().label()
                                + " with these settings computes no such quantity");
            }
            String computed = Arrays.toString(actual.get().shape());
            String given = Arrays.toString(expectation.values().shape());
            if (!computed.equals(given)) {
                return Optional.of(
                        expectation.path() + ": expected shape " + computed + ", got " + given);
            }
        }
        return observed.missingIn(golden.expectations())
                .map(path -> path + ": expected a tensor, for its neighbours are there, got none");
    }
}
