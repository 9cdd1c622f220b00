import io.dfc.algorithms.method.LearningMethod;
import io.dfc.algorithms.method.dfc.DfcMethods;
import io.dfc.algorithms.method.program.Backpropagation;
import io.dfc.algorithms.method.program.DirectFeedbackAlignment;
import io.dfc.algorithms.method.program.FeedbackAlignment;
import io.dfc.algorithms.method.program.ShallowBackpropagation;
import io.dfc.algorithms.method.strong.StrongDfc;
import io.dfc.algorithms.method.strong.StrongDfcTwoPhase;

/**
 * Training with Deep Feedback Control: data sets, configurations, the training loop and its
 * checkpoints.
 */
module io.dfc.algorithms {
    requires transitive io.dfc.api;
    // For those who wire runs with Guice; nothing else needs either.
    requires static com.google.guice;
    requires static jakarta.inject;
    requires java.net.http;
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
    exports io.dfc.algorithms.files;
    exports io.dfc.algorithms.inject;
    exports io.dfc.algorithms.method;
    exports io.dfc.algorithms.method.dfc;
    exports io.dfc.algorithms.method.program;
    exports io.dfc.algorithms.method.strong;
    exports io.dfc.algorithms.run;
    exports io.dfc.algorithms.store;
    exports io.dfc.algorithms.train;

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
            DirectFeedbackAlignment;
}
