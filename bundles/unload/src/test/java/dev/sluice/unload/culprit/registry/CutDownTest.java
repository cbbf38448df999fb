package dev.sluice.unload.culprit.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.unload.culprit.Search;
import dev.sluice.unload.culprit.Suspect;
import dev.sluice.unload.culprit.UnseenException;
import dev.sluice.unload.culprit.threads.ShutdownHooks;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a JVM that was cut down to less than all modules there is nothing to find, and in one that opens nothing that is said. */
class CutDownTest {

    /** Each by its name, as one whose class can't be verified without a module would fail before the others were run. */
    private static final List<String> ALL = List.of(
            "ShutdownHooks",
            "Drivers",
            "MBeans",
            "LogHandlers",
            "SecurityProviders",
            "UrlHandlers",
            "Defaults",
            "Caches");

    public static void main(String[] none) throws Exception {
        if (ModuleLayer.boot().findModule("java.management").isPresent()) {
            java.lang.management.ManagementFactory.getPlatformMBeanServer();
        }
        for (String one : ALL) {
            Class<?> type = one.equals("ShutdownHooks")
                    ? ShutdownHooks.class
                    : Class.forName(CutDownTest.class.getPackageName() + '.' + one);
            Search search = (Search) type.getConstructor().newInstance();
            try {
                System.out.println(search.name() + '|' + search.search(new Suspect(new ClassLoader(null) {}, "acme")));
            } catch (UnseenException e) {
                System.out.println(search.name() + '|' + e.getMessage() + '|' + e.found());
            }
        }
    }

    @Test
    void withoutTheModulesNothingIsFoundAndNothingFails(@TempDir Path directory) throws Exception {
        Path home = Path.of(System.getProperty("java.home"));
        assumeTrue(Files.isDirectory(home.resolve("jmods")), "this JDK has no jmods to make a smaller one from");
        Path jre = directory.resolve("jre");
        run(home.resolve("bin/jlink"), "--add-modules", "java.base", "--output", jre.toString());
        List<String> command = new ArrayList<>();
        for (String opened :
                List.of("java.io", "java.lang", "java.net", "java.security", "java.util", "javax.net.ssl")) {
            command.addAll(List.of("--add-opens", "java.base/" + opened + "=ALL-UNNAMED"));
        }
        assertThat(main(jre, command))
                .containsExactly(
                        "hooks|[]",
                        "drivers|[]",
                        "mbeans|[]",
                        "log.handlers|[]",
                        "providers|[]",
                        "url.handlers|[]",
                        "defaults|[]",
                        "caches|[]");
    }

    @Test
    void withNothingOpenedEachSaysWhatToAddToTheCommandLine() throws Exception {
        List<String> said = main(Path.of(System.getProperty("java.home")), List.of());
        assertThat(said).hasSize(ALL.size()).allMatch(line -> line.endsWith("[]"));
        assertThat(said.get(0)).startsWith("hooks|shutdown hooks: start the JVM with --add-opens java.base/java.lang=");
        assertThat(said.get(1)).startsWith("drivers|drivers: start the JVM with --add-opens java.sql/java.sql=");
        assertThat(said.get(2)).startsWith("mbeans|mbeans: start the JVM with --add-opens java.management/");
        assertThat(said.get(3)).isEqualTo("log.handlers|[]");
        assertThat(said.get(4)).isEqualTo("providers|[]");
        assertThat(said.get(5))
                .startsWith("url.handlers|url.handlers: start the JVM with --add-opens java.base/java.net=");
        assertThat(said.get(6)).startsWith("defaults|defaults: start the JVM with --add-opens java.base/java.lang=");
        assertThat(said.get(7))
                .contains(
                        "--add-opens java.base/java.lang=ALL-UNNAMED",
                        "--add-opens java.base/java.util=ALL-UNNAMED",
                        "--add-opens java.desktop/java.beans=ALL-UNNAMED",
                        "--add-opens java.desktop/com.sun.beans.introspect=ALL-UNNAMED");
    }

    private static List<String> main(Path java, List<String> options) throws Exception {
        List<String> arguments = new ArrayList<>(options);
        arguments.addAll(List.of("-cp", System.getProperty("java.class.path"), CutDownTest.class.getName()));
        return run(java.resolve("bin/java"), arguments.toArray(String[]::new));
    }

    private static List<String> run(Path program, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said.lines().toList();
    }
}
