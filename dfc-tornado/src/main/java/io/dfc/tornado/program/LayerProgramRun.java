package io.dfc.tornado.program;

import io.dfc.api.noise.Noise;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.spi.ProgramResult;
import io.dfc.tornado.learn.GradientOperations;
import io.dfc.tornado.memory.MemoryLayout;
import io.dfc.tornado.runtime.DeviceShare;

/** A layer program on the device, and its last results. */
public sealed interface LayerProgramRun extends ProgramResult
        permits BackpropagationRun, InterpretedRun {
    /** The run of a program: by kernels of its own, or interpreted. */
    static LayerProgramRun of(
            DeviceShare device,
            MemoryLayout layout,
            GradientOperations gradients,
            ProgramHandle program) {
        return BackpropagationProgram.matches(program.phase())
                ? new BackpropagationRun(device, layout, gradients, program)
                : new InterpretedRun(device, layout, gradients, program);
    }

    /**
     * Runs the program after a feedforward pass.
     *
     * @param samples number of samples of that pass
     */
    void run(Noise noise, int samples);
}
