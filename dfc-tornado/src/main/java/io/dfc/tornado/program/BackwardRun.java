package io.dfc.tornado.program;

import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.tornado.kernel.Slots;
import io.dfc.tornado.learn.GradientOps;
import io.dfc.tornado.memory.Layout;
import io.dfc.tornado.memory.Tiles;
import io.dfc.tornado.runtime.DeviceShare;
import io.dfc.tornado.runtime.Kernel;

/** The program of backpropagation, in one go, and the gradient that it formed last. */
final class BackwardRun implements DeviceProgramResult {
    private final DeviceShare device;
    private final Layout layout;
    private final GradientOps gradients;
    private final ProgramHandle handle;
    private final int place;

    /** Norms of the layers, once they have been asked for. */
    private double[] norms;

    BackwardRun(DeviceShare device, Layout layout, GradientOps gradients, ProgramHandle handle) {
        this.device = device;
        this.layout = layout;
        this.gradients = gradients;
        this.handle = handle;
        place = layout.at(handle.gradients().getFirst());
    }

    @Override
    public void run(Noise noise, int samples) {
        norms = null;
        device.launch(Kernel.BACKWARD, Tiles.count(samples));
        gradients.products(
                layout.at(Slots.SIGNAL), Slots.FEEDFORWARD, place, 1, layout.depth, false);
        gradients.clip(
                handle.phase().gradients().getFirst().clipping(),
                place,
                place,
                layout.tensors.forward);
    }

    @Override
    public double gradientNorm(GradientHandle gradient, int layer) {
        handle.indexOf(gradient);
        if (norms == null) {
            norms = gradients.layerNorms(place, layout.tensors.forward);
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
        return gradients.download(place, layout.tensors.forward);
    }
}
