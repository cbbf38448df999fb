package dev.sluice.unload.managed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FailuresTest {

    private final TestTimer timer = new TestTimer();
    private final Said said = new Said(Failures.class);
    private final Failures failures = new Failures("acme.shop", timer::nanos);

    @AfterEach
    void close() {
        said.close();
    }

    @Test
    void eachKindIsToldOnceAndThenCounted() {
        for (int i = 0; i < 1_000; i++) {
            failures.tell(thrown("order " + i));
        }
        assertThat(said.lines()).hasSize(1);
        assertThat(said.lines().get(0))
                .startsWith("WARNING A task of acme.shop failed: java.lang.IllegalStateException: order 0")
                .contains("at acme.Shop.sell(Shop.java:8)")
                .contains("caused by: java.lang.IllegalArgumentException: of 0");

        failures.tell(new UnsupportedOperationException("another"));
        assertThat(said.lines()).hasSize(2);

        timer.pass(Duration.ofMinutes(1));
        failures.tell(thrown("order 1000"));
        assertThat(said.lines().get(2))
                .isEqualTo("WARNING Tasks of acme.shop failed 1000 times more in a known way:"
                        + " java.lang.IllegalStateException: order 1000");

        failures.tell(thrown("order 1001"));
        failures.end();
        failures.end();
        assertThat(said.lines()).hasSize(4);
        assertThat(said.lines().get(3)).isEqualTo("WARNING Tasks of acme.shop failed 1 times more in known ways");
    }

    @Test
    void ofMoreKindsThanAreRememberedNoneIsLost() {
        failures.tell(kind(0));
        failures.tell(kind(0));
        for (int i = 1; i <= 200; i++) {
            failures.tell(kind(i));
        }
        failures.end();
        assertThat(said.lines()).hasSize(202);
        assertThat(said.lines().get(201)).contains("failed 1 times more");
    }

    @Test
    void theLogGetsTextsAlone() {
        failures.tell(thrown("order"));
        timer.pass(Duration.ofMinutes(1));
        failures.tell(thrown("order"));
        assertThat(said.lines()).hasSize(2);
        assertThat(said.objects()).isEmpty();
    }

    @Test
    void anExceptionWhoseMethodsThrowIsToldToo() {
        failures.tell(new Hostile());
        assertThat(said.lines())
                .containsExactly("WARNING A task of acme.shop failed: dev.sluice.unload.managed.FailuresTest$Hostile");
    }

    private static IllegalStateException thrown(String message) {
        IllegalStateException made = new IllegalStateException(
                message, at(7, new IllegalArgumentException("of " + message.replaceAll("\\D", ""))));
        return at(8, made);
    }

    private static Throwable kind(int number) {
        return at(number, new Exception());
    }

    /** Thrown at that line. */
    private static <T extends Throwable> T at(int line, T thrown) {
        thrown.setStackTrace(new StackTraceElement[] {new StackTraceElement("acme.Shop", "sell", "Shop.java", line)});
        return thrown;
    }

    private static final class Hostile extends RuntimeException {

        private static final long serialVersionUID = 1;

        @Override
        public String getLocalizedMessage() {
            throw new IllegalStateException("no message");
        }

        @Override
        public synchronized Throwable getCause() {
            throw new IllegalStateException("no cause");
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            throw new IllegalStateException("no stack");
        }
    }
}
