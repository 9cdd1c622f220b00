package io.dfc.cpu.simd.backend;

import io.dfc.api.testkit.StabilityVerdictContract;

class StabilityVerdictTest extends StabilityVerdictContract {
    @Override
    protected String backend() {
        return "cpu-simd";
    }
}
