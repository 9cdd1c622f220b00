package io.dfc.tornado.loop;

import io.dfc.api.testkit.OutputSpaceAccuracyContract;
import io.dfc.tornado.backend.TestBackends;

class OutputSpaceAccuracyTest extends OutputSpaceAccuracyContract {
    @Override
    protected String backend() {
        TestBackends.requireDevice();
        return "tornado";
    }
}
