package io.dfc.algorithms.run;

import io.dfc.algorithms.data.DataEncoding;
import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.data.TargetEncoding;
import io.dfc.api.spi.Engine;
import io.dfc.api.tensor.Tensor;

import org.apache.commons.csv.CSVFormat;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Writes the outputs of a network for samples as CSV, a row for each. For classes: the most likely
 * one, and a score for each, the softmax of the outputs. For a number: the number, in its own unit.
 */
public final class Predictor {
    /** Float32 has about as many digits. */
    private static final MathContext DIGITS = new MathContext(7);

    private final Engine engine;
    private final DataEncoding encoding;

    /** Samples, one after the other. */
    @FunctionalInterface
    public interface Source {
        /**
         * Takes the next samples.
         *
         * @param inputs receives the inputs, row-major, from position 0
         * @param most number of samples that fit
         * @return number of samples taken; 0 at the end
         */
        int next(double[] inputs, int most);
    }

    /**
     * A predictor.
     *
     * @param engine engine that holds the parameters
     * @param encoding how outputs are interpreted
     */
    public Predictor(Engine engine, DataEncoding encoding) {
        this.engine = engine;
        this.encoding = encoding;
    }

    /**
     * A data set of one sample, for the sizes of a network.
     *
     * @param encoding how samples become numbers
     * @return the data set
     */
    public static DataSet example(DataEncoding encoding) {
        double[] inputs = new double[encoding.inputs()];
        return switch (encoding.targets()) {
            case TargetEncoding.Classes c ->
                    DataSet.classification(
                            "example", inputs, inputs.length, new int[1], c.names().size());
            case TargetEncoding.Scale _ ->
                    DataSet.regression("example", inputs, inputs.length, new double[1], 1);
            case TargetEncoding.Vector v -> {
                int outputs = v.components().size();
                yield DataSet.regression(
                        "example", inputs, inputs.length, new double[outputs], outputs);
            }
            case TargetEncoding.Inputs _ ->
                    DataSet.regression("example", inputs, inputs.length, inputs, inputs.length);
        };
    }

    /** {@return the length of an input} */
    public int inputs() {
        return encoding.inputs();
    }

    /**
     * Predicts all samples.
     *
     * @param samples the samples
     * @param out receives a header and a row for each sample
     * @return number of samples
     * @throws IOException if writing fails
     */
    public long write(Source samples, Appendable out) throws IOException {
        int most = engine.plan().maxBatch();
        double[] inputs = new double[most * encoding.inputs()];
        print(header(), out);
        long count = 0;
        for (int n = samples.next(inputs, most); n > 0; n = samples.next(inputs, most)) {
            Tensor outputs = outputs(inputs, n);
            for (int i = 0; i < n; i++) {
                print(row(outputs, i), out);
            }
            count += n;
        }
        return count;
    }

    private static void print(List<String> row, Appendable out) throws IOException {
        out.append(CSVFormat.RFC4180.format(row.toArray())).append('\n');
    }

    private Tensor outputs(double[] inputs, int samples) {
        var network = engine.plan().network();
        double[] used = Arrays.copyOf(inputs, samples * network.inputs());
        return engine.infer(Tensor.wrap(used, samples, network.inputs())).rate(network.depth() - 1);
    }

    private List<String> header() {
        List<String> header = new ArrayList<>();
        switch (encoding.targets()) {
            case TargetEncoding.Classes c -> {
                header.add("prediction");
                c.names().forEach(name -> header.add("score " + name));
            }
            case TargetEncoding.Scale _ -> header.add("prediction");
            case TargetEncoding.Vector v ->
                    v.components().forEach(part -> header.add("prediction " + part.name()));
            case TargetEncoding.Inputs _ -> {
                for (int i = 0; i < encoding.inputs(); i++) {
                    header.add("output " + i);
                }
            }
        }
        return header;
    }

    private List<String> row(Tensor outputs, int sample) {
        int width = outputs.dim(1);
        double[] values = new double[width];
        Arrays.setAll(values, j -> outputs.get(sample * width + j));
        NetworkOutputs decoder = new NetworkOutputs(encoding.targets());
        double[] decoded = decoder.decode(values);
        return switch (encoding.targets()) {
            case TargetEncoding.Classes c -> {
                List<String> row = new ArrayList<>();
                row.add(c.names().get(NetworkOutputs.largest(decoded)));
                for (double score : decoded) {
                    row.add(String.format(Locale.ROOT, "%.6f", score));
                }
                yield row;
            }
            case TargetEncoding.Scale s -> List.of(inUnit(s, decoded[0]));
            case TargetEncoding.Vector v -> {
                List<String> row = new ArrayList<>();
                for (int j = 0; j < decoded.length; j++) {
                    row.add(inUnit(v.components().get(j).scale(), decoded[j]));
                }
                yield row;
            }
            case TargetEncoding.Inputs _ ->
                    Arrays.stream(decoded).mapToObj(Predictor::rounded).toList();
        };
    }

    /** As many digits as the deviation of the targets has meaning for, whatever their mean. */
    private static String inUnit(TargetEncoding.Scale scale, double value) {
        if (!Double.isFinite(value)) {
            return Double.toString(value);
        }
        int places = DIGITS.getPrecision() - 1 - (int) Math.floor(Math.log10(scale.deviation()));
        BigDecimal number =
                new BigDecimal(value).setScale(places, RoundingMode.HALF_EVEN).stripTrailingZeros();
        return number.toPlainString();
    }

    private static String rounded(double value) {
        return Double.isFinite(value)
                ? new BigDecimal(value).round(DIGITS).stripTrailingZeros().toPlainString()
                : Double.toString(value);
    }
}
