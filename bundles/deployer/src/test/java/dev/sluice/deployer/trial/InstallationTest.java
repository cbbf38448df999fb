package dev.sluice.deployer.trial;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import org.junit.jupiter.api.Test;

class InstallationTest {

    @Test
    void theSameFaultOfTheDiskGivesTheSameWordsAtEachAttempt() {
        String first = Installation.reason(
                new FileNotFoundException("/cache/bundle27/version0.0/bundle.jar (No space left on device)"));
        String second = Installation.reason(
                new FileNotFoundException("/cache/bundle28/version0.0/bundle.jar (No space left on device)"));
        assertThat(second).isEqualTo(first).contains("/cache/", "No space left on device");
    }
}
