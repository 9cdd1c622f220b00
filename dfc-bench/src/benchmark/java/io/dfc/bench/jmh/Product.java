package io.dfc.bench.jmh;

import io.dfc.cpu.simd.Kernels;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.mkl.global.mkl_rt;
import org.bytedeco.openblas.global.openblas_nolapack;

/** A product {@code c = a * b} of float32 matrices, ready to be computed again and again. */
interface Product extends AutoCloseable {
    /** Computes it. */
    void multiply();

    /** {@return the last product, row-major, without padding} */
    float[] result();

    @Override
    void close();

    /**
     * Extents of a product.
     *
     * @param rows rows of a and c
     * @param inner columns of a and rows of b
     * @param columns columns of b and c
     */
    record Shape(int rows, int inner, int columns) {
        static Shape parse(String text) {
            String[] extents = text.split("x", -1);
            return new Shape(
                    Integer.parseInt(extents[0]),
                    Integer.parseInt(extents[1]),
                    Integer.parseInt(extents[2]));
        }

        double gigaflop() {
            return 2e-9 * rows * inner * columns;
        }
    }

    /** The backend's own kernel: tiles of 32 rows, each thread takes every {@code threads}th. */
    final class Own implements Product {
        private static final int TILE = 32;

        private final Shape shape;
        private final int lda;
        private final int ldc;
        private final float[] a;
        private final float[] b;
        private final float[] c;
        private final Kernels.Factor factor;
        private final boolean packing;
        private final WorkerPool workers;

        Own(Shape shape, float[] a, float[] b, boolean packing, int threads) {
            this.shape = shape;
            this.b = b;
            this.packing = packing;
            lda = Kernels.stride(shape.inner);
            ldc = Kernels.stride(shape.columns);
            this.a = copyRows(a, shape.rows, shape.inner, lda);
            c = new float[shape.rows * ldc];
            factor = new Kernels.Factor(shape.inner, shape.columns);
            factor.pack(b);
            workers = new WorkerPool(threads, this::multiplyShare);
        }

        private void multiplyShare(int thread, int threads) {
            for (int row = thread * TILE; row < shape.rows; row += threads * TILE) {
                factor.multiply(a, lda, row, Math.min(TILE, shape.rows - row), c, ldc);
            }
        }

        @Override
        public void multiply() {
            if (packing) {
                factor.pack(b);
            }
            workers.run();
        }

        @Override
        public float[] result() {
            return copyRows(c, shape.rows, ldc, shape.columns);
        }

        private static float[] copyRows(float[] from, int rows, int stride, int newStride) {
            float[] to = new float[rows * newStride];
            for (int row = 0; row < rows; row++) {
                System.arraycopy(
                        from, row * stride, to, row * newStride, Math.min(stride, newStride));
            }
            return to;
        }

        @Override
        public void close() {
            workers.close();
        }
    }

    /** A library's product of matrices in native memory. */
    abstract class Blas implements Product {
        final Shape shape;
        final FloatPointer a;
        final FloatPointer b;
        final FloatPointer c;

        Blas(Shape shape, float[] a, float[] b) {
            this.shape = shape;
            this.a = new FloatPointer(a);
            this.b = new FloatPointer(b);
            c = new FloatPointer((long) shape.rows * shape.columns);
        }

        @Override
        public float[] result() {
            float[] values = new float[shape.rows * shape.columns];
            c.get(values);
            return values;
        }

        @Override
        public void close() {
            a.close();
            b.close();
            c.close();
        }
    }

    /** OpenBLAS. */
    final class OpenBlas extends Blas {
        OpenBlas(Shape shape, float[] a, float[] b, int threads) {
            super(shape, a, b);
            org.bytedeco.openblas.presets.openblas_nolapack.blas_set_num_threads(threads);
        }

        @Override
        public void multiply() {
            openblas_nolapack.cblas_sgemm(
                    openblas_nolapack.CblasRowMajor,
                    openblas_nolapack.CblasNoTrans,
                    openblas_nolapack.CblasNoTrans,
                    shape.rows,
                    shape.columns,
                    shape.inner,
                    1,
                    a,
                    shape.inner,
                    b,
                    shape.columns,
                    0,
                    c,
                    shape.columns);
        }
    }

    /** Intel MKL. */
    final class Mkl extends Blas {
        Mkl(Shape shape, float[] a, float[] b, int threads) {
            super(shape, a, b);
            useThreads(threads);
        }

        static void useThreads(int threads) {
            mkl_rt.MKL_Set_Dynamic(0);
            mkl_rt.MKL_Set_Num_Threads(threads);
        }

        @Override
        public void multiply() {
            mkl_rt.cblas_sgemm(
                    mkl_rt.CblasRowMajor,
                    mkl_rt.CblasNoTrans,
                    mkl_rt.CblasNoTrans,
                    shape.rows,
                    shape.columns,
                    shape.inner,
                    1,
                    a,
                    shape.inner,
                    b,
                    shape.columns,
                    0,
                    c,
                    shape.columns);
        }
    }

    /** Intel MKL with a right factor that was packed once, as the backend's own kernel has it. */
    final class PackedMkl extends Blas {
        private final FloatPointer packed;

        PackedMkl(Shape shape, float[] a, float[] b, int threads) {
            super(shape, a, b);
            Mkl.useThreads(threads);
            long bytes =
                    mkl_rt.cblas_sgemm_pack_get_size(
                            mkl_rt.CblasBMatrix, shape.rows, shape.columns, shape.inner);
            packed = new FloatPointer((bytes + Float.BYTES - 1) / Float.BYTES);
            mkl_rt.cblas_sgemm_pack(
                    mkl_rt.CblasRowMajor,
                    mkl_rt.CblasBMatrix,
                    mkl_rt.CblasNoTrans,
                    shape.rows,
                    shape.columns,
                    shape.inner,
                    1,
                    this.b,
                    shape.columns,
                    packed);
        }

        @Override
        public void multiply() {
            mkl_rt.cblas_sgemm_compute(
                    mkl_rt.CblasRowMajor,
                    mkl_rt.CblasNoTrans,
                    mkl_rt.CblasPacked,
                    shape.rows,
                    shape.columns,
                    shape.inner,
                    a,
                    shape.inner,
                    packed,
                    shape.columns,
                    0,
                    c,
                    shape.columns);
        }

        @Override
        public void close() {
            packed.close();
            super.close();
        }
    }
}
