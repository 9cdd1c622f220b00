package io.dfc.cpu.simd.backend;

import io.dfc.api.spi.BackendProvider;
import io.dfc.api.testkit.BackendContract;
import io.dfc.cpu.simd.kernel.Simd;

import jdk.incubator.vector.FloatVector;

import org.junit.jupiter.api.condition.DisabledIf;

@DisabledIf(
        value = "isRepeated",
        disabledReason =
                "vectors of that length are this machine's own, on which the kit ran already")
class SimdContractTest extends BackendContract {
    @Override
    protected BackendProvider provider() {
        return new SimdBackendProvider();
    }

    /** Whether the length of vectors was asked for, and is the one that is used anyway. */
    static boolean isRepeated() {
        Integer bits = Integer.getInteger(Simd.WIDTH_PROPERTY);
        return bits != null && bits == FloatVector.SPECIES_PREFERRED.vectorBitSize();
    }
}
