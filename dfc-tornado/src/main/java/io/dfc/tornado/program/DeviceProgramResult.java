package io.dfc.tornado.program;

import io.dfc.api.noise.Noise;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.spi.ProgramResult;
import io.dfc.tornado.learn.GradientOps;
import io.dfc.tornado.memory.Layout;
import io.dfc.tornado.runtime.DeviceShare;

/** A program of layers on the device, and its last results. */
public sealed interface DeviceProgramResult extends ProgramResult permits BackwardRun, ProgramRun {
    /** The code that suits a program. */
    static DeviceProgramResult of(
            DeviceShare device, Layout layout, GradientOps gradients, ProgramHandle program) {
        return BackpropagationProgram.matches(program.phase())
                ? new BackwardRun(device, layout, gradients, program)
                : new ProgramRun(device, layout, gradients, program);
    }

    /**
     * Runs the program on the last pass.
     *
     * @param samples samples of that pass
     */
    void run(Noise noise, int samples);
}
