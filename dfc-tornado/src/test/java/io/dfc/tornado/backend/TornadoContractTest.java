package io.dfc.tornado.backend;

import io.dfc.api.spi.BackendProvider;
import io.dfc.api.testkit.BackendContract;

class TornadoContractTest extends BackendContract {
    @Override
    protected BackendProvider provider() {
        return new TornadoBackendProvider();
    }
}
