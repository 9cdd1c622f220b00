package io.dfc.bench.golden.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.tensor.ElementType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TolerancesTest {
    @Test
    void float64IsHeldTo1e9WhateverTheDeviation() {
        assertThat(Tolerances.prescribed().of(Measure.RELATIVE, ElementType.F64, 0.5))
                .isEqualTo(1e-9);
    }

    @Test
    void float32IsHeldTo1e4WhereTheDeviationIsSmall() {
        assertThat(Tolerances.prescribed().of(Measure.ABSOLUTE, ElementType.F32, 1e-6))
                .isEqualTo(1e-4);
    }

    @Test
    void float32IsHeldToFiveTimesALargeDeviation() {
        assertThat(Tolerances.prescribed().of(Measure.COSINE, ElementType.F32, 1e-3))
                .isEqualTo(5e-3);
    }

    @Test
    void flatToleranceIgnoresTheDeviation() {
        assertThat(Tolerances.flat().of(Measure.RELATIVE, ElementType.F32, 1e-3)).isEqualTo(1e-4);
    }

    @Test
    void fixedToleranceReplacesTheOthers() {
        assertThat(Tolerances.fixedAt(1e-6).of(Measure.RELATIVE, ElementType.F64, 1))
                .isEqualTo(1e-6);
    }

    @Test
    void exactQuantitiesHaveNoTolerance() {
        assertThat(Tolerances.fixedAt(1e-6).of(Measure.EXACT, ElementType.F32, 1)).isZero();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void fixedToleranceMustBePositive(double tolerance) {
        assertThatThrownBy(() -> Tolerances.fixedAt(tolerance))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageStartingWith("tolerance: must be a finite number above 0");
    }
}
