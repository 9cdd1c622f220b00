package io.dfc.api.testkit.scenario;

import io.dfc.api.control.ControlTile;
import io.dfc.api.control.Controller;
import io.dfc.api.learn.LayerTile;
import io.dfc.api.learn.LearningRule;
import io.dfc.api.network.Activation;

/** A controller and a rule as a user would write them, with state of their own. */
final class UserCode {
    private UserCode() {}

    /** Integrates the error twice, and looks at the output's deviation as well. */
    record DoubleIntegrator() implements Controller {
        @Override
        public int stateSize(int outputs) {
            return 2 * outputs;
        }

        @Override
        public void step(ControlTile tile, double timeStep) {
            int width = tile.width();
            for (int s = 0; s < tile.samples(); s++) {
                for (int j = 0; j < width; j++) {
                    int at = tile.offset() + s * width + j;
                    int first = s * 2 * width + j;
                    tile.state()[first] += timeStep * (tile.error()[at] - 0.1 * tile.control()[at]);
                    tile.state()[first + width] += timeStep * tile.state()[first];
                    tile.control()[at] =
                            tile.state()[first]
                                    + 0.1 * tile.state()[first + width]
                                    + 0.5 * tile.error()[at]
                                    - 0.01 * tile.rateDeviation()[at]
                                    + 1e-6 * tile.feedforwardRate()[at];
                }
            }
        }

        @Override
        public double leakage() {
            return 0.1;
        }
    }

    /** A low-passed voltage difference, weighted by the slope at the basal voltage. */
    record FilteredDifference() implements LearningRule {
        @Override
        public int stateSize(int width) {
            return width;
        }

        @Override
        public void postsynapticFactor(Activation activation, LayerTile tile) {
            int n = tile.samples() * tile.width();
            for (int i = 0; i < n; i++) {
                int at = tile.offset() + i;
                tile.state()[i] += 0.3 * (tile.difference()[at] - tile.state()[i]);
                double basal = tile.feedforwardVoltage()[at] + tile.basalDeviation()[at];
                tile.postsynapticFactor()[at] = tile.state()[i] / (1 + basal * basal);
            }
        }
    }
}
