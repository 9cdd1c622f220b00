import io.dfc.algorithms.method.LearningMethod;
import io.dfc.algorithms.method.control.DynamicInversion;
import io.dfc.algorithms.method.control.EnergyBased;
import io.dfc.algorithms.method.control.KolenPollack;
import io.dfc.algorithms.method.control.LinearFeedback;
import io.dfc.algorithms.method.dfc.DfcMethods;
import io.dfc.algorithms.method.inverse.GaitProp;
import io.dfc.algorithms.method.inverse.InverseTargetPropagation;
import io.dfc.algorithms.method.newton.GaussNewton;
import io.dfc.algorithms.method.newton.GaussNewtonTargets;
import io.dfc.algorithms.method.newton.MinimumNorm;
import io.dfc.algorithms.method.perturb.Dopamine;
import io.dfc.algorithms.method.perturb.WeightPerturbation;
import io.dfc.algorithms.method.program.Backpropagation;
import io.dfc.algorithms.method.program.DirectFeedbackAlignment;
import io.dfc.algorithms.method.program.FeedbackAlignment;
import io.dfc.algorithms.method.program.ShallowBackpropagation;
import io.dfc.algorithms.method.propagation.DifferenceReconstruction;
import io.dfc.algorithms.method.propagation.DifferenceTargetPropagation;
import io.dfc.algorithms.method.propagation.DirectControl;
import io.dfc.algorithms.method.propagation.DirectLinear;
import io.dfc.algorithms.method.propagation.DirectRandomHidden;
import io.dfc.algorithms.method.propagation.LocalDifferenceReconstruction;
import io.dfc.algorithms.method.strong.StrongDfc;
import io.dfc.algorithms.method.strong.StrongDfcTwoPhase;

import org.jspecify.annotations.NullMarked;

/**
 * Training with Deep Feedback Control: data sets, configurations, learning methods, the training
 * loop and its checkpoints.
 *
 * <h2>Terms</h2>
 *
 * <dl>
 *   <dt>sample
 *   <dd>an input {@code x = r_0} of length {@code n_0} with its target: a class, a vector {@code y}
 *       of length {@code n_L}, or, in an autoencoder, {@code x} itself
 *   <dt>encoding
 *   <dd>the map from files to inputs and targets, fitted to the training samples and stored with a
 *       run, so that other files are read in the same way
 *   <dt>minibatch
 *   <dd>{@code B} samples on which an engine works at once
 *   <dt>sweep
 *   <dd>one visit of every minibatch of the training set, in a shuffled order; in pre-training it
 *       may end early
 *   <dt>epoch
 *   <dd>the sweeps before the training sweep, the training sweep, and the sweeps after it; training
 *       starts after the pre-training sweeps of the feedback weights {@code Q}
 *   <dt>interleaved steps
 *   <dd>steps that learn from every n-th minibatch of the training sweep beside its own update, as
 *       those of {@code Q} may in place of sweeps
 *   <dt>forward weights
 *   <dd>{@code W_i} and biases {@code b_i}, from layer {@code i - 1} to layer {@code i}
 *   <dt>feedback weights
 *   <dd>{@code Q_i}, from the control signal {@code u} to the apical compartments of layer {@code
 *       i}
 *   <dt>learning plan
 *   <dd>the plan of a method (groups of parameters, phases, optimisers, steps), its initial
 *       parameters, and the sweeps that run it
 *   <dt>run
 *   <dd>the training of one network from a configuration and a seed; its files are in a run folder,
 *       which one process at a time may write, the holder of its lease
 * </dl>
 */
@NullMarked
@SuppressWarnings("module") // the command line, to which one package is exported, uses this module
module io.dfc.algorithms {
    requires transitive io.dfc.api;
    // For those who wire runs with Guice; nothing else needs either.
    requires static com.google.guice;
    requires static jakarta.inject;
    requires static org.jspecify;
    requires java.net.http;
    // To tell Flight Recorder of minibatches; done without where it is missing.
    requires static jdk.jfr;
    requires ojalgo;
    requires org.apache.commons.csv;
    requires com.fasterxml.jackson.annotation;
    requires tools.jackson.databind;
    requires tools.jackson.dataformat.yaml;

    exports io.dfc.algorithms.config;
    exports io.dfc.algorithms.data;
    exports io.dfc.algorithms.data.csv;
    exports io.dfc.algorithms.data.download;
    exports io.dfc.algorithms.data.idx;
    exports io.dfc.algorithms.data.source;
    exports io.dfc.algorithms.data.synthetic;
    exports io.dfc.algorithms.diagnostics;
    exports io.dfc.algorithms.diagnostics.run;
    exports io.dfc.algorithms.exchange;
    exports io.dfc.algorithms.files to
            io.dfc.bench;
    exports io.dfc.algorithms.formats;
    exports io.dfc.algorithms.formats.onnx;
    exports io.dfc.algorithms.inject;
    exports io.dfc.algorithms.measure;
    exports io.dfc.algorithms.method;
    exports io.dfc.algorithms.method.control;
    exports io.dfc.algorithms.method.dfc;
    exports io.dfc.algorithms.method.inverse;
    exports io.dfc.algorithms.method.newton;
    exports io.dfc.algorithms.method.perturb;
    exports io.dfc.algorithms.method.program;
    exports io.dfc.algorithms.method.propagation;
    exports io.dfc.algorithms.method.strong;
    exports io.dfc.algorithms.model;
    exports io.dfc.algorithms.run;
    exports io.dfc.algorithms.store;
    exports io.dfc.algorithms.train;
    exports io.dfc.algorithms.yaml to
            io.dfc.bench;

    opens io.dfc.algorithms.config to
            tools.jackson.databind;
    opens io.dfc.algorithms.inject to
            com.google.guice;
    opens io.dfc.algorithms.store to
            tools.jackson.databind;

    uses LearningMethod;

    provides LearningMethod with
            DfcMethods.Dfc,
            DfcMethods.DfcFixed,
            DfcMethods.DfcSs,
            DfcMethods.DfcSsFixed,
            DfcMethods.DfcSsa,
            DfcMethods.DfcSsaFixed,
            StrongDfc,
            StrongDfcTwoPhase,
            Backpropagation,
            ShallowBackpropagation,
            FeedbackAlignment,
            DirectFeedbackAlignment,
            DifferenceReconstruction,
            DifferenceTargetPropagation,
            DirectControl,
            DirectLinear,
            DirectRandomHidden,
            LocalDifferenceReconstruction,
            DynamicInversion,
            EnergyBased,
            KolenPollack,
            LinearFeedback,
            GaitProp,
            InverseTargetPropagation,
            Dopamine,
            WeightPerturbation,
            GaussNewton,
            GaussNewtonTargets,
            MinimumNorm;
}
