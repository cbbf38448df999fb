package dev.sluice.benchmark.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class AnsweredTest {

    private static Answered answer(String... headers) {
        return Answered.parse("HTTP/1.1 200 OK\r\n" + String.join("\r\n", headers) + "\r\n\r\n");
    }

    @Test
    void readsWhatTheLoadLooksAt() {
        assertThat(answer("Content-Length: 21", "X-First: 1.0.0", "x-last:1.0.0", "Connection: close"))
                .isEqualTo(new Answered(200, 21, "1.0.0", "1.0.0", true));
    }

    @Test
    void isUnfilteredWithoutEitherFiltersHeader() {
        assertThat(answer("Content-Length: 0").isUnfiltered()).isTrue();
        assertThat(answer("X-First: 1.0.0").isUnfiltered()).isTrue();
        assertThat(answer("X-Last: 1.0.0").isUnfiltered()).isTrue();
        assertThat(answer("X-First: 1.0.0", "X-Last: 1.0.0").isUnfiltered()).isFalse();
    }

    @Test
    void isMixedWithTwoVersions() {
        assertThat(answer("X-First: 1.0.0", "X-Last: 2.0.0").isMixed()).isTrue();
        assertThat(answer("X-First: 2.0.0", "X-Last: 2.0.0").isMixed()).isFalse();
        assertThat(answer("X-First: 1.0.0").isMixed())
                .as("one is missing: unfiltered")
                .isFalse();
    }

    @Test
    void isMixedWhereAFilterWasThereTwice() {
        assertThat(answer("X-First: 1.0.0", "X-Last: 1.0.0", "X-First: 1.0.0", "X-Last: 1.0.0")
                        .isMixed())
                .isTrue();
        assertThat(answer("X-First: 1.0.0", "X-Last: 1.0.0", "X-Last: 1.0.0").isMixed())
                .isTrue();
    }

    @Test
    void knowsWhatIsNoAnswer() {
        assertThatIllegalArgumentException().isThrownBy(() -> Answered.parse("SSH-2.0-server\r\n\r\n"));
    }
}
