package io.dfc.api.contract;

import io.dfc.api.reference.ReferenceBackendProvider;
import io.dfc.api.spi.BackendProvider;
import io.dfc.api.testkit.BackendContract;

/** The reference keeps the contract that it defines. */
class ReferenceContractTest extends BackendContract {
    @Override
    protected BackendProvider provider() {
        return new ReferenceBackendProvider();
    }
}
