package io.dfc.cpu.simd.backend;

import io.dfc.api.testkit.OutputSpaceAccuracyContract;

class OutputSpaceAccuracyTest extends OutputSpaceAccuracyContract {
    @Override
    protected String backend() {
        return "cpu-simd";
    }
}
