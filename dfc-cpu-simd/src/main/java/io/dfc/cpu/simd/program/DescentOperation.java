package io.dfc.cpu.simd.program;

import io.dfc.api.learn.Optimizer;
import io.dfc.api.plan.Operation;

/**
 * Gradient descent of a buffer within a repetition, whose moments start at zero in the first round.
 */
final class DescentOperation implements RowOperation {
    private final Operation.Descend descent;
    private final BufferRows state;
    private final BufferRows gradient;
    private final BufferRows first;
    private final BufferRows second;

    /**
     * A descent.
     *
     * @param capacity rows of the buffers
     */
    DescentOperation(
            Operation.Descend descent, BufferRows state, BufferRows gradient, int capacity) {
        this.descent = descent;
        this.state = state;
        this.gradient = gradient;
        first = BufferRows.zeros(capacity, state.width());
        second = BufferRows.zeros(capacity, state.width());
    }

    @Override
    public void run(int task, int from, int rows, int round) {
        if (round == 0) {
            first.clear(from, rows);
            second.clear(from, rows);
        }
        step(from, rows, round + 1);
    }

    private void step(int from, int rows, int steps) {
        int stride = state.stride();
        float rate = (float) descent.rate();
        switch (descent.optimizer()) {
            case Optimizer.Sgd sgd ->
                    sgd(
                            state.data(),
                            gradient.data(),
                            first.data(),
                            rate,
                            (float) sgd.momentum(),
                            from * stride,
                            (from + rows) * stride);
            case Optimizer.Adam adam -> {
                double root = Math.sqrt(1 - Math.pow(adam.beta2(), (double) steps));
                adam(
                        adam,
                        (float) (descent.rate() / (1 - Math.pow(adam.beta1(), (double) steps))),
                        (float) (1 / root),
                        from * stride,
                        (from + rows) * stride);
            }
        }
    }

    private static void sgd(
            float[] x, float[] g, float[] m, float rate, float momentum, int from, int to) {
        for (int k = from; k < to; k++) {
            float step = momentum * m[k] + g[k];
            m[k] = step;
            x[k] -= rate * step;
        }
    }

    private void adam(Optimizer.Adam adam, float rate, float root, int from, int to) {
        float[] x = state.data();
        float[] g = gradient.data();
        float[] m = first.data();
        float[] s = second.data();
        float b1 = (float) adam.beta1();
        float c1 = (float) (1 - adam.beta1());
        float b2 = (float) adam.beta2();
        float c2 = (float) (1 - adam.beta2());
        float epsilon = adam.epsilons().getFirst().floatValue();
        for (int k = from; k < to; k++) {
            m[k] = b1 * m[k] + c1 * g[k];
            s[k] = b2 * s[k] + c2 * g[k] * g[k];
            x[k] -= rate * m[k] / ((float) Math.sqrt(s[k]) * root + epsilon);
        }
    }
}
