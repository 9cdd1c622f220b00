package io.dfc.algorithms.config;

import java.util.Optional;

/**
 * The feedback weights: how they start and how they learn.
 *
 * @param initialization {@code weight-product}, {@code xavier-normal}, {@code xavier} or {@code
 *     orthogonal}
 * @param initializationNoise standard deviation of noise added to the weight product, at least 0
 * @param freezeOutput whether the output layer's feedback weights stay the identity
 * @param pretrainingEpochs sweeps before the first epoch, at least 0
 * @param extraEpochs sweeps at the end of every epoch, at least 0
 * @param epochBeforeForward whether every epoch begins with a pass
 * @param rule {@code normal-controller}, {@code special-controller} or {@code old-rule}
 * @param optimizer {@code adam} or {@code sgd}
 * @param learningRate learning rate during training, at least 0
 * @param pretrainingLearningRate learning rate before training, at least 0
 * @param beta1 Adam's decay of the first moment, in [0, 1)
 * @param beta2 Adam's decay of the second moment, in [0, 1)
 * @param epsilon Adam's epsilon, above 0
 * @param momentum momentum of SGD, in [0, 1)
 * @param weightDecay L2 decay, at least 0
 * @param clipNorm bound on the joint norm of the gradient, above 0; absent: none
 * @param homeostaticWeightDecay rate of the homeostatic decay, at least 0; absent: none
 * @param homeostaticConstant squared norm at rest, at least 0; absent: that of the initial feedback
 *     weights
 * @param leakage leakage alpha of the controller, at least 0
 * @param proportionalGain {@code k_p}, at least 0
 * @param timeStep {@code dt}, above 0
 * @param timePoints number of time points, at least 2
 * @param timeConstantRatio somatic time constant, at least {@code timeStep}
 * @param apicalTimeConstant apical time constant, above 0; absent: the time step
 * @param instantTransmission whether a layer sees the layer below at once
 * @param instantSystem whether voltages follow their inputs at once
 * @param noiseSigma noise in the hidden layers, above 0
 * @param noiseSigmaOutput noise in the output layer; absent: as in the hidden layers
 * @param solverTolerance bound on the estimated relative error of an update that solver auto
 *     accepts, in (0, 1); the noise of one minibatch moves the update far more
 */
public record FeedbackSection(
        String initialization,
        double initializationNoise,
        boolean freezeOutput,
        int pretrainingEpochs,
        int extraEpochs,
        boolean epochBeforeForward,
        String rule,
        String optimizer,
        double learningRate,
        double pretrainingLearningRate,
        double beta1,
        double beta2,
        double epsilon,
        double momentum,
        double weightDecay,
        Optional<Double> clipNorm,
        Optional<Double> homeostaticWeightDecay,
        Optional<Double> homeostaticConstant,
        double leakage,
        double proportionalGain,
        double timeStep,
        int timePoints,
        double timeConstantRatio,
        Optional<Double> apicalTimeConstant,
        boolean instantTransmission,
        boolean instantSystem,
        double noiseSigma,
        Optional<Double> noiseSigmaOutput,
        double solverTolerance) {}
