package dev.sluice.chain.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Which stacks are taken for the same. */
class StackSitesTest {

    private final ShownStacks shown = new ShownStacks(() -> 0);

    private static RuntimeException thrownBy(Runnable code) {
        try {
            code.run();
        } catch (RuntimeException e) {
            return e;
        }
        throw new AssertionError();
    }

    private static void one() {
        Objects.requireNonNull(null);
    }

    private static void two() {
        Objects.requireNonNull(null);
    }

    private static void wrapping(Runnable code) {
        try {
            code.run();
        } catch (RuntimeException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatComesFromOneLineOfTheJdkIsToldApartByWhoCalledIt() {
        Runnable one = StackSitesTest::one;
        Runnable[] both = {one, one, StackSitesTest::two};
        String[] texts = new String[3];
        for (int i = 0; i < 3; i++) {
            texts[i] = shown.text("auth", thrownBy(both[i]), "incident" + i);
        }
        assertThat(texts[0]).contains("StackSitesTest.one");
        assertThat(texts[1]).contains("the stack is at incident incident0").doesNotContain("    at ");
        assertThat(texts[2]).contains("StackSitesTest.two").doesNotContain("the stack is at");
    }

    @Test
    void whatIsWrappedInOnePlaceIsToldApartByItsCauses() {
        Runnable[] both = {StackSitesTest::one, StackSitesTest::two};
        String[] texts = new String[2];
        for (int i = 0; i < 2; i++) {
            Runnable code = both[i];
            texts[i] = shown.text("auth", thrownBy(() -> wrapping(code)), "incident" + i);
        }
        assertThat(texts[1]).contains("StackSitesTest.two").doesNotContain("the stack is at");
    }

    @Test
    void threadsThatAreStuckInOneCallOfTheJdkAreToldApartByWhoCalledIt() {
        StackTraceElement sleep = new StackTraceElement("java.lang.Thread", "sleep", "Thread.java", 1);
        StackTraceElement[] here = {sleep, new StackTraceElement("org.auth.Here", "wait", "Here.java", 3)};
        StackTraceElement[] there = {sleep, new StackTraceElement("org.auth.There", "wait", "There.java", 3)};
        assertThat(shown.text("auth", here, "incident0")).contains("org.auth.Here");
        assertThat(shown.text("auth", there, "incident1")).contains("org.auth.There");
        assertThat(shown.text("auth", here, "incident2")).contains("the stack is at incident incident0");
    }

    @Test
    void theWayOfTheRequestToTheUnitIsNoDifference() {
        StackTraceElement own = new StackTraceElement("org.auth.Here", "wait", "Here.java", 3);
        StackTraceElement step = new StackTraceElement("dev.sluice.chain.snapshot.Step", "enter", "Step.java", 1);
        StackTraceElement earlier = new StackTraceElement("org.log.Logs", "handle", "Logs.java", 9);
        shown.text("auth", new StackTraceElement[] {own, step}, "incident0");
        assertThat(shown.text("auth", new StackTraceElement[] {own, step, earlier, step}, "incident1"))
                .contains("the stack is at incident incident0");
    }
}
