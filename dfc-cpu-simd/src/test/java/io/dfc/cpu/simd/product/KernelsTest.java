package io.dfc.cpu.simd.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dfc.cpu.simd.kernel.Simd;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.SplittableRandom;

/** The matrix kernels against plain loops in float64, at sizes that fit no block. */
class KernelsTest {
    private static final double TOLERANCE = 2e-6;

    private static final List<BlockShape> SHAPES =
            List.of(
                    new BlockShape(1, 1),
                    new BlockShape(4, 2),
                    new BlockShape(5, 2),
                    new BlockShape(6, 2),
                    new BlockShape(3, 3),
                    new BlockShape(5, 4),
                    new BlockShape(12, 2),
                    new BlockShape(14, 2));

    private static final int LONGEST_SHARE = 256;

    private static final BlockShape PRODUCTS = RegisterBlocks.standard().products();

    private final SplittableRandom random = new SplittableRandom(5);

    private float[] draw(int n) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) random.nextDouble(-1, 1);
        }
        return x;
    }

    @ParameterizedTest
    @CsvSource({
        "8,1,1",
        "16,7,17",
        "8,13,33",
        "24,100,97",
        "32,31,128",
        "8,256,10",
        "16,5,784",
        "8,1501,50"
    })
    void productsOfAnySize(int rows, int inner, int columns) {
        float[] right = draw(inner * columns);
        PackedMatrix packed = new PackedMatrix(PRODUCTS, inner, columns);
        packed.pack(right);
        float[] transposed = new float[right.length];
        for (int k = 0; k < inner; k++) {
            for (int c = 0; c < columns; c++) {
                transposed[c * inner + k] = right[k * columns + c];
            }
        }
        PackedMatrix again = new PackedMatrix(PRODUCTS, inner, columns);
        again.packTransposed(transposed);
        assertThat(again.data).isEqualTo(packed.data);

        int offset = 3;
        int lda = inner + 2;
        int ldc = Simd.stride(columns);
        float[] left = draw(offset + rows * lda);
        float[] product = draw(offset + rows * ldc);
        Gemm.multiply(left, offset, lda, rows, packed, product, offset, ldc);
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                double exact = 0;
                for (int k = 0; k < inner; k++) {
                    exact += (double) left[offset + r * lda + k] * right[k * columns + c];
                }
                assertThat((double) product[offset + r * ldc + c])
                        .isCloseTo(exact, within(TOLERANCE * Math.sqrt(inner)));
            }
        }
    }

    /** A long inner dimension is gone over in shares, and the row must be added once. */
    @ParameterizedTest
    @CsvSource({"8,3,5", "16,40,100", "24,900,33", "8,1501,200"})
    void aRowIsAddedAndEveryColumnFinishedOnce(int rows, int inner, int columns) {
        float[] right = draw(inner * columns);
        PackedMatrix packed = new PackedMatrix(PRODUCTS, inner, columns);
        packed.pack(right);
        int ldc = Simd.stride(columns);
        float[] row = draw(ldc);
        float[] left = draw(rows * inner);
        float[] plain = new float[rows * ldc];
        Gemm.multiply(left, 0, inner, rows, packed, plain, 0, ldc);
        float[] product = draw(rows * ldc);
        int[] finished = new int[ldc];
        Gemm.multiply(
                left,
                0,
                inner,
                rows,
                packed,
                row,
                product,
                0,
                ldc,
                (column, width) -> {
                    assertThat(width).isLessThanOrEqualTo(Gemm.MAX_FINISHED_COLUMNS);
                    for (int c = column; c < column + width; c++) {
                        finished[c]++;
                        for (int r = 0; r < rows; r++) {
                            product[r * ldc + c] *= 2;
                        }
                    }
                });
        for (int c = 0; c < columns; c++) {
            assertThat(finished[c]).isEqualTo(1);
            for (int r = 0; r < rows; r++) {
                assertThat((double) product[r * ldc + c])
                        .isCloseTo(
                                2.0 * (plain[r * ldc + c] + row[c]),
                                within(TOLERANCE * Math.sqrt(inner)));
            }
        }
    }

    /** A column block of a sum of two products, and the first product alone. */
    @ParameterizedTest
    @CsvSource({"8,40,10,256", "32,256,3,100", "16,7,20,17", "24,900,1,8", "1,30,2,9"})
    void columnBlocksHoldTheColumnsOfASumOfProducts(int rows, int inner, int few, int columns) {
        PackedMatrix both = new PackedMatrix(PRODUCTS, inner + few, columns);
        both.pack(draw((inner + few) * columns));
        float[] a = draw(rows * inner);
        float[] u = draw(rows * few);
        int ldc = Simd.stride(columns);
        float[] ofFirst = new float[rows * ldc];
        Gemm.multiply(a, 0, inner, rows, both.rows(0, inner), ofFirst, 0, ldc);
        PackedMatrix second = both.rows(inner, few);
        float[] ofSecond = new float[rows * ldc];
        Gemm.multiply(u, 0, few, rows, second, ofSecond, 0, ldc);
        float[] block = draw(rows * Gemm.MAX_FINISHED_COLUMNS);
        float[] alone = draw(rows * Gemm.MAX_FINISHED_COLUMNS);
        float[] stored = draw(rows * ldc);
        for (float[] first : new float[][] {null, stored}) {
            int[] seen = new int[ldc];
            Gemm.multiplyTwoColumnBlocks(
                    a,
                    inner,
                    rows,
                    u,
                    few,
                    both,
                    first,
                    ldc,
                    block,
                    (column, width) -> {
                        Gemm.multiplyColumnBlock(u, few, rows, second, column, width, alone);
                        for (int c = 0; c < width && column + c < columns; c++) {
                            seen[column + c]++;
                            for (int r = 0; r < rows; r++) {
                                int at = r * ldc + column + c;
                                int in = r * Gemm.MAX_FINISHED_COLUMNS + c;
                                assertThat(alone[in]).isEqualTo(ofSecond[at]);
                                assertThat((double) block[in])
                                        .isCloseTo(
                                                (double) ofFirst[at] + ofSecond[at],
                                                within(TOLERANCE * Math.sqrt(inner + few)));
                            }
                        }
                    });
            for (int c = 0; c < columns; c++) {
                assertThat(seen[c]).isEqualTo(1);
                for (int r = 0; r < rows && first != null; r++) {
                    assertThat(stored[r * ldc + c]).isEqualTo(ofFirst[r * ldc + c]);
                }
            }
        }
    }

    /**
     * The order of a sum is that of its index, whatever block it is formed in and however long the
     * vectors are.
     */
    @ParameterizedTest
    @CsvSource({"32,300,77", "40,256,130", "3,20,8"})
    void bitsDoNotDependOnTheBlock(int rows, int inner, int columns) {
        float[] right = draw(inner * columns);
        float[] left = draw(rows * inner);
        int ldc = Simd.stride(columns);
        int ldp = Simd.stride(columns);
        float[] expected = null;
        float[] expectedSums = null;
        for (BlockShape shape : SHAPES) {
            PackedMatrix packed = new PackedMatrix(shape, inner, columns);
            packed.pack(right);
            float[] product = new float[rows * ldc];
            Gemm.multiply(left, 0, inner, rows, packed, product, 0, ldc);
            float[] sums = new float[Simd.roundUp(inner, Simd.BLOCK) * ldp];
            // Sums of outer products: over the rows, of the left factor with the product.
            new OuterKernel(shape, inner)
                    .add(left, 0, inner, product, 0, ldc, rows, 0, inner, columns, sums, 0);
            expected = expected == null ? product : expected;
            expectedSums = expectedSums == null ? sums : expectedSums;
            assertThat(product).as("product, %s", shape).isEqualTo(expected);
            assertThat(sums).as("sums, %s", shape).isEqualTo(expectedSums);
        }
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                assertThat(expected[r * ldc + c])
                        .isEqualTo(chain(left, r * inner, right, c, columns, inner));
            }
        }
    }

    /** A sum as it is defined: a chain of fused multiply-adds for each share, added up in turn. */
    private static float chain(float[] a, int at, float[] b, int column, int columns, int inner) {
        int shares = (inner + LONGEST_SHARE - 1) / LONGEST_SHARE;
        int share = (inner + shares - 1) / shares;
        float total = 0;
        for (int from = 0; from < inner; from += share) {
            float sum = 0;
            for (int k = from; k < Math.min(inner, from + share); k++) {
                sum = Math.fma(a[at + k], b[k * columns + column], sum);
            }
            total = from == 0 ? sum : sum + total;
        }
        return total;
    }

    @ParameterizedTest
    @CsvSource({"1,1,1", "3,9,17", "300,8,10", "130,20,100", "47,16,64", "32,10,784"})
    void sumsOfOuterProductsOfAnySize(int count, int n, int m) {
        int rows = Simd.roundUp(n, Simd.BLOCK);
        int lds = Simd.stride(n);
        int ldp = Simd.stride(m);
        float[] s = draw(count * lds);
        float[] p = draw(count * ldp);
        float[] g = draw(rows * ldp);
        float[] before = g.clone();
        new OuterKernel(RegisterBlocks.standard().sums(), rows)
                .add(s, 0, lds, p, 0, ldp, count, 0, rows, m, g, 0);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < m; j++) {
                double exact = before[i * ldp + j];
                for (int k = 0; k < count; k++) {
                    exact += (double) s[k * lds + i] * p[k * ldp + j];
                }
                assertThat((double) g[i * ldp + j])
                        .isCloseTo(exact, within(TOLERANCE * Math.sqrt(count)));
            }
        }
    }
}
