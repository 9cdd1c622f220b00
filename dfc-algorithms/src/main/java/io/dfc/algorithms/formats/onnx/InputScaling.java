package io.dfc.algorithms.formats.onnx;

import io.dfc.algorithms.data.ColumnEncoding;
import io.dfc.algorithms.data.DataEncoding;
import io.dfc.algorithms.data.ImageEncoding;
import io.dfc.algorithms.data.TableEncoding;

import java.util.Arrays;
import java.util.List;

/**
 * The map {@code (x - centre) / scale} from what a model is given to the inputs of the network.
 *
 * @param centre subtracted, one number for each input
 * @param scale divisors
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record InputScaling(double[] centre, double[] scale) {
    /**
     * The map of an encoding. Of an image it takes the values of pixels as their file has them; of
     * a table the numbers of a column as they are, and for a column of text 1 for the value that is
     * there and 0 for the others.
     */
    static InputScaling of(DataEncoding encoding) {
        double[] centre = new double[encoding.inputs()];
        double[] scale = new double[encoding.inputs()];
        switch (encoding) {
            case ImageEncoding(_, double white, var normalization, _) -> {
                Arrays.fill(centre, normalization.mean() * white);
                Arrays.fill(scale, normalization.deviation() * white);
            }
            case TableEncoding table -> fill(table.columns(), centre, scale);
        }
        return new InputScaling(centre, scale);
    }

    private static void fill(List<ColumnEncoding> columns, double[] centre, double[] scale) {
        int at = 0;
        for (ColumnEncoding column : columns) {
            switch (column) {
                case ColumnEncoding.Numeric(_, double mean, double deviation) -> {
                    centre[at] = mean;
                    scale[at] = deviation;
                }
                case ColumnEncoding.Category _ -> Arrays.fill(scale, at, at + column.width(), 1);
            }
            at += column.width();
        }
    }

    /** Names of what a model is given, such as {@code petal length} and {@code colour=red}. */
    static List<String> names(DataEncoding encoding) {
        return switch (encoding) {
            case ImageEncoding _ -> List.of();
            case TableEncoding table ->
                    table.columns().stream()
                            .flatMap(
                                    column ->
                                            switch (column) {
                                                case ColumnEncoding.Numeric n ->
                                                        List.of(n.name()).stream();
                                                case ColumnEncoding.Category c ->
                                                        c.values().stream()
                                                                .map(v -> c.name() + "=" + v);
                                            })
                            .toList();
        };
    }
}
