package dev.sluice.benchmark.growth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

class MemoryTest {

    @Test
    void addsUpTheSpacesOfTheHeapByTheirNames() {
        assertThat(Memory.parse(
                        " S0C S1C S0U S1U EC EU OC OU MC MU YGC\n 1.0 2.0 0.5 - 9.0 10.0 99.0 20.5 7.0 6.5 3\n"))
                .isEqualTo(new Memory(31, 6.5));
    }

    @Test
    void isSharedOutAmongWhatCameOnTop() {
        assertThat(new Memory(1000, 500).forEach(9, new Memory(100, 50))).isEqualTo(new Memory(100, 50));
    }

    @Test
    void saysWhenItUnderstandsNothing() {
        assertThatIllegalStateException().isThrownBy(() -> Memory.parse("A B\n1 2\n"));
    }

    @Test
    void readsThatOfARunningJvm() throws Exception {
        assertThat(Memory.of(ProcessHandle.current().pid()).heap()).isPositive();
    }
}
