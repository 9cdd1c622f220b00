package io.dfc.cpu.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.SplittableRandom;

/** The matrix kernels against plain loops in float64, at sizes that fit no block. */
class KernelsTest {
    private static final double TOLERANCE = 2e-6;

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
        PackedMatrix packed = new PackedMatrix(inner, columns);
        packed.pack(right);
        float[] transposed = new float[right.length];
        for (int k = 0; k < inner; k++) {
            for (int c = 0; c < columns; c++) {
                transposed[c * inner + k] = right[k * columns + c];
            }
        }
        PackedMatrix again = new PackedMatrix(inner, columns);
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
        PackedMatrix packed = new PackedMatrix(inner, columns);
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

    /** What a window holds of a product, and of another that is added to it there. */
    @ParameterizedTest
    @CsvSource({"8,40,10,256", "32,256,3,100", "16,7,20,17", "24,900,1,8"})
    void windowsHoldTheColumnsOfASumOfProducts(int rows, int inner, int few, int columns) {
        PackedMatrix first = new PackedMatrix(inner, columns);
        first.pack(draw(inner * columns));
        float[] a = draw(rows * inner);
        PackedMatrix second = new PackedMatrix(few, columns);
        second.pack(draw(few * columns));
        float[] u = draw(rows * few);
        float[] blocks = new float[rows * few];
        for (int r = 0; r < rows; r++) {
            for (int k = 0; k < few; k++) {
                blocks[r / 4 * 4 * few + k * 4 + r % 4] = u[r * few + k];
            }
        }
        int ldc = Simd.stride(columns);
        float[] ofFirst = new float[rows * ldc];
        Gemm.multiply(a, 0, inner, rows, first, ofFirst, 0, ldc);
        float[] ofSecond = new float[rows * ldc];
        Gemm.multiply(u, 0, few, rows, second, ofSecond, 0, ldc);
        int[] seen = new int[ldc];
        float[] window = draw(rows * Gemm.MAX_FINISHED_COLUMNS);
        Gemm.multiplyWindows(
                a,
                inner,
                rows,
                first,
                window,
                (column, width) -> {
                    Gemm.addToWindow(u, blocks, rows, second, column, width, window);
                    for (int c = 0; c < width && column + c < columns; c++) {
                        seen[column + c]++;
                        for (int r = 0; r < rows; r++) {
                            int at = r * ldc + column + c;
                            assertThat((double) window[r * Gemm.MAX_FINISHED_COLUMNS + c])
                                    .isCloseTo(
                                            (double) ofFirst[at] + ofSecond[at],
                                            within(TOLERANCE * Math.sqrt(inner + few)));
                        }
                    }
                });
        for (int c = 0; c < columns; c++) {
            assertThat(seen[c]).isEqualTo(1);
        }
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
        new OuterKernel(rows).add(s, 0, lds, p, 0, ldp, count, 0, rows, m, g, 0);
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
