package io.dfc.bench.reproduce;

import io.dfc.bench.plot.Axis;
import io.dfc.bench.plot.Curve;
import io.dfc.bench.plot.Look;
import io.dfc.bench.plot.Palette;
import io.dfc.bench.plot.Panel;
import io.dfc.bench.plot.Picture;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/** Fig. 1D: output, target and control of three samples over time. */
final class Fig1d implements Figure {
    private static final int SAMPLES = 3;
    private static final int WIDTH = 430;
    private static final int HEIGHT = 360;

    /** Part of the time at its end in which the control has settled. */
    private static final double END = 0.1;

    /** An output that has come so near, compared with the way it had to go, has reached it. */
    private static final double REACHED = 0.05;

    @Override
    public String name() {
        return "fig1d";
    }

    @Override
    public String title() {
        return "output, target and control of three samples over time";
    }

    @Override
    public Reproduced reproduce(Lab lab) {
        List<Callable<ControlledResponse>> work = new ArrayList<>();
        for (long seed : lab.scale().seedList()) {
            work.add(() -> ControlledResponse.of(lab, seed, SAMPLES));
        }
        List<ControlledResponse> runs = lab.run(work);
        return new Reproduced(name(), table(runs), picture(runs), claims(runs));
    }

    private static CsvTable table(List<ControlledResponse> runs) {
        CsvTable table =
                new CsvTable(
                        List.of(
                                "seed",
                                "sample",
                                "time",
                                "target_change",
                                "output_change",
                                "control",
                                "mean_relative_error"));
        for (ControlledResponse run : runs) {
            for (int s = 0; s < SAMPLES; s++) {
                for (int k = 0; k < run.time().length; k++) {
                    table.add(
                            run.seed(),
                            s,
                            run.time()[k],
                            run.target()[s],
                            run.output()[s][k],
                            run.control()[s][k],
                            run.error()[k]);
                }
            }
        }
        return table;
    }

    private static Picture picture(List<ControlledResponse> runs) {
        ControlledResponse first = runs.getFirst();
        double[] time = first.time();
        double[] ends = {time[0], time[time.length - 1]};
        List<Curve> outputs = new ArrayList<>();
        List<Curve> controls = new ArrayList<>();
        for (int s = 0; s < SAMPLES; s++) {
            double target = first.target()[s];
            Look aim = Look.line(Palette.COLORS.get(s), Look.Pattern.DASHED);
            Look output = Look.line(Palette.COLORS.get(s), Look.Pattern.SOLID);
            outputs.add(new Curve("sample " + s, output, time, first.output()[s]));
            outputs.add(
                    new Curve("target of sample " + s, aim, ends, new double[] {target, target}));
            controls.add(new Curve("sample " + s, output, time, first.control()[s]));
        }
        Axis t = Axis.between("time  t / τᵤ", 0, Math.ceil(ends[1]));
        return new Picture(
                3,
                WIDTH,
                HEIGHT,
                List.of(
                        new Panel(
                                "A  Output and target",
                                t,
                                Axis.linear("change of the output  r_L(t) − r_L⁻"),
                                outputs),
                        new Panel("B  Control", t, Axis.linear("control signal  u(t)"), controls),
                        new Panel(
                                "C  Control error",
                                t,
                                Axis.logarithmic("‖e(t)‖ / ‖e(0)‖"),
                                List.of(
                                        Spread.curve(
                                                "mean of the minibatch",
                                                Look.line(Palette.BLACK, Look.Pattern.SOLID),
                                                time,
                                                runs.stream()
                                                        .map(ControlledResponse::error)
                                                        .toList())))),
                Notes.seeds(runs.size(), first.seed()));
    }

    private static List<Claim> claims(List<ControlledResponse> runs) {
        double error =
                runs.stream().mapToDouble(r -> r.error()[r.error().length - 1]).max().orElseThrow();
        double drift = runs.stream().mapToDouble(Fig1d::drift).max().orElseThrow();
        return List.of(
                new Claim(
                        "The controller drives the output to its target.",
                        String.format(
                                Locale.ROOT,
                                "%.2g of the control error is left at the end (worst seed)",
                                error),
                        error < REACHED),
                new Claim(
                        "The control signal settles at a constant value.",
                        String.format(
                                Locale.ROOT,
                                "it changes by %.2g of its size in the last tenth (worst sample)",
                                drift),
                        drift < REACHED));
    }

    /** Largest change of a control signal towards the end, compared with its last value. */
    private static double drift(ControlledResponse run) {
        int last = run.time().length - 1;
        int from = (int) Math.round(last * (1 - END));
        double drift = 0;
        for (double[] u : run.control()) {
            drift = Math.max(drift, Math.abs(u[last] - u[from]) / Math.abs(u[last]));
        }
        return drift;
    }
}
