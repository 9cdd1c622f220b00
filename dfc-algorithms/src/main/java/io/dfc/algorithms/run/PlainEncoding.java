package io.dfc.algorithms.run;

import io.dfc.algorithms.data.ColumnEncoding;
import io.dfc.algorithms.data.MissingPolicy;
import io.dfc.algorithms.data.TableEncoding;
import io.dfc.algorithms.data.TargetEncoding;

import java.util.List;
import java.util.stream.IntStream;

/** Encodings of numbers that are taken as they are: mean 0, deviation 1. */
public final class PlainEncoding {
    /** What the target column is called where nobody named it. */
    public static final String TARGET = "target";

    private PlainEncoding() {}

    /**
     * Names for columns without any.
     *
     * @param prefix what they begin with
     * @param count how many
     * @return such as {@code x0, x1}
     */
    public static List<String> names(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
    }

    /**
     * The encoding of numbers to predict.
     *
     * @param columns names of the inputs
     * @param targets names of the targets, at least one
     * @return the encoding
     */
    public static TableEncoding ofNumbers(List<String> columns, List<String> targets) {
        return new TableEncoding(
                targets.size() == 1 ? targets.getFirst() : TARGET,
                columns(columns),
                MissingPolicy.ERROR,
                targets.size() == 1
                        ? new TargetEncoding.Scale(0, 1)
                        : new TargetEncoding.Vector(
                                targets.stream()
                                        .map(name -> new TargetEncoding.Component(name, 0, 1))
                                        .toList()));
    }

    /**
     * The encoding of samples of classes.
     *
     * @param columns names of the inputs
     * @param classes names of the classes
     * @return the encoding
     */
    public static TableEncoding ofClasses(List<String> columns, List<String> classes) {
        return new TableEncoding(
                TARGET, columns(columns), MissingPolicy.ERROR, new TargetEncoding.Classes(classes));
    }

    private static List<ColumnEncoding> columns(List<String> names) {
        return names.stream()
                .map(name -> (ColumnEncoding) new ColumnEncoding.Numeric(name, 0, 1))
                .toList();
    }
}
