package io.dfc.algorithms.data.csv;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/**
 * Refuses rows of absurd length, such as the rest of a file behind a quote that is never closed,
 * before they fill the memory.
 */
final class RowLimitReader extends FilterReader {
    /** Most characters of one row, give or take the parser's look-ahead. */
    static final int MAX_ROW = 1 << 24;

    private long inRow;

    RowLimitReader(Reader in) {
        super(in);
    }

    /** A row has been taken; the count starts anew. */
    void nextRow() {
        inRow = 0;
    }

    @Override
    public int read() throws IOException {
        int c = super.read();
        count(c < 0 ? 0 : 1);
        return c;
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
        int read = super.read(buffer, offset, length);
        count(Math.max(0, read));
        return read;
    }

    private void count(int characters) throws IOException {
        inRow += characters;
        if (inRow > MAX_ROW) {
            throw new RowTooLongException();
        }
    }

    /** A row is longer than {@link #MAX_ROW} characters. */
    static final class RowTooLongException extends IOException {
        private static final long serialVersionUID = 1L;

        RowTooLongException() {
            super("a row of more than " + MAX_ROW + " characters; is a quote not closed?");
        }
    }
}
