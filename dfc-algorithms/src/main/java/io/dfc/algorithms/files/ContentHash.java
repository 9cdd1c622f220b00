package io.dfc.algorithms.files;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A digest over contents, fed in any chunks; SHA-256 for provenance, MD5 where a published sum is
 * an MD5 sum.
 */
public final class ContentHash {
    private static final int SHORT_HEX_DIGITS = 16;

    private final MessageDigest digest;
    private final byte[] word = new byte[Long.BYTES];

    private ContentHash(String algorithm) {
        try {
            digest = MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has to offer " + algorithm, e);
        }
    }

    /** {@return a new SHA-256 digest} */
    public static ContentHash sha256() {
        return new ContentHash("SHA-256");
    }

    /** {@return a new MD5 digest} */
    public static ContentHash md5() {
        return new ContentHash("MD5");
    }

    /**
     * Adds bytes.
     *
     * @param bytes the array
     * @param from first position
     * @param length number of bytes
     */
    public void bytes(byte[] bytes, int from, int length) {
        digest.update(bytes, from, length);
    }

    /**
     * Adds the eight bytes of a float64 number.
     *
     * @param value the number
     */
    public void number(double value) {
        integer(Double.doubleToLongBits(value));
    }

    /**
     * Adds the eight bytes of an integer, little endian.
     *
     * @param value the integer
     */
    public void integer(long value) {
        for (int i = 0; i < Long.BYTES; i++) {
            word[i] = (byte) (value >>> (8 * i));
        }
        digest.update(word);
    }

    /** {@return the whole digest in lower-case hexadecimal digits; the hash starts anew} */
    public String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }

    /** {@return the first 16 hexadecimal digits; the hash starts anew} */
    public String shortHex() {
        return hex().substring(0, SHORT_HEX_DIGITS);
    }
}
