package io.dfc.algorithms.store;

import io.dfc.algorithms.train.BestEpoch;
import io.dfc.algorithms.train.Evaluation;
import io.dfc.algorithms.train.Progress;
import io.dfc.algorithms.train.TrainingSnapshot;
import io.dfc.api.network.Parameters;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.OptimizerState;
import io.dfc.api.tensor.Tensor;

import java.util.List;
import java.util.Map;

/** A checkpoint of a small network, for tests. */
public final class CheckpointSamples {
    private CheckpointSamples() {}

    static Tensor floats(int rows, int columns, float first) {
        float[] x = new float[rows * columns];
        for (int i = 0; i < x.length; i++) {
            x[i] = first + 0.1f * i;
        }
        return Tensor.wrap(x, rows, columns);
    }

    static Parameters parameters(float first, boolean bias) {
        return Parameters.of(
                List.of(floats(3, 2, first), floats(1, 3, first + 1)),
                bias
                        ? List.of(
                                Tensor.wrap(new double[] {1, 2, 3}, 3),
                                Tensor.wrap(new double[] {-0.0}, 1))
                        : List.of(),
                List.of(floats(3, 1, first + 2), floats(1, 1, first + 3)));
    }

    public static TrainingSnapshot snapshot(boolean bias) {
        Parameters p = parameters(1, bias);
        List<Tensor> moments = List.of(floats(3, 2, 9), floats(1, 3, 8));
        return new TrainingSnapshot(
                new EngineState(
                        p,
                        Map.of(
                                "forward",
                                new OptimizerState(1L << 40, moments, moments),
                                "feedback-pretraining",
                                new OptimizerState(3, moments, List.of()),
                                "feedback",
                                OptimizerState.fresh())),
                parameters(5, bias),
                new Progress(
                        1,
                        2,
                        3,
                        4,
                        new BestEpoch(
                                2,
                                new Evaluation(0.1, 1.0 / 3),
                                Evaluation.NONE,
                                new Evaluation(Double.MIN_VALUE, 0)),
                        new Evaluation(Math.PI, 1),
                        Double.POSITIVE_INFINITY,
                        0));
    }
}
