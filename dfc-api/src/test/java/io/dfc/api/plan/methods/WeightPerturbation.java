package io.dfc.api.plan.methods;

import io.dfc.api.learn.Clipping;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.LayerProgram.Buffer;
import io.dfc.api.plan.Operation.Activate.Form;
import io.dfc.api.plan.Operation.NoiseInto;
import io.dfc.api.plan.Operation.ParameterNoise;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.ProgramBuilder;

import java.util.ArrayList;
import java.util.List;

/**
 * Weight perturbation: {@code xi} for all parameters, {@code d = Loss(theta + xi) - Loss(theta)},
 * {@code G = d xi / sigma^2}; reports {@code d}, from which a method may adapt its rate (arXiv
 * 2510.22178).
 */
final class WeightPerturbation {
    /** The number that is reported. */
    static final String ERROR = "predictionError";

    private WeightPerturbation() {}

    static LayerProgram of(Network network, ParameterGroup w, ParameterGroup b, double sigma) {
        ProgramBuilder p = LayerProgram.builder(network).gradient(new Clipping.None(), w, b);
        List<ParameterNoise> drawn = new ArrayList<>();
        Buffer below = p.input();
        for (int i = 0; i < network.depth(); i++) {
            String at = "_" + (i + 1);
            ParameterNoise ofWeights = new ParameterNoise(w, i, 2 * i, sigma);
            ParameterNoise ofBiases = new ParameterNoise(b, i, 2 * i + 1, sigma);
            Buffer clean = p.addBias("z" + at, p.product("z" + at, w, i, below), b, i);
            Buffer change =
                    p.addBias("n" + at, p.product("n" + at, ofWeights, false, below), ofBiases);
            Buffer voltage = p.combine("z" + at, 1, clean, 1, change);
            below = p.activate("h" + at, Form.RATE, network.activation(i), voltage);
            drawn.add(ofWeights);
            drawn.add(ofBiases);
        }
        Buffer before = p.sampleLoss("before", p.rate(network.depth() - 1));
        Buffer error = p.combine("d", 1, p.sampleLoss("after", below), -1, before);
        drawn.forEach(xi -> p.add(new NoiseInto(xi, 1 / (sigma * sigma), error)));
        return p.report(ERROR, error).build();
    }
}
