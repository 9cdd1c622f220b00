package io.dfc.cpu.simd.model;

import io.dfc.api.plan.ParameterGroup;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.product.BlockShape;
import io.dfc.cpu.simd.product.PackedMatrix;
import io.dfc.cpu.simd.runtime.Workers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/** Packed forms in which programs read parameters, updated after each step of a group. */
public final class ParameterForms {
    private final BlockShape products;

    /** Tasks that update the forms of a group after its step. */
    private final Map<ParameterGroup, List<Runnable>> packings = new HashMap<>();

    private final Map<String, PackedMatrix> matrices = new HashMap<>();
    private final IntConsumer packing = this::pack;
    private List<Runnable> current = List.of();

    ParameterForms(BlockShape products) {
        this.products = products;
    }

    /**
     * A matrix as a right factor: {@code x} in rows times it is {@code A x}, or {@code A^T x}.
     *
     * @param matrix row-major array of the tensor
     */
    PackedMatrix product(ParameterGroup group, int layer, float[] matrix, boolean transposed) {
        return matrices.computeIfAbsent(
                group.name() + "/" + layer + "/" + transposed,
                _ -> {
                    PackedMatrix packed = packed(products, group.shape(layer), transposed);
                    follow(group, () -> pack(packed, matrix, transposed));
                    return packed;
                });
    }

    /** A vector, padded as rows are. */
    float[] row(ParameterGroup group, float[] vector) {
        float[] row = new float[Simd.stride(vector.length)];
        follow(group, () -> System.arraycopy(vector, 0, row, 0, vector.length));
        return row;
    }

    private void follow(ParameterGroup group, Runnable form) {
        packings.computeIfAbsent(group, _ -> new ArrayList<>()).add(form);
        form.run();
    }

    public static PackedMatrix packed(BlockShape products, int[] shape, boolean transposed) {
        return transposed
                ? new PackedMatrix(products, shape[0], shape[1])
                : new PackedMatrix(products, shape[1], shape[0]);
    }

    public static void pack(PackedMatrix packed, float[] matrix, boolean transposed) {
        if (transposed) {
            packed.pack(matrix);
        } else {
            packed.packTransposed(matrix);
        }
    }

    /** Brings the forms of a group up to date. */
    void changed(ParameterGroup group, Workers workers) {
        List<Runnable> forms = packings.get(group);
        if (forms != null) {
            current = forms;
            workers.run(forms.size(), packing);
        }
    }

    private void pack(int number) {
        current.get(number).run();
    }
}
