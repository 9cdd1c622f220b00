package io.dfc.algorithms.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.dfc.algorithms.data.ColumnEncoding;
import io.dfc.algorithms.data.DataEncoding;
import io.dfc.algorithms.data.ImageEncoding;
import io.dfc.algorithms.data.MissingPolicy;
import io.dfc.algorithms.data.Normalization;
import io.dfc.algorithms.data.TableEncoding;
import io.dfc.algorithms.data.TargetEncoding;
import io.dfc.api.error.BadDataException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

class DataRecordTest {
    private static final DataEncoding TABLE =
            new TableEncoding(
                    "y \"quoted\"",
                    List.of(
                            new ColumnEncoding.Numeric("a", 1.0 / 3, 1e-300),
                            new ColumnEncoding.Category("p", List.of("s", "t,u"), 1)),
                    MissingPolicy.MEAN,
                    new TargetEncoding.Classes(List.of("no", "yes")));

    @TempDir private Path folder;

    private static DataRecord record(DataEncoding encoding) {
        return new DataRecord("csv:/a.csv", "f00", 8, 1, 1, Optional.ofNullable(encoding));
    }

    @Test
    void whatIsWrittenIsReadToTheLastBit() {
        List<DataEncoding> encodings =
                List.of(
                        TABLE,
                        new TableEncoding(
                                "y",
                                List.of(new ColumnEncoding.Numeric("a", -0.1, 3)),
                                MissingPolicy.ERROR,
                                new TargetEncoding.Scale(1e5 / 3, Math.PI)),
                        new ImageEncoding(
                                784, 255, Normalization.MNIST, new TargetEncoding.Inputs()));
        RunFolder run = new RunFolder(folder);
        for (DataEncoding encoding : encodings) {
            record(encoding).write(run);
            assertThat(DataRecord.read(run)).contains(record(encoding));
        }
        record(null).write(run);
        assertThat(DataRecord.read(run)).contains(record(null));
    }

    /** What earlier versions wrote, byte for byte. */
    @Test
    void theFormOfTheFileIsStable() throws IOException {
        RunFolder run = new RunFolder(folder);
        record(TABLE).write(run);
        assertThat(Files.readString(run.data()))
                .isEqualToNormalizingNewlines(
                        """
                        {
                          "format" : "dfc-data",
                          "version" : 1,
                          "source" : "csv:/a.csv",
                          "fingerprint" : "f00",
                          "train" : 8,
                          "validation" : 1,
                          "test" : 1,
                          "table" : {
                            "target" : "y \\"quoted\\"",
                            "missing" : "mean",
                            "columns" : [ {
                              "name" : "a",
                              "mean" : 0.3333333333333333,
                              "deviation" : 1.0E-300
                            }, {
                              "name" : "p",
                              "values" : [ "s", "t,u" ],
                              "usual" : 1
                            } ]
                          },
                          "classes" : [ "no", "yes" ]
                        }
                        """);
        record(new ImageEncoding(784, 255, Normalization.MNIST, new TargetEncoding.Scale(1, 2)))
                .write(run);
        assertThat(Files.readString(run.data()))
                .endsWith(
                        """
                          "test" : 1,
                          "images" : {
                            "pixels" : 784,
                            "white" : 255.0,
                            "mean" : 0.1307,
                            "deviation" : 0.3081
                          },
                          "target" : {
                            "mean" : 1.0,
                            "deviation" : 2.0
                          }
                        }
                        """);
    }

    @Test
    void aFolderWithoutARecordHasNone() {
        assertThat(DataRecord.read(new RunFolder(folder))).isEmpty();
    }

    @Test
    void aDamagedRecordIsNamed() throws IOException {
        RunFolder run = new RunFolder(folder);
        record(TABLE).write(run);
        String whole = Files.readString(run.data());
        for (String[] change :
                new String[][] {
                    {whole, "{"},
                    {whole, "[]"},
                    {"dfc-data", "other"},
                    {"\"fingerprint\"", "\"finger\""},
                    {"\"usual\" : 1", "\"usual\" : 2"},
                    {"\"mean\" : 0.3", "\"mean\" : \"x\", \"old\" : 0.3"},
                    {"1.0E-300", "0"},
                    {"\"train\" : 8", "\"train\" : -8"},
                    {"\"train\" : 8", "\"train\" : 8.5"},
                    {"\"train\" : 8", "\"train\" : \"8\""},
                    {"\"train\" : 8,", ""},
                    {"\"f00\"", "7"},
                    {"\"usual\" : 1", "\"usually\" : 1"},
                    {"\"mean\" : 0.3", "\"means\" : 0.3"},
                    {"\"name\" : \"p\"", "\"name\" : null"},
                    {"[ \"s\", \"t,u\" ]", "[ \"s\", null ]"},
                    {"[ \"no\", \"yes\" ]", "[ ]"},
                    {"[ \"no\", \"yes\" ]", "[ null ]"},
                    {"\"missing\" : \"mean\",", ""},
                    {"\"missing\" : \"mean\"", "\"missing\" : \"mode\""},
                    {"[ \"no\", \"yes\" ]", "[ 1 ]"}
                }) {
            assertThat(whole).contains(change[0]);
            Files.writeString(run.data(), whole.replace(change[0], change[1]));
            assertThat(catchThrowable(() -> DataRecord.read(run)))
                    .as("%s -> %s", change[0], change[1])
                    .isInstanceOf(BadDataException.class)
                    .hasMessageContaining("data.json")
                    .satisfies(
                            e ->
                                    assertThat(e.getMessage())
                                            .doesNotContain("\n", "io.dfc", "java.", "Cannot"));
        }
    }
}
