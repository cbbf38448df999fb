package dev.sluice.unload.managed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
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
    void aKindThatWasForgottenForOthersIsToldAnew() {
        for (int i = 0; i <= 100; i++) {
            failures.tell(kind(i));
        }
        failures.tell(kind(100));
        assertThat(said.lines()).hasSize(101);
        failures.tell(kind(0));
        assertThat(said.lines()).hasSize(102);
    }

    @Test
    void theTextIsBounded() {
        Throwable cause = new Exception("the last");
        for (int i = 0; i < 20; i++) {
            cause = at(i, new Exception("m".repeat(5_000), cause));
        }
        StackTraceElement[] deep = new StackTraceElement[200];
        Arrays.fill(deep, new StackTraceElement("acme.Shop", "deep", "Shop.java", 1));
        cause.setStackTrace(deep);
        failures.tell(cause);
        String line = said.lines().get(0);
        assertThat(line).contains("m".repeat(1_000) + "...").doesNotContain("m".repeat(1_001), "the last");
        assertThat(line.split("caused by: ")).hasSize(8);
        assertThat(line.split("at acme.Shop.deep", -1)).hasSize(51);
        assertThat(line).contains("... 150");
    }

    /** It may wait for another that fails, too. */
    @Test
    void noLockIsHeldWhileAnExceptionIsAsked() {
        AtomicBoolean told = new AtomicBoolean();
        failures.tell(new Exception() {
            private static final long serialVersionUID = 1;

            @Override
            public String getLocalizedMessage() {
                Thread other = new Thread(() -> failures.tell(kind(1)));
                other.start();
                try {
                    other.join(10_000);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                told.set(!other.isAlive());
                return "asked";
            }
        });
        assertThat(told).isTrue();
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
