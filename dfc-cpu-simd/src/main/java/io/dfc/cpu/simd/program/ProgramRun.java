package io.dfc.cpu.simd.program;

import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.Operation;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.spi.ProgramResult;
import io.dfc.cpu.simd.model.Batch;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.runtime.Workers;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A program of an engine, and the results of its last run. */
public final class ProgramRun implements ProgramResult {
    private final ProgramHandle handle;
    private final ProgramNoise noise;
    private final ProgramGradients gradients;
    private final ProgramStage[] stages;
    private final float[][] cleared;

    /** Names of the numbers that it reports. */
    private final List<String> names;

    private final double[] numbers;

    public ProgramRun(Plan plan, ProgramHandle handle, Model model, Batch batch, Workers workers) {
        this.handle = handle;
        LayerProgram program = handle.phase();
        noise = new ProgramNoise(workers, model.blocks.products());
        gradients = new ProgramGradients(program);
        names = program.numbers();
        numbers = new double[names.size()];
        ProgramCompiler compiler =
                new ProgramCompiler(
                        plan, model, batch, workers, program, noise, gradients, numbers);
        stages = compiler.compile(program.operations()).toArray(ProgramStage[]::new);
        cleared = compiler.cleared().toArray(float[][]::new);
    }

    /** Why this backend cannot run a program; empty if it can. */
    public static Optional<String> objection(LayerProgram program) {
        return Operation.all(program.operations())
                .flatMap(o -> Optional.ofNullable(objection(o)).stream())
                .findFirst();
    }

    private static String objection(Operation operation) {
        return switch (operation) {
            case Operation.Solve _ ->
                    "it computes in float32, and the inverse of a matrix of weights takes float64";
            case Operation.OrthogonalityInto _ -> "it has no gradient of orthogonality";
            default -> null;
        };
    }

    public void run(Noise fresh) {
        noise.begin(fresh);
        for (float[] gradient : cleared) {
            Arrays.fill(gradient, 0f);
        }
        for (ProgramStage stage : stages) {
            stage.run(0);
        }
        gradients.clip();
    }

    /** Arrays of a gradient, group after group. */
    public float[][] gradientArrays(GradientHandle gradient) {
        return gradients.arrays(handle.indexOf(gradient));
    }

    @Override
    public double gradientNorm(GradientHandle of, int layer) {
        return gradients.norm(handle.indexOf(of), layer);
    }

    @Override
    public Parameters gradient(GradientHandle of) {
        return gradients.toParameters(handle.indexOf(of));
    }

    @Override
    public double number(String name) {
        int at = names.indexOf(name);
        if (at < 0) {
            throw new IllegalArgumentException(
                    "program \"" + handle + "\" reports no \"" + name + "\", only " + names);
        }
        return numbers[at];
    }
}
