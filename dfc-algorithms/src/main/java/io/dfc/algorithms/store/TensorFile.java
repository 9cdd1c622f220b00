package io.dfc.algorithms.store;

import io.dfc.algorithms.formats.NamedArrays;
import io.dfc.algorithms.formats.NumberType;
import io.dfc.algorithms.formats.Safetensors;
import io.dfc.api.error.BadDataException;
import io.dfc.api.error.StorageException;
import io.dfc.api.tensor.Tensor;

import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;

/**
 * Named tensors and text properties in a file of the format {@link Safetensors}, of float32 and
 * float64. The properties carry a CRC-32C of the numbers, so that a file cut short or damaged is
 * noticed.
 *
 * @param tensors tensors by name, in the order of the file
 * @param properties text properties
 */
public record TensorFile(Map<String, Tensor> tensors, Map<String, String> properties) {
    private static final String CHECKSUM = "crc32c";

    /** Keeps the order of the tensors. */
    public TensorFile {
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
        properties = Map.copyOf(properties);
    }

    /**
     * Writes the file atomically. Equal contents give equal bytes in every process.
     *
     * @param file the file; its folder must exist
     * @throws StorageException if the operating system refuses
     */
    public void write(Path file) {
        AtomicFiles.write(
                file,
                out -> {
                    CRC32C crc = new CRC32C();
                    Safetensors.writeNumbers(
                            new CheckedOutputStream(OutputStream.nullOutputStream(), crc), tensors);
                    Map<String, String> metadata = new HashMap<>(properties);
                    metadata.put(CHECKSUM, Long.toHexString(crc.getValue()));
                    Safetensors.write(out, new NamedArrays(tensors, metadata));
                });
    }

    /**
     * Reads a file; nothing is allocated on the word of its header alone.
     *
     * @param file the file
     * @return its contents
     * @throws StorageException if it cannot be read
     * @throws BadDataException if it is not such a file, is cut short, or its numbers do not match
     *     their checksum
     */
    public static TensorFile read(Path file) {
        CRC32C crc = new CRC32C();
        NamedArrays read = Safetensors.read(file, EnumSet.of(NumberType.F32, NumberType.F64), crc);
        Map<String, String> properties = new HashMap<>(read.properties());
        String expected = properties.remove(CHECKSUM);
        String found = Long.toHexString(crc.getValue());
        if (expected == null) {
            throw new BadDataException(
                    file.toString(), "has no checksum of its numbers, the property " + CHECKSUM);
        }
        if (!expected.equals(found)) {
            throw new BadDataException(
                    file.toString(),
                    "is damaged: checksum of its numbers is " + found + ", expected " + expected);
        }
        return new TensorFile(read.tensors(), properties);
    }
}
