package io.dfc.api.spi.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.api.error.MisuseException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.lang.ref.Reference;
import java.util.List;
import java.util.ResourceBundle;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Backends and engines that nobody closes and nobody refers to any more. */
@Timeout(60)
class ForgottenTest {
    private final List<Message> messages = new CopyOnWriteArrayList<>();
    private final AtomicInteger freed = new AtomicInteger();

    private record Message(System.Logger.Level level, String text, Throwable thrown) {}

    /** Logs into the list. */
    private final class Log implements System.Logger {
        private final Level lowest;

        Log(Level lowest) {
            this.lowest = lowest;
        }

        @Override
        public String getName() {
            return "log";
        }

        @Override
        public boolean isLoggable(Level level) {
            return level.compareTo(lowest) >= 0;
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String text, Throwable thrown) {
            messages.add(new Message(level, text, thrown));
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String format, Object... values) {
            messages.add(new Message(level, format, null));
        }
    }

    private void collectUntil(int freedOnes, int said) throws InterruptedException {
        while (freed.get() < freedOnes || messages.size() < said) {
            System.gc();
            Thread.sleep(10);
        }
    }

    private void forget(String name, System.Logger.Level lowest) {
        Lifetime lifetime =
                new Lifetime(new Object(), name, freed::incrementAndGet, new Log(lowest));
        assertThat(lifetime).isNotNull();
    }

    @Test
    void whatTheyHoldIsFreedWithAWarningForTheFirstOfAKind() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            forget("backend \"a\"", System.Logger.Level.INFO);
        }
        forget("backend \"b\"", System.Logger.Level.INFO);
        collectUntil(4, 2);
        assertThat(freed).hasValue(4);
        assertThat(messages)
                .extracting(Message::text)
                .containsExactlyInAnyOrder(expected("backend \"a\""), expected("backend \"b\""));
        assertThat(messages).extracting(Message::thrown).containsOnlyNulls();
    }

    private static String expected(String name) {
        return name
                + " was never closed; what it holds is freed now, and would have been earlier: open"
                + " it in try-with-resources";
    }

    @Test
    void atLevelDebugEachIsSaidWithThePlaceThatOpenedIt() throws InterruptedException {
        forget("backend \"c\"", System.Logger.Level.DEBUG);
        forget("backend \"c\"", System.Logger.Level.DEBUG);
        collectUntil(2, 2);
        assertThat(messages)
                .extracting(Message::level)
                .containsExactlyInAnyOrder(System.Logger.Level.WARNING, System.Logger.Level.DEBUG);
        assertThat(messages)
                .allSatisfy(
                        m ->
                                assertThat(m.thrown().getStackTrace())
                                        .extracting(StackTraceElement::getMethodName)
                                        .contains("forget"));
    }

    @Test
    void oneThatWasClosedIsFreedOnceAndSilently() throws InterruptedException {
        Object owner = new Object();
        Lifetime closed =
                new Lifetime(
                        owner,
                        "backend \"d\"",
                        freed::incrementAndGet,
                        new Log(System.Logger.Level.ALL));
        try {
            closed.end();
            closed.end();
        } finally {
            Reference.reachabilityFence(owner);
        }
        assertThat(freed).hasValue(1);
        forget("backend \"e\"", System.Logger.Level.INFO);
        collectUntil(2, 1);
        assertThat(messages).extracting(Message::text).containsExactly(expected("backend \"e\""));
    }

    @Test
    void aFailureToFreeIsSaid() throws InterruptedException {
        forgetOneThatFails();
        collectUntil(0, 2);
        assertThat(messages)
                .extracting(Message::text)
                .containsExactly(
                        expected("backend \"f\""), "what backend \"f\" holds cannot be freed");
        assertThat(messages.getLast().thrown()).hasMessage("the driver is gone");
    }

    private void forgetOneThatFails() {
        Lifetime lifetime =
                new Lifetime(
                        new Object(),
                        "backend \"f\"",
                        () -> {
                            throw new IllegalStateException("the driver is gone");
                        },
                        new Log(System.Logger.Level.INFO));
        assertThat(lifetime).isNotNull();
    }

    @Test
    void aGuardFreesOnceWhenItIsClosed() {
        UseGuard guard = new UseGuard("g", freed::incrementAndGet);
        assertThat(guard.close()).isTrue();
        assertThat(guard.close()).isFalse();
        assertThat(freed).hasValue(1);
        assertThatThrownBy(guard::requireOpen)
                .isInstanceOf(MisuseException.class)
                .hasMessageContaining("backend \"g\" is closed");
    }
}
