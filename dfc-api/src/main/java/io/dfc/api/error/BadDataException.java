package io.dfc.api.error;

import java.util.OptionalLong;

/** A file or stream holds something else than its format promises. */
public final class BadDataException extends DfcException {
    private static final long serialVersionUID = 1L;

    private final String source;
    private final long position;

    /**
     * Creates the error for a place in a source.
     *
     * @param source file or stream that was read
     * @param position byte offset or, for text formats, line number; negative when the place is
     *     unknown
     * @param problem what was found and what was expected, without the source
     */
    public BadDataException(String source, long position, String problem) {
        super(source + ": " + problem);
        this.source = source;
        this.position = position;
    }

    /**
     * Creates the error for a source as a whole.
     *
     * @param source file or stream that was read
     * @param problem what was found and what was expected, without the source
     */
    public BadDataException(String source, String problem) {
        this(source, -1, problem);
    }

    /** {@return the file or stream that was read} */
    public String source() {
        return source;
    }

    /** {@return the byte offset or line number of the fault, when known} */
    public OptionalLong position() {
        return position < 0 ? OptionalLong.empty() : OptionalLong.of(position);
    }
}
