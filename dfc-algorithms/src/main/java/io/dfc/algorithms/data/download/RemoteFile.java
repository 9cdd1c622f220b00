package io.dfc.algorithms.data.download;

/**
 * A file on the web whose contents are known.
 *
 * @param name its name, also in the cache
 * @param bytes its length, above 0
 * @param md5 its MD5 sum as published, 32 lower-case hexadecimal digits
 */
public record RemoteFile(String name, long bytes, String md5) {
    /** Checks the parts. */
    public RemoteFile {
        if (bytes < 1 || !md5.matches("[0-9a-f]{32}") || !name.matches("[\\w.-]+")) {
            throw new IllegalArgumentException(
                    "not a remote file: " + name + ", " + bytes + " bytes, MD5 " + md5);
        }
    }
}
