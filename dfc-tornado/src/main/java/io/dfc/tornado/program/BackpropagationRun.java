package io.dfc.tornado.program;

import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.tornado.kernel.TableCodes;
import io.dfc.tornado.kernel.TableLayout;
import io.dfc.tornado.learn.GradientOperations;
import io.dfc.tornado.learn.NormRequest;
import io.dfc.tornado.memory.MemoryLayout;
import io.dfc.tornado.memory.Tiles;
import io.dfc.tornado.runtime.DeviceShare;
import io.dfc.tornado.runtime.Kernel;

import java.util.List;

/** Backpropagation, two launches of kernels of its own, and the gradient that it formed last. */
final class BackpropagationRun implements LayerProgramRun {
    private final DeviceShare device;
    private final MemoryLayout layout;
    private final GradientOperations gradients;
    private final ProgramHandle handle;
    private final int address;

    /** Norms of the layers, once they have been requested. */
    private double[] norms;

    BackpropagationRun(
            DeviceShare device,
            MemoryLayout layout,
            GradientOperations gradients,
            ProgramHandle handle) {
        this.device = device;
        this.layout = layout;
        this.gradients = gradients;
        this.handle = handle;
        address = layout.at(handle.gradients().getFirst());
    }

    @Override
    public void run(Noise noise, int samples) {
        norms = null;
        device.launch(Kernel.BACKWARD, Tiles.count(samples));
        gradients.products(
                layout.at(TableLayout.POSTSYNAPTIC),
                TableCodes.FEEDFORWARD,
                address,
                1,
                layout.depth,
                false);
        gradients.clip(
                handle.phase().gradients().getFirst().clipping(),
                address,
                address,
                layout.tensors.forward);
    }

    @Override
    public double gradientNorm(GradientHandle gradient, int layer) {
        handle.indexOf(gradient);
        if (norms == null) {
            NormRequest request = new NormRequest(address, layout.tensors.forward);
            norms = gradients.layerNorms(List.of(request)).getFirst();
        }
        return norms[layer];
    }

    @Override
    public double number(String name) {
        throw new IllegalArgumentException(
                "program \"" + handle + "\" reports no \"" + name + "\", only []");
    }

    @Override
    public Parameters gradient(GradientHandle gradient) {
        handle.indexOf(gradient);
        return gradients.download(address, layout.tensors.forward);
    }
}
