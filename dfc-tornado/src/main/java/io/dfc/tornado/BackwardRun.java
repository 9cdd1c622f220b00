package io.dfc.tornado;

import io.dfc.api.network.Parameters;
import io.dfc.api.plan.BackwardHandle;
import io.dfc.api.plan.GradientHandle;
import io.dfc.api.spi.BackwardResult;

/** Backpropagation, and the gradient that it formed last. */
final class BackwardRun implements BackwardResult {
    private final DeviceShare device;
    private final Layout layout;
    private final GradientOps gradients;
    private final BackwardHandle handle;
    private final int place;

    /** Norms of the layers, once they have been asked for. */
    private double[] norms;

    BackwardRun(DeviceShare device, Layout layout, GradientOps gradients, BackwardHandle handle) {
        this.device = device;
        this.layout = layout;
        this.gradients = gradients;
        this.handle = handle;
        place = layout.at(handle.gradients().getFirst());
    }

    void run(int samples) {
        norms = null;
        device.launch(Kernel.BACKWARD, Tiles.count(samples));
        gradients.products(
                layout.at(Slots.SIGNAL), Slots.FEEDFORWARD, place, 1, layout.depth, false);
        gradients.clip(handle.phase().clipping(), place, place, true);
    }

    @Override
    public double gradientNorm(GradientHandle gradient, int layer) {
        handle.indexOf(gradient);
        if (norms == null) {
            norms = gradients.layerNorms(place, true);
        }
        return norms[layer];
    }

    @Override
    public Parameters gradient(GradientHandle gradient) {
        handle.indexOf(gradient);
        return gradients.download(place);
    }
}
