package io.dfc.api.testkit;

import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.api.testkit.agreement.StabilityVerdicts;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import org.junit.jupiter.api.Test;

import java.util.List;

/**
 * Whether a steady state counts as stable, against the eigenvalues of the linearised closed loop by
 * a library of linear algebra, EJML, which a module that runs this needs for its tests.
 */
public abstract class StabilityVerdictContract {
    private static final int CASES = 600;
    private static final int WIDE_CASES = 12;

    /** More outputs than any backend forms matrices for. */
    private static final int WIDE = 100;

    /** {@return the name of the backend} */
    protected abstract String backend();

    @Test
    void verdictsAreThoseOfTheEigenvalues() {
        requireVerdicts(CASES, 0);
    }

    @Test
    void soTheyAreWithManyOutputs() {
        requireVerdicts(WIDE_CASES, WIDE);
    }

    private void requireVerdicts(int cases, int outputs) {
        try (Backend opened =
                Backends.discover()
                        .select(backend(), BackendOptions.defaults(), List.of())
                        .backend()) {
            StabilityVerdicts.requireThoseOf(
                    opened, cases, outputs, StabilityVerdictContract::eigenvalues);
        }
    }

    private static StabilityVerdicts.Eigenvalues eigenvalues(double[][] rows) {
        EigenDecomposition_F64<DMatrixRMaj> eigen =
                DecompositionFactory_DDRM.eig(rows.length, false);
        if (!eigen.decompose(new DMatrixRMaj(rows))) {
            throw new IllegalStateException("the library finds no eigenvalues");
        }
        double[] real = new double[rows.length];
        double[] imaginary = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            real[i] = eigen.getEigenvalue(i).getReal();
            imaginary[i] = eigen.getEigenvalue(i).getImaginary();
        }
        return new StabilityVerdicts.Eigenvalues(real, imaginary);
    }
}
