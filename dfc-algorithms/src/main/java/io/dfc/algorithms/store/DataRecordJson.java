package io.dfc.algorithms.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonUnwrapped;

import io.dfc.algorithms.data.ColumnEncoding;
import io.dfc.algorithms.data.DataEncoding;
import io.dfc.algorithms.data.ImageEncoding;
import io.dfc.algorithms.data.MissingPolicy;
import io.dfc.algorithms.data.Normalization;
import io.dfc.algorithms.data.TableEncoding;
import io.dfc.algorithms.data.TargetEncoding;
import io.dfc.algorithms.files.JsonProblem;
import io.dfc.algorithms.files.StrictJson;
import io.dfc.api.error.BadDataException;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

import java.util.List;
import java.util.Optional;

/**
 * The JSON form of a {@link DataRecord}.
 *
 * @param format name of the form
 * @param version its version
 * @param source name of the data set
 * @param fingerprint digest of all samples
 * @param train number of training samples
 * @param validation number of validation samples
 * @param test number of test samples
 * @param encoding how samples become numbers; its keys stand beside the others
 */
@JsonPropertyOrder({
    "format",
    "version",
    "source",
    "fingerprint",
    "train",
    "validation",
    "test",
    "encoding"
})
record DataRecordJson(
        String format,
        int version,
        String source,
        String fingerprint,
        @JsonProperty(required = true) int train,
        @JsonProperty(required = true) int validation,
        @JsonProperty(required = true) int test,
        @JsonUnwrapped @Nullable Encoding encoding) {
    private static final String FORMAT = "dfc-data";
    private static final int VERSION = 1;

    private static final JsonMapper JSON =
            StrictJson.mapper()
                    // A later version may know more, and what this one reads is all there.
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .changeDefaultPropertyInclusion(
                            i -> i.withValueInclusion(JsonInclude.Include.NON_NULL))
                    .addMixIn(ColumnEncoding.class, ColumnKinds.class)
                    .addMixIn(ColumnEncoding.Numeric.class, RequiredNumbers.class)
                    .addMixIn(ColumnEncoding.Category.class, RequiredNumbers.class)
                    .addMixIn(TargetEncoding.Scale.class, RequiredNumbers.class)
                    .addMixIn(TargetEncoding.Component.class, RequiredNumbers.class)
                    .build();

    /**
     * What tells this form from others.
     *
     * @param format name of the form
     * @param version its version
     */
    private record Header(String format, int version) {}

    /** The kinds of columns have different keys. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
    @JsonSubTypes({
        @JsonSubTypes.Type(ColumnEncoding.Numeric.class),
        @JsonSubTypes.Type(ColumnEncoding.Category.class)
    })
    private interface ColumnKinds {}

    /** Numbers of the parts of encodings for which 0 would do, but must not stand in. */
    private interface RequiredNumbers {
        @JsonProperty(required = true)
        double mean();

        @JsonProperty(required = true)
        int usual();
    }

    /**
     * An encoding; what it does not have is null.
     *
     * @param table inputs of a table
     * @param images inputs of images
     * @param classes names of the classes
     * @param target mean and deviation of targets that are numbers
     * @param targets names, means and deviations of targets that are several numbers
     */
    record Encoding(
            @Nullable Table table,
            @Nullable Images images,
            @Nullable List<String> classes,
            TargetEncoding.@Nullable Scale target,
            @Nullable List<TargetEncoding.Component> targets) {
        private static Encoding of(DataEncoding encoding) {
            return new Encoding(
                    encoding instanceof TableEncoding t
                            ? new Table(t.target(), t.missing(), t.columns())
                            : null,
                    encoding instanceof ImageEncoding i ? Images.of(i) : null,
                    encoding.targets() instanceof TargetEncoding.Classes(List<String> names)
                            ? names
                            : null,
                    encoding.targets() instanceof TargetEncoding.Scale scale ? scale : null,
                    encoding.targets()
                                    instanceof
                                    TargetEncoding.Vector(List<TargetEncoding.Component> parts)
                            ? parts
                            : null);
        }
    }

    /**
     * A table.
     *
     * @param target name of the target column
     * @param missing what becomes of missing cells
     * @param columns the other columns
     */
    record Table(String target, MissingPolicy missing, List<ColumnEncoding> columns) {}

    /**
     * Images.
     *
     * @param pixels number of pixels
     * @param white value of a white pixel
     * @param mean mean of the inputs before normalisation
     * @param deviation their standard deviation
     */
    record Images(
            int pixels,
            double white,
            @JsonProperty(required = true) double mean,
            double deviation) {
        private static Images of(ImageEncoding encoding) {
            return new Images(
                    encoding.inputs(),
                    encoding.white(),
                    encoding.normalization().mean(),
                    encoding.normalization().deviation());
        }
    }

    static String write(DataRecord record) {
        return JSON.writerWithDefaultPrettyPrinter()
                        .writeValueAsString(
                                new DataRecordJson(
                                        FORMAT,
                                        VERSION,
                                        record.source(),
                                        record.fingerprint(),
                                        record.train(),
                                        record.validation(),
                                        record.test(),
                                        record.encoding().map(Encoding::of).orElse(null)))
                + "\n";
    }

    /**
     * Reads a record.
     *
     * @throws BadDataException if the text is none
     */
    static DataRecord read(String file, String text) {
        Reader reader = new Reader(file);
        reader.requireJson(text);
        Header header = reader.bind(text, Header.class);
        reader.require(
                header != null && FORMAT.equals(header.format) && header.version == VERSION,
                "is no record of data of this version, expected " + FORMAT + " " + VERSION);
        return reader.record(reader.bind(text, DataRecordJson.class));
    }

    /** Checks what is bound. */
    private record Reader(String file) {
        /** Binding would stop at the first value of another type, before the text's end is seen. */
        void requireJson(String text) {
            try {
                JSON.readTree(text);
            } catch (JacksonException e) {
                throw bad("is no JSON: " + JsonProblem.of(e.getOriginalMessage()));
            }
        }

        <T> T bind(String text, Class<T> type) {
            try {
                return JSON.readValue(text, type);
            } catch (JacksonException e) {
                String key = StrictJson.path(e);
                throw bad(
                        key.isEmpty()
                                ? "is no record of data"
                                : "has no \"" + key + "\" of the right type");
            }
        }

        DataRecord record(DataRecordJson json) {
            require(json.source != null, "has no text \"source\"");
            require(json.fingerprint != null, "has no text \"fingerprint\"");
            require(
                    Math.min(json.train, Math.min(json.validation, json.test)) >= 0,
                    "has a negative number of samples");
            return new DataRecord(
                    json.source,
                    json.fingerprint,
                    json.train,
                    json.validation,
                    json.test,
                    encoding(json.encoding));
        }

        private Optional<DataEncoding> encoding(@Nullable Encoding encoding) {
            if (encoding == null) {
                return Optional.empty();
            }
            if (encoding.table != null) {
                return Optional.of(table(encoding.table, targets(encoding)));
            }
            return encoding.images == null
                    ? Optional.empty()
                    : Optional.of(images(encoding.images, targets(encoding)));
        }

        private TargetEncoding targets(Encoding encoding) {
            if (encoding.classes != null) {
                require(!encoding.classes.isEmpty(), "lists no classes");
                requireTexts("classes", encoding.classes);
                return new TargetEncoding.Classes(encoding.classes);
            }
            if (encoding.targets != null) {
                return vector(encoding.targets);
            }
            if (encoding.target == null) {
                return new TargetEncoding.Inputs();
            }
            requireDeviation(encoding.target.deviation());
            return encoding.target;
        }

        private TargetEncoding vector(List<TargetEncoding.Component> parts) {
            require(!parts.isEmpty(), "lists no targets");
            for (TargetEncoding.Component part : parts) {
                require(part != null && part.name() != null, "has a target without a name");
                requireDeviation(part.deviation());
            }
            return new TargetEncoding.Vector(parts);
        }

        private TableEncoding table(Table table, TargetEncoding targets) {
            require(table.target != null, "has no text \"table.target\"");
            require(table.missing != null, "has no \"table.missing\"");
            require(table.columns != null && !table.columns.isEmpty(), "lists no columns");
            for (ColumnEncoding column : table.columns) {
                require(column != null && column.name() != null, "has a column without a name");
                switch (column) {
                    case ColumnEncoding.Numeric numeric -> requireDeviation(numeric.deviation());
                    case ColumnEncoding.Category category ->
                            require(
                                    category.usual() >= 0
                                            && category.usual() < category.values().size(),
                                    "usual is "
                                            + category.usual()
                                            + ", expected 0 to "
                                            + (category.values().size() - 1));
                }
            }
            return new TableEncoding(table.target, table.columns, table.missing, targets);
        }

        private ImageEncoding images(Images images, TargetEncoding targets) {
            require(
                    images.white > 0 && images.pixels >= 1,
                    "expected a white and a number of pixels above 0");
            requireDeviation(images.deviation);
            return new ImageEncoding(
                    images.pixels,
                    images.white,
                    new Normalization(images.mean, images.deviation),
                    targets);
        }

        private void requireTexts(String key, List<String> texts) {
            require(texts.stream().noneMatch(t -> t == null), key + " holds null, expected texts");
        }

        private void requireDeviation(double value) {
            require(value > 0, "has a deviation of " + value + ", expected one above 0");
        }

        void require(boolean condition, String problem) {
            if (!condition) {
                throw bad(problem);
            }
        }

        private BadDataException bad(String problem) {
            return new BadDataException(file, problem);
        }
    }
}
