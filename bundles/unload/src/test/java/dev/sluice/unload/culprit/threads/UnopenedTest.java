package dev.sluice.unload.culprit.threads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.unload.culprit.Search;
import dev.sluice.unload.culprit.Suspect;
import dev.sluice.unload.culprit.UnseenException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the searches say in a JVM that opens nothing to them, or not all. */
class UnopenedTest {

    private static final List<Search> ALL = List.of(
            new ThreadSearch(),
            new ContextClassLoaderSearch(),
            new ThreadLocalSearch(),
            new TimerSearch(),
            new TaskSearch());

    public static void main(String[] none) {
        for (Search search : ALL) {
            try {
                System.out.println(search.name() + "|"
                        + search.search(new Suspect(UnopenedTest.class.getClassLoader(), "acme"))
                                .size());
            } catch (UnseenException e) {
                System.out.println(search.name() + "|" + e.getMessage());
            }
        }
    }

    @Test
    void withNothingOpenedEachSaysWhatToAddToTheCommandLine() throws Exception {
        assertThat(run())
                .containsExactly(
                        "threads|threads: start the JVM with --add-opens java.base/java.lang=ALL-UNNAMED",
                        "context.class.loaders|context class loaders: start the JVM with --add-opens java.base/java.lang=ALL-UNNAMED",
                        "thread.locals|thread-locals: start the JVM with --add-opens java.base/java.lang=ALL-UNNAMED",
                        "timers|timers: start the JVM with --add-opens java.base/java.util=ALL-UNNAMED",
                        "tasks|pending tasks: start the JVM with --add-opens java.base/java.lang=ALL-UNNAMED");
    }

    @Test
    void withWhatIsMissingLeftOutOnlyThatIsSaid() throws Exception {
        assertThat(run("--add-opens", "java.base/java.lang=ALL-UNNAMED"))
                .contains(
                        "threads|threads: start the JVM with --add-opens java.base/java.util.concurrent=ALL-UNNAMED",
                        "tasks|pending tasks: start the JVM with --add-opens java.base/java.util.concurrent=ALL-UNNAMED")
                .contains(
                        "thread.locals|thread-locals: start the JVM with --add-opens java.base/java.lang.ref=ALL-UNNAMED");
        assertThat(run(
                        "--add-opens",
                        "java.base/java.lang=ALL-UNNAMED",
                        "--add-opens",
                        "java.base/java.lang.ref=ALL-UNNAMED"))
                .anyMatch(line -> line.matches("thread.locals\\|\\d+"));
    }

    private static List<String> run(String... options) throws Exception {
        List<String> command = new java.util.ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), UnopenedTest.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return said.lines().toList();
    }
}
