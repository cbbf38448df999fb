package dev.sluice.chain.failure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StackTextTest {

    @Test
    void tellsCausesAndWhatWasSuppressed() {
        Exception thrown = new IllegalStateException("outer", new IllegalArgumentException("inner"));
        thrown.addSuppressed(new RuntimeException("closing"));
        assertThat(StackText.of(thrown))
                .startsWith("java.lang.IllegalStateException: outer")
                .contains("StackTextTest.tellsCauses")
                .contains("caused by: java.lang.IllegalArgumentException: inner", "frames as above")
                .contains("suppressed: java.lang.RuntimeException: closing");
    }

    @Test
    void staysBoundedWhateverIsThrown() {
        Exception thrown = new Exception("x".repeat(1_000_000));
        thrown.initCause(new Exception("loop", thrown));
        for (int i = 0; i < 100; i++) {
            thrown.addSuppressed(new Exception("y".repeat(10_000)));
        }
        assertThat(StackText.of(thrown)).hasSizeLessThan(17_000).contains("loop");
    }

    @Test
    void leavesOutTheMiddleOfADeepStack() {
        try {
            overflow(1);
        } catch (StackOverflowError e) {
            assertThat(StackText.of(e)).contains("frames").hasSizeLessThan(10_000);
        }
    }

    private static int overflow(int depth) {
        return overflow(depth + 1) + 1;
    }

    @Test
    void noLineOfAMessageLooksLikeARecord() {
        String text = StackText.of(new Exception("first\n12:00 ERROR forged\u001b[2J"));
        assertThat(text).contains("        12:00 ERROR forged\\u001b[2J").doesNotContain("\n12:00");
        assertThat(LogText.line("GET /a\r\nforged", 100)).isEqualTo("GET /a\\u000d\\u000aforged");
        assertThat(LogText.line("abcdef", 3)).isEqualTo("abc...");
    }
}
