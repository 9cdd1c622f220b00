package io.dfc.algorithms.data.download;

import io.dfc.algorithms.data.Normalization;
import io.dfc.api.error.BadConfigurationException;

import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A public data set of the MNIST kind that can be downloaded.
 *
 * @param name name of the data set and of its folder
 * @param normalization published map from grey levels to inputs
 * @param mirrors folders on the web that hold the files, best first; each ends in a slash
 * @param files the files, with their published checksums
 */
public record PublicData(
        String name, Normalization normalization, List<URI> mirrors, List<RemoteFile> files) {
    /** MNIST (LeCun, Cortes and Burges): handwritten digits. */
    public static final PublicData MNIST =
            new PublicData(
                    "mnist",
                    Normalization.MNIST,
                    List.of(
                            URI.create("https://ossci-datasets.s3.amazonaws.com/mnist/"),
                            URI.create("https://storage.googleapis.com/cvdf-datasets/mnist/")),
                    List.of(
                            new RemoteFile(
                                    "train-images-idx3-ubyte.gz",
                                    9_912_422,
                                    "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
                            new RemoteFile(
                                    "train-labels-idx1-ubyte.gz",
                                    28_881,
                                    "d53e105ee54ea40749a09fcbcd1e9432"),
                            new RemoteFile(
                                    "t10k-images-idx3-ubyte.gz",
                                    1_648_877,
                                    "9fb629c4189551a2d022fa330f9573f3"),
                            new RemoteFile(
                                    "t10k-labels-idx1-ubyte.gz",
                                    4_542,
                                    "ec29112dd5afa0611ce80d1b7f02629c")));

    /** Fashion-MNIST (Zalando Research): articles of clothing. */
    public static final PublicData FASHION_MNIST =
            new PublicData(
                    "fashion-mnist",
                    Normalization.UNIT_RANGE,
                    List.of(
                            URI.create(
                                    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/")),
                    List.of(
                            new RemoteFile(
                                    "train-images-idx3-ubyte.gz",
                                    26_421_880,
                                    "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
                            new RemoteFile(
                                    "train-labels-idx1-ubyte.gz",
                                    29_515,
                                    "25c81989df183df01b3e8a0aad5dffbe"),
                            new RemoteFile(
                                    "t10k-images-idx3-ubyte.gz",
                                    4_422_102,
                                    "bef4ecab320f06d8554ea6380940ec79"),
                            new RemoteFile(
                                    "t10k-labels-idx1-ubyte.gz",
                                    5_148,
                                    "bb300cfdad3c16e7a12a480ee83cd310")));

    /** All public data sets. */
    public static final List<PublicData> ALL = List.of(MNIST, FASHION_MNIST);

    /** Copies the lists. */
    public PublicData {
        mirrors = List.copyOf(mirrors);
        files = List.copyOf(files);
    }

    /**
     * Finds a public data set by name.
     *
     * @param name its name
     * @return the data set
     * @throws BadConfigurationException if there is no such public data set
     */
    public static PublicData of(String name) {
        return ALL.stream()
                .filter(data -> data.name.equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new BadConfigurationException(
                                        "data",
                                        "no public data set '"
                                                + name
                                                + "'; expected "
                                                + ALL.stream()
                                                        .map(PublicData::name)
                                                        .collect(Collectors.joining(" or "))));
    }
}
