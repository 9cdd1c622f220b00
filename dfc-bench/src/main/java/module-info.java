import org.jspecify.annotations.NullMarked;

/**
 * The {@code dfc} command line. Backends are found at run time, and none is named here.
 *
 * <p>Terms of this module; those of networks, loops and plans are explained in {@code io.dfc.api}:
 *
 * <ul>
 *   <li><b>run folder</b>: configuration, checkpoint, history and summary of one training; a
 *       <b>seed folder</b> holds the run folders of several seeds.
 *   <li><b>best epoch</b>: the epoch that is best on the validation set, whose network is evaluated
 *       and predicts.
 *   <li><b>golden file</b>: inputs of a computation and every quantity that the authors' program
 *       computed from them; its <b>kind</b> says which computation, a <b>scenario</b> runs it.
 *   <li><b>quantity</b>: a path in a golden file without list indices, such as {@code
 *       updates.grad_W}; its <b>measure</b> is how an error is formed, relative (Frobenius norms),
 *       absolute, cosine or exact.
 *   <li><b>workload</b>: a forward pass and one phase of a method with a solver; a <b>case</b> is a
 *       workload on a network, a <b>trial</b> a case that is ready to run at one size (batch {@code
 *       B}, Euler steps {@code S}).
 *   <li><b>peak</b>: the operations per second that a backend reaches with multiply-adds on
 *       registers alone; the <b>nearby peak</b> is measured just before and just after a case.
 *   <li><b>replicas</b>: networks of one shape that a backend trains side by side.
 *   <li><b>fallback</b>: simulation of a sample for which a solver found no cheaper solution within
 *       the tolerance.
 * </ul>
 */
@NullMarked
module io.dfc.bench {
    requires com.fasterxml.jackson.annotation;
    requires info.picocli;
    requires io.dfc.algorithms;
    requires io.dfc.api;
    requires java.desktop;
    requires java.management;
    requires java.xml;
    requires me.tongfei.progressbar;
    requires ojalgo;
    requires org.apache.commons.csv;
    requires org.apache.commons.statistics.inference;
    requires org.apache.xmlgraphics.batik.awt.util;
    requires org.apache.xmlgraphics.batik.svggen;
    requires static org.jspecify;
    requires tools.jackson.databind;
    requires xchart;

    opens io.dfc.bench.cli to
            info.picocli;
    opens io.dfc.bench.cli.exchange to
            info.picocli;
    opens io.dfc.bench.cli.option to
            info.picocli;
    opens io.dfc.bench.cli.predict to
            info.picocli;
    opens io.dfc.bench.cli.sweep to
            info.picocli;
    opens io.dfc.bench.cli.train to
            info.picocli,
            tools.jackson.databind;
    opens io.dfc.bench.golden.scenario to
            tools.jackson.databind;
    opens io.dfc.bench.report to
            tools.jackson.databind;

    provides System.LoggerFinder with
            io.dfc.bench.log.CommandLineLoggers;
}
