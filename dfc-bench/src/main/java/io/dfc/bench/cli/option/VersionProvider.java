package io.dfc.bench.cli.option;

import picocli.CommandLine.IVersionProvider;

import java.util.Optional;

/** The version of this build, and of the Java runtime under it. */
public final class VersionProvider implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"dfc " + buildVersion(), "Java " + Runtime.version()};
    }

    public static String buildVersion() {
        Optional<String> ofModule =
                Optional.ofNullable(VersionProvider.class.getModule().getDescriptor())
                        .flatMap(java.lang.module.ModuleDescriptor::rawVersion);
        return ofModule.or(
                        () ->
                                Optional.ofNullable(
                                        VersionProvider.class
                                                .getPackage()
                                                .getImplementationVersion()))
                .orElse("(version unknown: not run from a jar)");
    }
}
