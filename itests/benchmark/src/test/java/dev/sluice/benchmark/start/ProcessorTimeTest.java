package dev.sluice.benchmark.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ProcessorTimeTest {

    /** Own time in user and kernel mode, and that of children that were waited for, whatever the command is called. */
    @Test
    void addsUpOwnTimeAndThatOfEndedChildren() {
        assertThat(ProcessorTime.parse("7 (a) b (c) S 1 7 7 0 -1 4194304 100 200 300 400 50 6 3 1 20 0 9 0 99 5 6\n"))
                .isEqualTo(600);
    }

    @Test
    void isThatOfARunningProcess() throws Exception {
        assumeThat(Files.exists(Path.of("/proc/self/stat"))).isTrue();

        assertThat(ProcessorTime.millis(ProcessHandle.current().pid()).orElseThrow())
                .isPositive();
    }

    @Test
    void isNoneOfAProcessThatIsNot() throws Exception {
        assertThat(ProcessorTime.millis(Long.MAX_VALUE)).isEmpty();
    }
}
