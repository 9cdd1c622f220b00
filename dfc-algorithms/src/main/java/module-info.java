/**
 * Training with Deep Feedback Control: data sets, configurations, the training loop and its
 * checkpoints.
 */
module io.dfc.algorithms {
    requires transitive io.dfc.api;
    requires com.google.guice;
    requires jakarta.inject;
    requires java.net.http;
    requires org.apache.commons.csv;
    requires tools.jackson.databind;
    requires tools.jackson.dataformat.yaml;
}
