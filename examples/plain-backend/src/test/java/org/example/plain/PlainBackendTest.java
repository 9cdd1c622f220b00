package org.example.plain;

import io.dfc.api.spi.BackendProvider;
import io.dfc.api.testkit.BackendContract;

/** The published kit, which asks for nothing that the backend declines. */
class PlainBackendTest extends BackendContract {
    @Override
    protected BackendProvider provider() {
        return new PlainBackendProvider();
    }
}
