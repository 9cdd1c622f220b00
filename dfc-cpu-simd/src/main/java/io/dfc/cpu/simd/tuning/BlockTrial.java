package io.dfc.cpu.simd.tuning;

import static io.dfc.cpu.simd.kernel.Simd.LANES;

import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.product.BlockShape;
import io.dfc.cpu.simd.product.Gemm;
import io.dfc.cpu.simd.product.LaneBlock;
import io.dfc.cpu.simd.product.LaneShape;
import io.dfc.cpu.simd.product.LaneWeights;
import io.dfc.cpu.simd.product.OuterKernel;
import io.dfc.cpu.simd.product.PackedMatrix;
import io.dfc.cpu.simd.product.ProductBlock;
import io.dfc.cpu.simd.product.RegisterBlocks;
import io.dfc.cpu.simd.runtime.Workers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Tries register blocks on this machine, all threads at once, on products of the published size.
 * The standard block gives way only to one that is clearly faster in nearly all rounds, since
 * another process can make any block slow for a while.
 */
final class BlockTrial {
    private static final int ROUNDS = 5;
    private static final int ROUNDS_FASTER = 4;
    private static final double MARGIN = 1.05;

    /** Most time for the compilers, in slices of each block. */
    private static final int SLICES = 40;

    /** Slices with all blocks compiled before any of them counts. */
    private static final int STEADY = 3;

    /** Blocks are seldom half as fast as others, but a tenth before they are compiled. */
    private static final double UNCOMPILED = 6;

    /** Multiply-adds of vectors in a nanosecond that no interpreter reaches. */
    private static final double COMPILED = 0.5;

    private static final long SLICE = TimeUnit.MILLISECONDS.toNanos(4);
    private static final long ROUND = TimeUnit.MILLISECONDS.toNanos(3);

    /** Products to a sum, as in the published networks. */
    private static final int INNER = 256;

    /** Blocks one below the other. */
    private static final int BLOCKS = 4;

    /**
     * A product of one thread.
     *
     * @param sums vectors of sums, {@link #INNER} products to each
     */
    private record Product(Runnable work, int sums) {}

    /** A block with a product to each thread. */
    private record Candidate<S>(S shape, List<Product> products) {}

    private final Workers workers;

    BlockTrial(Workers workers) {
        this.workers = workers;
    }

    /** {@return the standard blocks, or those that are clearly faster here} */
    RegisterBlocks run() {
        RegisterBlocks standard = RegisterBlocks.standard();
        int registers = RegisterBlocks.REGISTERS;
        List<BlockShape> shapes = BlockCandidates.products(registers);
        return new RegisterBlocks(
                fastest(standard.products(), shapes, BlockTrial::product),
                fastest(standard.sums(), shapes, BlockTrial::sum),
                fastest(
                        standard.lanes(),
                        BlockCandidates.lanes(registers),
                        BlockTrial::sideBySide));
    }

    private <S> S fastest(S standard, List<S> candidates, Function<S, Product> product) {
        Candidate<S> first = candidate(standard, product);
        List<Candidate<S>> others = new ArrayList<>();
        for (S candidate : candidates) {
            if (!candidate.equals(standard)) {
                others.add(candidate(candidate, product));
            }
        }
        List<Candidate<S>> all = new ArrayList<>(others);
        all.add(first);
        warmUp(all);
        return best(
                standard,
                others.stream()
                        .map(other -> new Speedup<>(other.shape, ratios(first, other)))
                        .toList());
    }

    /** The fastest of the blocks that are clearly faster, or the standard one. */
    static <S> S best(S standard, List<Speedup<S>> speedups) {
        return speedups.stream()
                .filter(Speedup::isClearlyFaster)
                .max(Comparator.comparingDouble(Speedup::median))
                .map(Speedup::shape)
                .orElse(standard);
    }

    /** Speeds of a block over those of the standard one, by round. */
    record Speedup<S>(S shape, List<Double> ratios) {
        boolean isClearlyFaster() {
            return ratios.stream().filter(r -> r >= MARGIN).count() >= ROUNDS_FASTER;
        }

        double median() {
            return ratios.stream().sorted().toList().get(ratios.size() / 2);
        }
    }

    private <S> Candidate<S> candidate(S shape, Function<S, Product> product) {
        List<Product> products = new ArrayList<>();
        for (int t = 0; t < workers.threads(); t++) {
            products.add(product.apply(shape));
        }
        return new Candidate<>(shape, products);
    }

    /** In turn, so that some blocks are compiled while others run. */
    private <S> void warmUp(List<Candidate<S>> all) {
        int steady = 0;
        for (int slice = 0; slice < SLICES && steady < STEADY; slice++) {
            double slowest = Double.POSITIVE_INFINITY;
            double fastest = 0;
            for (Candidate<S> candidate : all) {
                double speed = speed(candidate, SLICE);
                slowest = Math.min(slowest, speed);
                fastest = Math.max(fastest, speed);
            }
            boolean compiled = fastest > COMPILED && slowest * UNCOMPILED > fastest;
            steady = compiled ? steady + 1 : 0;
        }
    }

    private <S> List<Double> ratios(Candidate<S> standard, Candidate<S> other) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            double before = speed(standard, ROUND);
            ratios.add(speed(other, ROUND) / before);
        }
        return ratios;
    }

    /** Multiply-adds in a nanosecond, of all threads together. */
    private <S> double speed(Candidate<S> candidate, long nanoseconds) {
        double[] speeds = new double[candidate.products.size()];
        workers.run(
                speeds.length,
                t -> {
                    Product product = candidate.products.get(t);
                    long start = System.nanoTime();
                    long spent;
                    int runs = 0;
                    do {
                        product.work.run();
                        runs++;
                        spent = System.nanoTime() - start;
                    } while (spent < nanoseconds);
                    speeds[t] = (double) runs * product.sums * INNER / spent;
                });
        return Arrays.stream(speeds).sum();
    }

    /** Weights of one panel, and some samples. */
    private static Product product(BlockShape shape) {
        int rows = BLOCKS * shape.rows();
        int columns = shape.vectors() * LANES;
        PackedMatrix right = new PackedMatrix(shape, INNER, columns);
        int lda = Simd.stride(INNER);
        float[] left = new float[rows * lda];
        int ldc = Simd.stride(columns);
        float[] out = new float[rows * ldc];
        return new Product(
                () -> Gemm.multiply(left, 0, lda, rows, right, out, 0, ldc),
                rows * shape.vectors());
    }

    /** Some rows of a gradient, in one panel, both factors as they are once copied. */
    private static Product sum(BlockShape shape) {
        int rows = BLOCKS * shape.rows();
        int columns = shape.vectors() * LANES;
        ProductBlock block = OuterKernel.block(shape.rows(), shape.vectors());
        float[] left = new float[rows * INNER];
        float[] right = new float[INNER * columns];
        int ldp = Simd.stride(columns);
        float[] out = new float[rows * ldp];
        return new Product(
                () -> block.run(BLOCKS, left, 0, 0, right, 0, INNER, null, 0, out, 0, ldp),
                rows * shape.vectors());
    }

    /** Weights of some neurons, and one panel of samples. */
    private static Product sideBySide(LaneShape shape) {
        int rows = BLOCKS * shape.rows();
        LaneWeights weights = new LaneWeights(shape, rows, INNER);
        float[] right = new float[INNER * shape.width()];
        float[] out = new float[rows * shape.width()];
        return new Product(
                () ->
                        weights.multiply(
                                LaneBlock.Form.ADDED, 0, weights.blocks, right, 0, null, 0, out),
                rows * shape.vectors());
    }
}
