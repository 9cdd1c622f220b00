package io.dfc.bench.cli;

import io.dfc.api.error.BackendUnavailableException;
import io.dfc.api.spi.Availability;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.BackendProvider;
import io.dfc.api.spi.Device;

import java.util.Set;

/**
 * Says what to install where the module of the TornadoVM backend is not there, which is built only
 * beside an SDK. That module's own provider takes its place.
 */
public final class AbsentTornadoProvider implements BackendProvider {
    private static final Availability.Unavailable ANSWER =
            new Availability.Unavailable(
                    "no TornadoVM SDK was found, so its module was not built",
                    "install TornadoVM, with SDKMAN or elsewhere with TORNADOVM_HOME set to its"
                            + " folder, and start ./dfc again");

    /** For {@link java.util.ServiceLoader}. */
    public AbsentTornadoProvider() {}

    @Override
    public String name() {
        return "tornado";
    }

    @Override
    public int priority() {
        return -1;
    }

    @Override
    public Set<String> keywords() {
        return Set.of(
                "gpu",
                "cuda",
                "opencl",
                "spirv",
                "levelzero",
                "nvidia",
                "amd",
                "intel",
                "fpga",
                "accelerator",
                "tornadovm");
    }

    @Override
    public Availability probe() {
        return ANSWER;
    }

    @Override
    public Backend open(Device device, BackendOptions options) {
        throw new BackendUnavailableException(
                "backend \""
                        + name()
                        + "\" is unavailable: "
                        + ANSWER.reason()
                        + "; "
                        + ANSWER.remedy());
    }
}
