package io.dfc.algorithms.formats;

import io.dfc.algorithms.files.Excerpt;
import io.dfc.algorithms.files.JsonProblem;
import io.dfc.algorithms.files.PathProblem;
import io.dfc.algorithms.files.StrictJson;
import io.dfc.api.error.BadDataException;
import io.dfc.api.error.StorageException;
import io.dfc.api.tensor.Tensor;

import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * The format {@code .npz} of NumPy: a zip archive whose members {@code NAME.npy} are arrays. The
 * properties are a member {@code metadata.json}, an object of texts, which NumPy hands out as
 * bytes.
 *
 * <p>Nothing is unpacked to the disk, so names of members lead nowhere; they are checked all the
 * same. Archives that unpack to more than {@value #MOST_UNPACKED} times their size, and more than
 * 16 MiB, are refused.
 */
public final class Npz {
    /** How many times its size an archive may unpack to. */
    public static final int MOST_UNPACKED = 100;

    private static final long ALWAYS_UNPACKED = 16L << 20;
    private static final String ENDING = ".npy";
    private static final String METADATA = "metadata.json";
    private static final int MAX_METADATA = 1 << 20;
    private static final int MAX_NAME = 1000;
    private static final Pattern UPWARDS = Pattern.compile("(^|[/\\\\])\\.\\.([/\\\\]|$)");

    /** Equal contents are to give equal bytes, and zip knows no earlier day. */
    private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);

    private static final JsonMapper JSON = StrictJson.mapper().build();

    private Npz() {}

    /**
     * Reads a file.
     *
     * @param file the file
     * @return its arrays, without the ending of their names, and properties
     * @throws StorageException if it cannot be read
     * @throws BadDataException if it is not such a file, is damaged, unpacks to too much, or has a
     *     member that is no array of numbers
     */
    public static NamedArrays read(Path file) {
        ArrayFiles.require(file);
        try (ZipFile zip = new ZipFile(file.toFile())) {
            return new Reader(file, zip).read(Files.size(file));
        } catch (ZipException | EOFException e) {
            throw new BadDataException(
                    file.toString(), "is no sound zip archive: " + PathProblem.describe(e));
        } catch (IOException e) {
            throw ArrayFiles.failure(file, e);
        }
    }

    private record Reader(Path file, ZipFile zip) {
        NamedArrays read(long size) throws IOException {
            List<? extends ZipEntry> members = zip.stream().toList();
            requireSound(members, size);
            ArrayReader.requireMemory(
                    file.toString(), members.stream().mapToLong(ZipEntry::getSize).sum());
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            Map<String, String> properties = Map.of();
            for (ZipEntry member : members) {
                String name = member.getName();
                if (name.equals(METADATA)) {
                    properties = properties(member);
                } else {
                    tensors.put(name.substring(0, name.length() - ENDING.length()), array(member));
                }
            }
            return new NamedArrays(tensors, properties);
        }

        private void requireSound(List<? extends ZipEntry> members, long size) {
            Set<String> names = new HashSet<>();
            long left = Math.max(ALWAYS_UNPACKED, MOST_UNPACKED * size);
            for (ZipEntry member : members) {
                String name = member.getName();
                if (name.endsWith("data.pkl")) {
                    throw TorchFiles.refused(file);
                }
                if (name.length() > MAX_NAME
                        || name.chars().anyMatch(Character::isISOControl)
                        || name.startsWith("/")
                        || UPWARDS.matcher(name).find()) {
                    throw bad("has a member of the unusable name \"" + Excerpt.of(name) + "\"");
                }
                if (!names.add(name)) {
                    throw bad("has two members " + Excerpt.of(name));
                }
                if (!name.equals(METADATA)
                        && (!name.endsWith(ENDING) || name.length() == ENDING.length())) {
                    throw bad(
                            "has the member "
                                    + Excerpt.of(name)
                                    + ", expected arrays, whose names end with "
                                    + ENDING);
                }
                left -= member.getSize();
                if (member.getSize() < 0 || left < 0) {
                    throw bad(
                            "unpacks to more than "
                                    + MOST_UNPACKED
                                    + " times its size, and more than "
                                    + (ALWAYS_UNPACKED >> 20)
                                    + " MiB; unpack it with other means if it is to be trusted");
                }
            }
        }

        private Tensor array(ZipEntry member) throws IOException {
            return use(
                    member,
                    in ->
                            Npy.read(
                                    file + ", member " + Excerpt.of(member.getName()),
                                    member.getName(),
                                    in,
                                    member.getSize()));
        }

        private Map<String, String> properties(ZipEntry member) throws IOException {
            if (member.getSize() > MAX_METADATA) {
                throw bad(METADATA + " is larger than " + MAX_METADATA + " bytes");
            }
            byte[] text = use(member, in -> in.readNBytes((int) member.getSize()));
            try {
                Map<String, String> read =
                        JSON.readValue(
                                new ByteArrayInputStream(text),
                                new TypeReference<LinkedHashMap<String, String>>() {});
                if (read != null && !read.containsValue(null)) {
                    return read;
                }
                throw bad(METADATA + " is no object of texts");
            } catch (JacksonException e) {
                throw bad(
                        METADATA
                                + " is no object of texts: "
                                + JsonProblem.of(e.getOriginalMessage()));
            }
        }

        /** Uses a member, and makes sure that it has the length and the checksum it should have. */
        private <T> T use(ZipEntry member, Use<T> use) throws IOException {
            CRC32 crc = new CRC32();
            try (InputStream in = new CheckedInputStream(zip.getInputStream(member), crc)) {
                T result = use.of(in);
                if (in.read() >= 0 || crc.getValue() != member.getCrc()) {
                    throw bad(
                            "member "
                                    + Excerpt.of(member.getName())
                                    + " is damaged: it is not what the archive's list says");
                }
                return result;
            }
        }

        private BadDataException bad(String problem) {
            return new BadDataException(file.toString(), problem);
        }
    }

    /** Reads a member. */
    @FunctionalInterface
    private interface Use<T> {
        T of(InputStream in) throws IOException;
    }

    /**
     * Writes arrays in their order, uncompressed as {@code numpy.savez} does. Equal contents give
     * equal bytes.
     *
     * @param out receives the bytes of the file; left open
     * @param arrays what to write
     * @throws IOException if writing fails
     */
    public static void write(OutputStream out, NamedArrays arrays) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(out);
        for (Map.Entry<String, Tensor> array : arrays.tensors().entrySet()) {
            Tensor tensor = array.getValue();
            put(zip, array.getKey() + ENDING, Npy.size(tensor), to -> Npy.write(to, tensor));
        }
        if (!arrays.properties().isEmpty()) {
            byte[] text =
                    JSON.writerWithDefaultPrettyPrinter()
                            .writeValueAsBytes(new TreeMap<>(arrays.properties()));
            put(zip, METADATA, text.length, to -> to.write(text));
        }
        zip.finish();
    }

    /** Writes the contents of a member. */
    @FunctionalInterface
    private interface Contents {
        void write(OutputStream out) throws IOException;
    }

    private static void put(ZipOutputStream zip, String name, long size, Contents contents)
            throws IOException {
        CRC32 crc = new CRC32();
        contents.write(new CheckedOutputStream(OutputStream.nullOutputStream(), crc));
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(EPOCH);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(size);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        contents.write(zip);
        zip.closeEntry();
    }
}
