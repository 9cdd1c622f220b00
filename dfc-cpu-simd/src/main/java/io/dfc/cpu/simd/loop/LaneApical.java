package io.dfc.cpu.simd.loop;

import static io.dfc.cpu.simd.kernel.Simd.F;
import static io.dfc.cpu.simd.kernel.Simd.LANES;

import static jdk.incubator.vector.FloatVector.fromArray;

import jdk.incubator.vector.FloatVector;

/** The time step of apical voltages that follow their input slowly, samples side by side. */
final class LaneApical {
    private final float rate;

    /** What a normal number adds to a voltage. */
    private final float noiseFactor;

    LaneApical(float rate, float noiseFactor) {
        this.rate = rate;
        this.noiseFactor = noiseFactor;
    }

    /**
     * Advances some voltages.
     *
     * @param voltages read and written from {@code at} on
     * @param drive what drives them, from 0 on; becomes the voltages
     */
    void advance(float[] voltages, int at, float[] drive, int n) {
        FloatVector share = FloatVector.broadcast(F, rate);
        for (int k = 0; k < n; k += LANES) {
            FloatVector old = fromArray(F, voltages, at + k);
            FloatVector a = fromArray(F, drive, k).sub(old).fma(share, old);
            a.intoArray(voltages, at + k);
            a.intoArray(drive, k);
        }
    }

    /**
     * The same with noise. A loop of its own, since a choice between vectors may turn them into
     * objects.
     *
     * @param noise normal numbers from {@code noiseAt} on
     */
    void advance(float[] voltages, int at, float[] drive, float[] noise, int noiseAt, int n) {
        FloatVector share = FloatVector.broadcast(F, rate);
        FloatVector factor = FloatVector.broadcast(F, noiseFactor);
        for (int k = 0; k < n; k += LANES) {
            FloatVector old = fromArray(F, voltages, at + k);
            FloatVector mean = fromArray(F, drive, k).sub(old).fma(share, old);
            FloatVector a = fromArray(F, noise, noiseAt + k).fma(factor, mean);
            a.intoArray(voltages, at + k);
            a.intoArray(drive, k);
        }
    }
}
