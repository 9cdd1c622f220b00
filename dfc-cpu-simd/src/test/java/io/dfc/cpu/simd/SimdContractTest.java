package io.dfc.cpu.simd;

import io.dfc.api.spi.BackendProvider;
import io.dfc.api.testkit.BackendContract;

class SimdContractTest extends BackendContract {
    @Override
    protected BackendProvider provider() {
        return new SimdBackendProvider();
    }
}
