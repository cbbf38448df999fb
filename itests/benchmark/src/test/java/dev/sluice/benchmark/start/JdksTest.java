package dev.sluice.benchmark.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JdksTest {

    @TempDir
    Path folder;

    private Path java(String name, String version) throws IOException {
        Path home = folder.resolve(name);
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"" + version + "\"\n");
        return Files.createFile(home.resolve("bin/java"));
    }

    @Test
    void areInTheOrderOfTheirVersions() throws IOException {
        Jdks jdks = Jdks.of(java("b", "25.0.3"), java("a", "17.0.15").toString());

        assertThat(jdks.present()).extracting(Jdk::version).containsExactly("17.0.15", "25.0.3");
        assertThat(jdks.leftOut()).isEmpty();
    }

    @Test
    void ofTwoWithOneFeatureNumberTheRunningOneStays() throws IOException {
        Jdks jdks = Jdks.of(java("a", "17.0.15"), java("b", "17.0.1") + ", " + java("c", "25"));

        assertThat(jdks.present()).extracting(Jdk::version).containsExactly("17.0.15", "25");
    }

    @Test
    void saysWhatIsLeftOut() throws IOException {
        Jdks jdks =
                Jdks.of(java("a", "17.0.15"), folder.resolve("nowhere/bin/java").toString());

        assertThat(jdks.present()).extracting(Jdk::feature).containsExactly(17);
        assertThat(jdks.leftOut())
                .hasSize(2)
                .anySatisfy(why -> assertThat(why).contains("nowhere/bin/java"))
                .anySatisfy(why -> assertThat(why).contains("JDK 25", "-Dbenchmark.java="));
    }

    @Test
    void anAotCacheIsThereFrom25On() throws IOException {
        assertThat(Jdk.of(java("a", "24.0.2")).hasAotCache()).isFalse();
        assertThat(Jdk.of(java("b", "25")).hasAotCache()).isTrue();
    }
}
