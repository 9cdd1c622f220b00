package io.dfc.bench.cli;

import io.dfc.algorithms.method.LearningMethod;
import io.dfc.algorithms.method.LearningMethods;
import io.dfc.bench.report.MethodProblems;
import io.dfc.bench.report.Table;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code dfc methods}: the installed learning methods. */
@Command(
        name = "methods",
        description = "List the methods that train can use.",
        mixinStandardHelpOptions = true)
final class MethodsCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        LearningMethods methods = LearningMethods.installed();
        Map<String, String> rows = new LinkedHashMap<>();
        for (LearningMethod<?> method : methods.all()) {
            rows.put(method.name(), method.summary());
        }
        spec.commandLine().getOut().print(Table.pairs(rows));
        spec.commandLine().getOut().flush();
        MethodProblems.print(methods, spec.commandLine().getErr());
        return ExitCode.OK;
    }
}
