/** The {@code dfc} command line. Backends are found at run time, and none is named here. */
module io.dfc.bench {
    requires info.picocli;
    requires io.dfc.algorithms;
    requires io.dfc.api;
    requires java.management;
    requires me.tongfei.progressbar;
    requires tools.jackson.databind;

    opens io.dfc.bench.cli to
            info.picocli;
    opens io.dfc.bench.cli.option to
            info.picocli;
    opens io.dfc.bench.cli.predict to
            info.picocli;
    opens io.dfc.bench.cli.train to
            info.picocli;
}
