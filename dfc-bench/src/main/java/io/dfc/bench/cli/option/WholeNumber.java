package io.dfc.bench.cli.option;

import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.math.BigInteger;

/** Reads whole numbers of options; one that does not fit its type is refused with the range. */
public final class WholeNumber {
    private static final int MAX_DIGITS = 100;

    private WholeNumber() {}

    /**
     * Makes a command line read its whole numbers with this class.
     *
     * @param commandLine the command line, its subcommands included
     * @return the same
     */
    public static CommandLine register(CommandLine commandLine) {
        ITypeConverter<Integer> integers =
                text -> inRange(text, Integer.MIN_VALUE, Integer.MAX_VALUE).intValueExact();
        return commandLine
                .registerConverter(Integer.class, integers)
                .registerConverter(int.class, integers)
                .registerConverter(
                        Long.class,
                        text -> inRange(text, Long.MIN_VALUE, Long.MAX_VALUE).longValueExact())
                .registerConverter(BigInteger.class, WholeNumber::parse);
    }

    private static BigInteger inRange(String text, long low, long high) {
        BigInteger value = parse(text);
        if (value.compareTo(BigInteger.valueOf(low)) < 0
                || value.compareTo(BigInteger.valueOf(high)) > 0) {
            throw new TypeConversionException(
                    "expected a whole number from " + low + " to " + high + ", got " + text);
        }
        return value;
    }

    private static BigInteger parse(String text) {
        try {
            if (text.length() <= MAX_DIGITS) {
                return new BigInteger(text.strip());
            }
        } catch (NumberFormatException e) {
            // Refused below, like a number that is far too long.
        }
        throw new TypeConversionException("expected a whole number, got \"" + text + "\"");
    }
}
