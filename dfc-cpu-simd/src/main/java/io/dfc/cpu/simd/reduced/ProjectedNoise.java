package io.dfc.cpu.simd.reduced;

import static io.dfc.cpu.simd.kernel.Simd.LANES;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.Dynamics;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LoopPhase;
import io.dfc.cpu.simd.kernel.NoiseSource;
import io.dfc.cpu.simd.kernel.PhiloxNormals;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.product.OuterKernel;

import java.util.Arrays;

/**
 * The apical noise projected on the output, for as many samples as a vector has lanes: the raw
 * normal numbers of a chunk of steps, and {@code J_i} times the noise that they make.
 */
final class ProjectedNoise {
    private final Network network;
    private final OuterKernel outer;
    private final int depth;
    private final int outputs;
    private final int outputRows;
    private final float keep;

    /** Steps of a chunk, padded. */
    private final int steps;

    private final PhiloxNormals normals;

    /** Per layer, the factor of a normal number in the noise. */
    private final float[] factors;

    /** Per layer {@code J_i^T} of a lane, [lanes, n_i, padded n_L]. */
    private final float[][] jacobian;

    /** Raw normal numbers of a chunk, [lanes, n_i, steps]. */
    private final float[][] numbers;

    /** Noise at the start of the chunk over its factor, [lanes, n_i]. */
    private final float[][] carried;

    /** {@code J_i} times the numbers, [lanes, padded n_L, steps]. */
    private final float[][] projected;

    /** {@code J_i} times the noise, per step [depth, n_L, lanes]. */
    final float[] seen;

    /**
     * Noise in chunks of steps.
     *
     * @param steps a multiple of the lanes
     * @param normals draws the numbers
     */
    ProjectedNoise(LoopPhase phase, Model model, int steps, PhiloxNormals normals) {
        network = model.network;
        this.steps = steps;
        this.normals = normals;
        ApicalNoise noise = phase.noise().orElseThrow();
        Dynamics dynamics = phase.dynamics();
        depth = network.depth();
        outputs = network.outputs();
        outputRows = Simd.roundUp(outputs, Simd.BLOCK);
        outer = new OuterKernel(model.blocks.sums(), outputRows);
        keep = (float) (1 - dynamics.apicalRate());
        factors = new float[depth];
        jacobian = new float[depth][];
        numbers = new float[depth][];
        carried = new float[depth][];
        projected = new float[depth][];
        for (int i = 0; i < depth; i++) {
            int rows = rows(i);
            factors[i] =
                    (float)
                            (noise.sigma(i, depth)
                                    * Math.sqrt(dynamics.timeStep())
                                    / dynamics.apicalTimeConstant());
            jacobian[i] = new float[Math.multiplyExact(LANES * rows, outputRows)];
            numbers[i] = new float[Math.multiplyExact(rows, LANES * steps)];
            carried[i] = new float[LANES * rows];
            projected[i] = new float[outputRows * LANES * steps];
        }
        seen = new float[steps * depth * outputs * LANES];
    }

    /** Neurons of a layer, padded. */
    private int rows(int i) {
        return Simd.roundUp(network.size(i), Simd.BLOCK);
    }

    /** The factor of a normal number in the noise of layer i. */
    float factor(int i) {
        return factors[i];
    }

    /** Raw normal numbers of layer i, [lanes, padded n_i, steps]. */
    float[] numbers(int i) {
        return numbers[i];
    }

    /** Noise of a neuron at the start of the chunk. */
    float carried(int i, int lane, int neuron) {
        return factors[i] * carried[i][lane * rows(i) + neuron];
    }

    /** Starts at the first step, where there is no noise yet. */
    void clear() {
        for (float[] x : carried) {
            Arrays.fill(x, 0f);
        }
        Arrays.fill(seen, 0f);
    }

    /** Takes {@code J_i} of a lane, [n_L, n_i] with rows {@code width} apart. */
    void takeJacobian(int i, int lane, float[] from, int at, int width) {
        int size = network.size(i);
        float[] out = jacobian[i];
        int to = lane * rows(i) * outputRows;
        for (int j = 0; j < outputs; j++) {
            int row = at + j * width;
            for (int n = 0; n < size; n++) {
                out[to + n * outputRows + j] = from[row + n];
            }
        }
    }

    /** Draws the numbers of a chunk, projects them on the output and filters them there. */
    void draw(NoiseSource noise, int sample, int count, int start, int length) {
        for (int i = 0; i < depth; i++) {
            int rows = rows(i);
            Arrays.fill(projected[i], 0f);
            for (int lane = 0; lane < count; lane++) {
                int at = lane * rows * steps;
                noise.fillSteps(start, length, i, sample + lane, numbers[i], at, steps, normals);
                outer.add(
                        jacobian[i],
                        lane * rows * outputRows,
                        outputRows,
                        numbers[i],
                        at,
                        steps,
                        network.size(i),
                        0,
                        outputRows,
                        length,
                        projected[i],
                        lane * outputRows * steps);
            }
            filter(i, count, length);
        }
    }

    private void filter(int i, int count, int length) {
        float factor = factors[i];
        int frame = depth * outputs * LANES;
        for (int j = 0; j < outputs; j++) {
            int place = (i * outputs + j) * LANES;
            for (int lane = 0; lane < count; lane++) {
                // The last frame of the chunk before holds what it ended with.
                float noise = seen[(steps - 1) * frame + place + lane];
                int from = (lane * outputRows + j) * steps;
                for (int t = 0; t < length; t++) {
                    noise = keep * noise + factor * projected[i][from + t];
                    seen[t * frame + place + lane] = noise;
                }
                seen[(steps - 1) * frame + place + lane] = noise;
            }
        }
    }

    /** Goes on to the chunk after this one. */
    void carry(int count, int length) {
        for (int i = 0; i < depth; i++) {
            int rows = rows(i);
            for (int lane = 0; lane < count; lane++) {
                for (int n = 0; n < network.size(i); n++) {
                    int at = lane * rows + n;
                    float noise = carried[i][at];
                    int from = at * steps;
                    for (int t = 0; t < length; t++) {
                        noise = keep * noise + numbers[i][from + t];
                    }
                    carried[i][at] = noise;
                }
            }
        }
    }
}
