package io.dfc.cpu.simd.program;

import io.dfc.api.noise.Noise;
import io.dfc.api.noise.Philox;
import io.dfc.api.plan.Operation;
import io.dfc.cpu.simd.kernel.PhiloxNormals;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.model.Batch;
import io.dfc.cpu.simd.model.ParameterForms;
import io.dfc.cpu.simd.product.BlockShape;
import io.dfc.cpu.simd.product.PackedMatrix;
import io.dfc.cpu.simd.runtime.Workers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/** The noise of a program: that of its buffers, and that on parameters, drawn once per run. */
final class ProgramNoise {
    private final Workers workers;
    private final BlockShape products;
    private final Map<Operation.ParameterNoise, Drawn> drawn = new LinkedHashMap<>();
    private final List<Drawn> all = new ArrayList<>();
    private final IntConsumer drawing = this::draw;
    private Noise noise = Noise.none();

    ProgramNoise(Workers workers, BlockShape products) {
        this.workers = workers;
        this.products = products;
    }

    /** Noise of one tensor, in the forms in which operations read it. */
    private static final class Drawn {
        final Operation.ParameterNoise of;

        /** Row-major. */
        final float[] numbers;

        final PhiloxNormals generator = new PhiloxNormals();
        final List<Runnable> forms = new ArrayList<>();

        Drawn(Operation.ParameterNoise of) {
            this.of = of;
            int length = 1;
            for (int d : of.shape()) {
                length = Math.multiplyExact(length, d);
            }
            numbers = new float[length];
        }
    }

    private Drawn drawn(Operation.ParameterNoise of) {
        return drawn.computeIfAbsent(
                of,
                _ -> {
                    Drawn fresh = new Drawn(of);
                    all.add(fresh);
                    return fresh;
                });
    }

    /** The numbers, row-major; new ones after each {@link #begin}. */
    float[] numbers(Operation.ParameterNoise of) {
        return drawn(of).numbers;
    }

    /** The matrix as a right factor, which follows {@link #numbers}. */
    PackedMatrix product(Operation.ParameterNoise of, boolean transposed) {
        Drawn its = drawn(of);
        PackedMatrix packed = ParameterForms.packed(products, of.shape(), transposed);
        its.forms.add(() -> ParameterForms.pack(packed, its.numbers, transposed));
        return packed;
    }

    /** The vector, padded, which follows {@link #numbers}. */
    float[] row(Operation.ParameterNoise of) {
        Drawn its = drawn(of);
        float[] row = new float[Simd.stride(its.numbers.length)];
        its.forms.add(() -> System.arraycopy(its.numbers, 0, row, 0, its.numbers.length));
        return row;
    }

    /** Takes the noise of a run and draws the noise on parameters. */
    void begin(Noise fresh) {
        noise = fresh;
        workers.run(all.size(), drawing);
    }

    private void draw(int number) {
        Drawn its = all.get(number);
        if (noise instanceof Noise.Generated generated) {
            int place = Philox.place(Philox.PHASE_PARAMETERS, its.of.stream(), 0);
            int n = its.numbers.length;
            its.generator.fill(
                    generated.seed(), place, 0, generated.minibatch(), its.numbers, 0, n);
            scale(its.numbers, (float) its.of.sigma(), 0, n);
        } else {
            Arrays.fill(its.numbers, 0f);
        }
        for (int k = 0; k < its.forms.size(); k++) {
            its.forms.get(k).run();
        }
    }

    /** {@code out = sigma xi}, anew in every round. */
    RowOperation fill(Batch batch, BufferRows out, int stream, double sigma) {
        PhiloxNormals[] generators = new PhiloxNormals[batch.capacity / Simd.TILE];
        Arrays.setAll(generators, _ -> new PhiloxNormals());
        float factor = (float) sigma;
        return (task, first, rows, round) -> {
            out.clear(first, rows);
            if (noise instanceof Noise.Generated generated) {
                int end = Math.min(first + rows, batch.samples);
                for (int s = first; s < end; s++) {
                    generators[task].fill(
                            generated.seed(),
                            Philox.place(Philox.PHASE_PROGRAM, stream, s),
                            round,
                            generated.minibatch(),
                            out.data(),
                            s * out.stride(),
                            out.width());
                }
                scale(out.data(), factor, first * out.stride(), end * out.stride());
            }
        };
    }

    private static void scale(float[] x, float factor, int from, int to) {
        for (int k = from; k < to; k++) {
            x[k] *= factor;
        }
    }
}
