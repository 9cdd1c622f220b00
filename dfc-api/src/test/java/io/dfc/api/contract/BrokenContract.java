package io.dfc.api.contract;

import io.dfc.api.testkit.BackendContract;
import io.dfc.api.testkit.scenario.Coverage;

/**
 * The kit on a broken backend: two shapes are enough to find out whether its rules see the fault.
 */
abstract class BrokenContract extends BackendContract {
    @Override
    protected Coverage coverage() {
        return Coverage.TWO_SHAPES;
    }
}
