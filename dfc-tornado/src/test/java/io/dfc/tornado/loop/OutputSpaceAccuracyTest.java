package io.dfc.tornado.loop;

import io.dfc.api.spi.Availability;
import io.dfc.api.testkit.OutputSpaceAccuracyContract;
import io.dfc.tornado.backend.TornadoBackendProvider;

import org.junit.jupiter.api.Assumptions;

class OutputSpaceAccuracyTest extends OutputSpaceAccuracyContract {
    @Override
    protected String backend() {
        Assumptions.assumeTrue(
                new TornadoBackendProvider().probe() instanceof Availability.Available,
                "TornadoVM has no device");
        return "tornado";
    }
}
