package io.dfc.api.contract;

import io.dfc.api.testkit.StabilityVerdictContract;

class StabilityVerdictTest extends StabilityVerdictContract {
    @Override
    protected String backend() {
        return "reference";
    }
}
