package dev.sluice.chain.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ShownStacksTest {

    private static final String SEEN = "the stack is at incident ";

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1); // a monotonic clock may overflow at any time
    private final ShownStacks stacks = new ShownStacks(now::get);

    private static <T extends Throwable> T from(int line, T thrown) {
        thrown.setStackTrace(new StackTraceElement[] {at(line)});
        return thrown;
    }

    private static StackTraceElement at(int line) {
        return new StackTraceElement("com.example.Handler", "handle", "Handler.java", line);
    }

    private String text(String place, Throwable thrown, String incident) {
        return stacks.text(place, thrown, incident);
    }

    @Test
    void aStackIsShownAgainTenSecondsAfterItWasShownAndNotAfterItWasLeftOut() {
        assertThat(text("m", from(1, new RuntimeException("x")), "one")).contains("at com.example.Handler");
        now.addAndGet(TimeUnit.SECONDS.toNanos(10) - 1);
        assertThat(text("m", from(1, new RuntimeException("y")), "two"))
                .contains("RuntimeException: y", SEEN + "one")
                .doesNotContain("at com.example.Handler");
        now.addAndGet(1);
        assertThat(text("m", from(1, new RuntimeException("x")), "three")).contains("at com.example.Handler");
        assertThat(text("m", from(1, new RuntimeException("x")), "four")).contains(SEEN + "three");
    }

    /** Two that share a library throw from the same line of it. */
    @Test
    void anotherPlaceLineOrClassHasAStackOfItsOwn() {
        text("m", from(1, new RuntimeException("x")), "one");
        assertThat(text("n", from(1, new RuntimeException("x")), "two")).doesNotContain(SEEN);
        assertThat(text("m", from(2, new RuntimeException("x")), "three")).doesNotContain(SEEN);
        assertThat(text("m", from(1, new IllegalStateException("x")), "four")).doesNotContain(SEEN);
        assertThat(text("m", from(1, new RuntimeException("x")), "five")).contains(SEEN + "one");
    }

    @Test
    void aThreadsStackIsShownOnceInAWhileToo() {
        StackTraceElement[] frames = {at(1)};
        assertThat(stacks.text("m", frames, "one")).contains("at com.example.Handler");
        assertThat(stacks.text("m", frames, "two")).contains(SEEN + "one").doesNotContain("at com.example.Handler");
        assertThat(stacks.text("n", frames, "three")).doesNotContain(SEEN);
        assertThat(stacks.text("m", new StackTraceElement[] {at(2)}, "four")).doesNotContain(SEEN);
        now.addAndGet(TimeUnit.SECONDS.toNanos(10));
        assertThat(stacks.text("m", frames, "five")).contains("at com.example.Handler");
    }

    /** Whoever makes ever more kinds of failures only has their stacks shown more often. */
    @Test
    void remembersABoundedNumberAndForgetsTheOldestFirst() {
        text("old", from(1, new RuntimeException("x")), "one");
        for (int i = 0; i < 255; i++) {
            text("m", from(i, new RuntimeException("x")), "fill");
        }
        assertThat(text("old", from(1, new RuntimeException("x")), "two")).contains(SEEN + "one");
        text("m", from(255, new RuntimeException("x")), "fill");
        assertThat(text("m", from(255, new RuntimeException("x")), "next")).contains(SEEN + "fill");
        assertThat(text("old", from(1, new RuntimeException("x")), "three")).doesNotContain(SEEN);
    }
}
