package io.dfc.algorithms.data;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A digest over contents, fed in any chunks; SHA-256 for provenance, MD5 where a published sum is
 * an MD5 sum.
 */
final class ContentHash {
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

    static ContentHash sha256() {
        return new ContentHash("SHA-256");
    }

    static ContentHash md5() {
        return new ContentHash("MD5");
    }

    void bytes(byte[] bytes, int from, int length) {
        digest.update(bytes, from, length);
    }

    void number(double value) {
        integer(Double.doubleToLongBits(value));
    }

    void integer(long value) {
        for (int i = 0; i < Long.BYTES; i++) {
            word[i] = (byte) (value >>> (8 * i));
        }
        digest.update(word);
    }

    /** The whole digest in lower-case hexadecimal digits; the hash starts anew. */
    String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The first 16 hexadecimal digits; the hash starts anew. */
    String shortHex() {
        return hex().substring(0, SHORT_HEX_DIGITS);
    }
}
