package io.dfc.api.error;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DfcExceptionTest {
    @Test
    void aMessageIsOneLineWhateverItQuotes() {
        assertThat(new BadDataException("a.csv", "the column 'x\r\ny\u0085z\u2028' twice"))
                .hasMessage("a.csv: the column 'x  y z ' twice");
        assertThat(new StorageException("plain", new IllegalStateException())).hasMessage("plain");
    }

    @Test
    void aMessageEndsSomewhere() {
        assertThat(new DfcException("a".repeat(4000))).hasMessage("a".repeat(4000));
        assertThat(new DfcException("a".repeat(4001))).hasMessage("a".repeat(4000) + "...");
    }

    @Test
    void anErrorWithoutWordsSaysSo() {
        assertThat(new DfcException(null)).hasMessage("no reason given");
    }
}
