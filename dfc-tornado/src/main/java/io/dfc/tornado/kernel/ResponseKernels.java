package io.dfc.tornado.kernel;

import static io.dfc.tornado.kernel.TableLayout.*;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Feedback learning in expectation, in the loop linearised at the feedforward pass: the mean over
 * all noise of the apical voltages times the control is {@code J_i^T M_i^T + Q_i P}, see {@link
 * io.dfc.api.learn.FeedbackPlasticity.Estimator#EXPECTED}.
 *
 * <p>{@code M_i} and {@code P} come from the responses of the reduced-order loop to unit impulses
 * in the noise of the last layer, matrices [n_L, n_L + 1] of a sample: a row to an output, a column
 * to an impulse, and in the last column the loop without noise, driven by the distance to the
 * target. To noise in a lower layer the loop responds as to noise in the last, filtered once more
 * for every layer between. So what belongs to layers is stored from the last layer down.
 */
public final class ResponseKernels {
    // A sample's matrices. The first is P, summed over time; behind the control errors lie the
    // control where it reaches the apical compartments, and that filtered 1 to depth times.
    private static final int INTEGRAL = 1;
    private static final int CONTROLS = 2;
    private static final int LOW = 3;
    private static final int ERRORS = 4;
    private static final int LAGGED = 5;

    /** Matrices besides those of the layers, and such of each layer. */
    private static final int SINGLE = 6;

    private static final int OF_LAYER = 6;

    private ResponseKernels() {}

    /** Number of matrices of a sample. */
    public static int matrices(int depth) {
        return SINGLE + OF_LAYER * depth;
    }

    /**
     * Numbers of a sample's matrices. The first {@code n_L * n_L} of them are {@code P}, row by
     * row.
     */
    public static int length(int depth, int outputs) {
        return matrices(depth) * outputs * (outputs + 1);
    }

    /** Where each layer's view of its own noise begins, {@code E_i}, counted in matrices. */
    private static int reached(int depth) {
        return LAGGED + depth + 1;
    }

    /** Where the correlated signals begin, {@code R_i}. */
    private static int signals(int depth) {
        return reached(depth) + depth;
    }

    /** Where {@code E_i J_i J_i^T} begin. */
    private static int seen(int depth) {
        return signals(depth) + depth;
    }

    /** Where the sums {@code M_i} begin, those of unit noise. */
    static int direct(int depth) {
        return seen(depth) + depth;
    }

    /** Where the covariances of {@code J_i noise_i} begin, [n_L, n_L]. */
    private static int grams(int depth) {
        return direct(depth) + depth;
    }

    /**
     * Runs the loop over all steps with the gains of the feedforward pass; a sample to a group, an
     * element of the matrices to a work-item.
     */
    public static void respond(KernelContext c, IntArray p, FloatArray k, FloatArray m) {
        int base = c.groupIdy * p.get(ROW_LENGTH);
        int lane = c.localIdx;
        int width = c.localGroupSizeX;
        int sample = c.groupIdx;
        int depth = p.get(base + DEPTH);
        int outputs = p.get(base + OUTPUTS);
        int columns = outputs + 1;
        int matrix = outputs * columns;
        int present = sample < p.get(base + SAMPLES) ? 1 : 0;
        int span = present * matrix;
        int square = present * outputs * outputs;
        int steps = present * p.get(base + END_STEP);
        int own = p.get(base + RESPONSES) + sample * length(depth, outputs);
        int errors = own + ERRORS * matrix;
        float kappa = k.get(base + SOMATIC_RATE);
        float lowPass = k.get(base + FILTER_SHARE);
        int proactive = p.get(base + PROACTIVE);
        float retention =
                p.get(base + FILTERS) == 1
                        ? k.get(base + NOISE_CORRELATION)
                        : 1f - k.get(base + APICAL_RATE);
        for (int e = lane; e < grams(depth) * span; e += width) {
            m.set(own + e, 0f);
        }
        formGrams(p, base, k, m, sample, lane, width, own + grams(depth) * matrix, square);
        c.globalBarrier();
        for (int e = outputs + lane * columns; e < span; e += width * columns) {
            m.set(errors + e, target(p, base, k, m, sample, e / columns));
        }
        c.globalBarrier();
        // What is left of an impulse at this step and at the next, and the latter in the output.
        float left = 0f;
        float next = 1f;
        float noisy = 0f;
        for (int t = 0; t < steps; t++) {
            float pairs = (float) (steps - t);
            // The filter begins at the first control signal.
            float share = t == 0 && lowPass > 0f ? 1f : lowPass;
            for (int e = lane; e < span; e += width) {
                float before = m.get(own + CONTROLS * matrix + e);
                float after = control(p, base, k, m, own + e, matrix);
                advanceSignals(p, base, k, m, own + e, matrix, share, pairs * left);
                advanceApplied(p, base, k, m, own + e, matrix, proactive == 1 ? after : before);
            }
            noisy += kappa * (next - noisy);
            c.globalBarrier();
            for (int e = lane; e < span; e += width) {
                float lost = lost(p, base, m, sample, own, e);
                int j = e / columns;
                int x = e - j * columns;
                float direct = x == j ? noisy : 0f;
                float distance = x == outputs ? target(p, base, k, m, sample, j) : 0f;
                m.set(errors + e, distance - direct - lost);
            }
            for (int e = lane; e < depth * square; e += width) {
                formSeen(m, own, depth, outputs, e);
            }
            c.globalBarrier();
            for (int e = lane; e < square; e += width) {
                m.set(own + e, m.get(own + e) + product(m, own, depth, outputs, e, pairs));
            }
            c.globalBarrier();
            left = next;
            next = next * retention;
        }
    }

    /** Forms {@code c_i^2 J_i J_i^T}, {@code c_i} what a normal number adds to the noise. */
    private static void formGrams(
            IntArray p,
            int base,
            FloatArray k,
            FloatArray m,
            int sample,
            int lane,
            int width,
            int grams,
            int square) {
        int depth = p.get(base + DEPTH);
        int outputs = p.get(base + OUTPUTS);
        int rows = p.get(base + JACOBIAN) + sample * outputs * p.get(base + NEURONS);
        for (int i = 0; i < depth; i++) {
            int n = p.get(base + LAYERS + i * LAYER_RECORD + SIZE);
            float noisy = k.get(base + LAYER_CONSTANTS + i * LAYER_CONSTANTS_RECORD + NOISE_FACTOR);
            int to = grams + (depth - 1 - i) * outputs * (outputs + 1);
            for (int e = lane; e < square; e += width) {
                int a = e / outputs;
                int b = e - a * outputs;
                // Symmetric: the upper half is formed, and stored twice.
                int end = b < a ? 0 : n;
                float sum = 0f;
                for (int y = 0; y < end; y++) {
                    sum += m.get(rows + a * n + y) * m.get(rows + b * n + y);
                }
                if (end > 0) {
                    m.set(to + e, noisy * noisy * sum);
                    m.set(to + b * outputs + a, noisy * noisy * sum);
                }
            }
            rows = rows + outputs * n;
        }
    }

    /** A sample's distance to the target at an output. */
    private static float target(
            IntArray p, int base, FloatArray k, FloatArray m, int sample, int output) {
        int tile = sample / TILE;
        int at = (tile * p.get(base + OUTPUTS) + output) * TILE + sample - tile * TILE;
        return -k.get(base + STEP_SIZE) * m.get(p.get(base + LOSS_GRADIENT) + at);
    }

    /**
     * An element of the control that follows from the control error.
     *
     * @param at the element in the first matrix
     */
    private static float control(
            IntArray p, int base, FloatArray k, FloatArray m, int at, int matrix) {
        float now = m.get(at + ERRORS * matrix);
        float before = m.get(at + CONTROLS * matrix);
        float sum = m.get(at + INTEGRAL * matrix);
        float leaking = p.get(base + LEAK_TOTAL) == 1 ? before : sum;
        sum += k.get(base + TIME_STEP) * (now - k.get(base + LEAKAGE_RATE) * leaking);
        float after = sum + k.get(base + PROPORTIONAL_GAIN) * now;
        m.set(at + INTEGRAL * matrix, sum);
        m.set(at + CONTROLS * matrix, after);
        return after;
    }

    /**
     * Takes an element of the control through the filters to the signals of all layers, and adds
     * those to {@code M_i}.
     *
     * @param share by which the low-passed control follows
     * @param weight of the signals in {@code M_i}
     */
    private static void advanceSignals(
            IntArray p,
            int base,
            FloatArray k,
            FloatArray m,
            int at,
            int matrix,
            float share,
            float weight) {
        int depth = p.get(base + DEPTH);
        int instant = p.get(base + INSTANT_TRANSMISSION);
        float kappa = k.get(base + SOMATIC_RATE);
        float u = m.get(at + CONTROLS * matrix);
        float low = m.get(at + LOW * matrix);
        low += share * (u - low);
        m.set(at + LOW * matrix, low);
        int signals = at + signals(depth) * matrix;
        filter(m, signals, matrix, depth, kappa, instant, u - low);
        int direct = at + direct(depth) * matrix;
        for (int q = 0; q < depth; q++) {
            int to = direct + q * matrix;
            m.set(to, m.get(to) + weight * m.get(signals + q * matrix));
        }
    }

    /** Takes an element of what drives the apical compartments through them and the layers. */
    private static void advanceApplied(
            IntArray p, int base, FloatArray k, FloatArray m, int at, int matrix, float drive) {
        int depth = p.get(base + DEPTH);
        int instant = p.get(base + INSTANT_TRANSMISSION);
        float kappa = k.get(base + SOMATIC_RATE);
        int applied = at + LAGGED * matrix;
        float a = m.get(applied);
        filter(m, at + reached(depth) * matrix, matrix, depth, kappa, instant, a);
        float x = a + k.get(base + APICAL_RATE) * (drive - a);
        m.set(applied, x);
        // All layers take the new control, whatever they take of the layer below.
        float old = m.get(applied + matrix);
        x = old + kappa * (x - old);
        filter(m, applied + matrix, matrix, depth, kappa, instant, x);
    }

    /**
     * Sets the first of some elements, and lets every other one follow that before it: the new one,
     * or with delayed transmission the old one.
     */
    private static void filter(
            FloatArray m, int at, int matrix, int count, float kappa, int instant, float first) {
        float in = instant == 1 ? first : m.get(at);
        m.set(at, first);
        for (int q = 1; q < count; q++) {
            int to = at + q * matrix;
            float old = m.get(to);
            float x = old + kappa * (in - old);
            m.set(to, x);
            in = instant == 1 ? x : old;
        }
    }

    /** An element of the output, {@code sum_i J_i Q_i} times the control filtered for the layer. */
    private static float lost(IntArray p, int base, FloatArray m, int sample, int own, int e) {
        int depth = p.get(base + DEPTH);
        int outputs = p.get(base + OUTPUTS);
        int columns = outputs + 1;
        int j = e / columns;
        int gains = p.get(base + GAIN) + (sample * depth * outputs + j) * outputs;
        int lagged = own + (LAGGED + depth) * outputs * columns + e - j * columns;
        float sum = 0f;
        for (int i = 0; i < depth; i++) {
            for (int x = 0; x < outputs; x++) {
                sum += m.get(gains + x) * m.get(lagged + x * columns);
            }
            gains = gains + outputs * outputs;
            lagged = lagged - outputs * columns;
        }
        return sum;
    }

    /** Forms an element of {@code E_i J_i J_i^T} of all layers. */
    private static void formSeen(FloatArray m, int own, int depth, int outputs, int e) {
        int columns = outputs + 1;
        int matrix = outputs * columns;
        int q = e / (outputs * outputs);
        int within = e - q * outputs * outputs;
        int a = within / outputs;
        int f = within - a * outputs;
        int reached = own + (reached(depth) + q) * matrix + a * columns;
        int gram = own + (grams(depth) + q) * matrix + f;
        float sum = 0f;
        for (int b = 0; b < outputs; b++) {
            sum += m.get(reached + b) * m.get(gram + b * outputs);
        }
        m.set(own + (seen(depth) + q) * matrix + within, sum);
    }

    /**
     * What a step adds to an element of {@code P}: through the noise of all layers, and in the loop
     * without noise.
     */
    private static float product(
            FloatArray m, int own, int depth, int outputs, int e, float pairs) {
        int columns = outputs + 1;
        int matrix = outputs * columns;
        int a = e / outputs;
        int seen = own + seen(depth) * matrix + a * outputs;
        int signals = own + signals(depth) * matrix + (e - a * outputs) * columns;
        int reached = own + reached(depth) * matrix + a * columns + outputs;
        float still = m.get(reached) * m.get(signals + outputs);
        float sum = 0f;
        for (int q = 0; q < depth; q++) {
            for (int f = 0; f < outputs; f++) {
                sum += m.get(seen + f) * m.get(signals + f);
            }
            seen = seen + matrix;
            signals = signals + matrix;
        }
        return pairs * sum + still;
    }
}
