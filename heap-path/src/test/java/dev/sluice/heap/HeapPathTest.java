package dev.sluice.heap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Paths in dumps of real JVMs that leak. */
class HeapPathTest {

    private static final String LEAKY = "dev.sluice.heap.leaks.Leaky";
    private static final String REGISTRY = "STEP\t\tclass dev.sluice.heap.leaks.Registry\t\tother";

    @TempDir
    Path folder;

    private record Run(Outcome outcome, List<String> lines) {

        List<String> roots() {
            return starting("ROOT");
        }

        List<String> starting(String word) {
            return lines.stream().filter(line -> line.startsWith(word)).toList();
        }

        /** {@return the first step that is the bundle's own, and the one before} */
        List<String> entry() {
            int own = 0;
            while (!lines.get(own).endsWith("\town")) {
                own++;
            }
            return lines.subList(own - 1, own + 1);
        }
    }

    static Stream<Path> jdks() {
        return Jdks.all();
    }

    static Stream<Path> jdksWithVirtualThreads() {
        return Jdks.withVirtualThreads();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aStaticFieldInAClassThatStays(Path java) throws Exception {
        Run run = explain(dump(java, "static"));
        assertThat(run.outcome()).isEqualTo(Outcome.PATH);
        assertThat(run.lines())
                .anyMatch(line -> line.endsWith("\tclass dev.sluice.heap.leaks.Registry\t\tother"))
                .contains("STEP\tstatic field LISTENERS\tjava.util.ArrayList\t\tother");
        assertThat(run.entry())
                .containsExactly(
                        "STEP\tfield elementData\tjava.lang.Object[]\t\tother",
                        "STEP\telement 0\t" + LEAKY + "\t\town");
        assertThat(run.lines().get(run.lines().size() - 1))
                .isEqualTo("STEP\tits class loader\tdev.sluice.heap.leaks.Leaks$Loader\t\town");
        assertThat(run.roots()).as("there is one cause").hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aValueOfAMap(Path java) throws Exception {
        Run run = explain(dump(java, "map"));
        assertThat(run.lines()).contains("STEP\tstatic field BY_NAME\tjava.util.HashMap\t\tother");
        assertThat(run.entry().get(1)).isEqualTo("STEP\tfield value\t" + LEAKY + "\t\town");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void anObjectOfAnInnerClassAnArrayAndAClass(Path java) throws Exception {
        assertThat(explain(dump(java, "inner")).entry().get(1))
                .isEqualTo("STEP\telement 0\t" + LEAKY + "$Inner\t\town");
        assertThat(explain(dump(java, "array")).entry().get(1)).isEqualTo("STEP\telement 1\t" + LEAKY + "[]\t\town");
        assertThat(explain(dump(java, "class")).entry().get(1))
                .isEqualTo("STEP\telement 1\tclass " + LEAKY + "\t\town");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aThreadLocalOfAThreadThatStays(Path java) throws Exception {
        Run run = explain(dump(java, "local"));
        assertThat(run.roots()).containsExactly("ROOT\tthread \"pooled-1\", which lives");
        assertThat(run.lines()).contains("STEP\tfield threadLocals\tjava.lang.ThreadLocal$ThreadLocalMap\t\tother");
        assertThat(run.entry().get(1)).isEqualTo("STEP\tfield value\t" + LEAKY + "\t\town");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void theContextClassLoaderOfAThread(Path java) throws Exception {
        assertThat(explain(dump(java, "context")).lines())
                .containsExactly(
                        "ROOT\tthread \"pooled-1\", which lives",
                        "STEP\t\tjava.lang.Thread\t\tother",
                        "STEP\tfield contextClassLoader\tdev.sluice.heap.leaks.Leaks$Loader\t\town");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void theStackOfAThreadByMethodAndLine(Path java) throws Exception {
        Run run = explain(dump(java, "stack"));
        assertThat(run.roots())
                .singleElement()
                .asString()
                .matches("ROOT\tlocal variable in dev\\.sluice\\.heap\\.leaks\\.Leaky\\.run"
                        + "\\(Leaky\\.java:\\d+\\), on the stack of thread \"poller\"");
    }

    @ParameterizedTest
    @MethodSource("jdksWithVirtualThreads")
    void aVirtualThreadThatIsParked(Path java) throws Exception {
        Run run = explain(dump(java, "virtual"));
        assertThat(run.outcome()).isEqualTo(Outcome.PATH);
        assertThat(run.roots())
                .singleElement()
                .asString()
                .matches("ROOT\tlocal variable in dev\\.sluice\\.heap\\.leaks\\.Leaky\\.run"
                        + "\\(Leaky\\.java:\\d+\\), on the stack of virtual thread without a name");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void eachCauseHasAPathOfItsOwn(Path java) throws Exception {
        Run run = explain(dump(java, "two"));
        assertThat(run.roots()).hasSize(2).contains("ROOT\tthread \"pooled-1\", which lives");
        assertThat(run.lines()).contains("STEP\tstatic field LISTENERS\tjava.util.ArrayList\t\tother");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void whatOnlySoftReferencesHoldIsNotHeld(Path java) throws Exception {
        Run run = explain(dump(java, "soft"));
        assertThat(run.outcome()).isEqualTo(Outcome.NOT_HELD);
        assertThat(run.lines().get(0)).isEqualTo("SOFT");
        assertThat(run.entry())
                .containsExactly(
                        "STEP\telement 1\tjava.lang.ref.SoftReference\t\tother",
                        "STEP\tfield referent\t" + LEAKY + "\t\town");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aValueOfAClassValueIsInNoDump(Path java) throws Exception {
        Run run = explain(dump(java, "class value"));
        assertThat(run.outcome()).isEqualTo(Outcome.NOT_HELD);
        assertThat(run.lines()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void whatNothingHoldsHasBeenCollectedByTheDump(Path java) throws Exception {
        Path dump = dump(java, "nothing");
        assertThat(explain(dump).outcome()).isEqualTo(Outcome.COLLECTED);
        assertThat(explain(dump, "8").outcome()).as("of another number").isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void aDumpThatIsCutOffOrIsNoneIsToldAndSoIsACallWithoutANumber() throws Exception {
        Path dump = dump(Jdks.all().findFirst().orElseThrow(), "static");
        try (FileChannel file = FileChannel.open(dump, StandardOpenOption.WRITE)) {
            file.truncate(file.size() / 2);
        }
        assertThat(explain(dump).outcome()).isEqualTo(Outcome.UNREADABLE);
        Files.writeString(dump, "no dump");
        assertThat(explain(dump).outcome()).isEqualTo(Outcome.UNREADABLE);
        assertThat(explain(dump, "seven").outcome()).isEqualTo(Outcome.USAGE);
    }

    @Test
    void theProgramEndsWithWhoeverStartedItAlsoInTheMiddleOfADump() throws Exception {
        // It takes long to see that there is nothing in it.
        Path endless = folder.resolve("endless.hprof");
        try (RandomAccessFile file = new RandomAccessFile(endless.toFile(), "rw")) {
            file.write("JAVA PROFILE 1.0.2\0\0\0\0\10".getBytes(StandardCharsets.US_ASCII));
            file.setLength(1L << 34);
        }
        Process program = new ProcessBuilder(
                        Jdks.all().findFirst().orElseThrow().toString(),
                        "-jar",
                        Path.of("target/heap-path-program.jar").toAbsolutePath().toString(),
                        endless.toString(),
                        "7")
                .start();
        try {
            assertThat(program.isAlive()).isTrue();
            program.getOutputStream().close();
            assertThat(program.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(program.exitValue()).isEqualTo(Outcome.USAGE.code());
        } finally {
            program.destroyForcibly();
        }
    }

    private Path dump(Path java, String way) throws IOException, InterruptedException {
        Path dump = folder.resolve(way + ".hprof");
        Process leaks = new ProcessBuilder(
                        java.toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        Path.of("target/test-classes").toAbsolutePath().toString(),
                        "dev.sluice.heap.leaks.Leaks",
                        way,
                        dump.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile())
                .start();
        assertThat(leaks.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(leaks.exitValue())
                .as(Files.readString(folder.resolve("out")))
                .isZero();
        return dump;
    }

    private static Run explain(Path dump) {
        return explain(dump, "7");
    }

    private static Run explain(Path dump, String number) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Outcome outcome = Main.run(
                new String[] {dump.toString(), number},
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err));
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        return new Run(outcome, lines);
    }
}
