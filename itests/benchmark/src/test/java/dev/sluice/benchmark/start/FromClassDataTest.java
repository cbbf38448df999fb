package dev.sluice.benchmark.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FromClassDataTest {

    private static final String JDK = "[0.01s][info][class,load] java.lang.Object source: shared objects file\n";
    private static final String JAR = "[0.02s][info][class,load] org.eclipse.jetty.A source: file:/a.jar\n";
    private static final String DATA = "[0.02s][info][class,load] dev.sluice.B source: shared objects file (top)\n";

    @TempDir
    Path folder;

    private Path log(String lines) throws IOException {
        return Files.writeString(folder.resolve("classes"), lines);
    }

    @Test
    void countsTheServersOwnClasses() throws IOException {
        assertThat(FromClassData.of(log(JDK + JAR + DATA + DATA))).isEqualTo(new FromClassData(2, 3));
    }

    /** The JDK's own archive serves where the other is refused, and says nothing of it. */
    @Test
    void saysWhenThereAreNone() throws IOException {
        Path log = log(JDK + JAR);

        assertThatIllegalStateException()
                .isThrownBy(() -> FromClassData.of(log))
                .withMessageContaining("without");
    }
}
