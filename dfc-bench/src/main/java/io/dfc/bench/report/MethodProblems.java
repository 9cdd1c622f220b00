package io.dfc.bench.report;

import io.dfc.algorithms.method.LearningMethods;

import java.io.PrintWriter;

/** Learning methods that were found and cannot be used. */
public final class MethodProblems {
    private MethodProblems() {}

    /**
     * Prints why each of them cannot be used, one to a line.
     *
     * @param methods the methods that were found
     * @param err receives the lines, and is flushed
     */
    public static void print(LearningMethods methods, PrintWriter err) {
        for (String problem : methods.problems()) {
            err.println("method left out: " + Text.oneLine(problem));
        }
        err.flush();
    }
}
