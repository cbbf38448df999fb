package dev.sluice.container.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.container.StartFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InvocationReaderTest {

    @TempDir
    private Path home;

    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void atHome() {
        environment.put("SLUICE_HOME", home.toString());
    }

    @Test
    void without_a_word_the_defaults_hold() throws Exception {
        environment.clear();

        assertThat(settings())
                .isEqualTo(new Settings(
                        Path.of("sluice-home").toAbsolutePath(),
                        "0.0.0.0",
                        8080,
                        Optional.empty(),
                        200,
                        "127.0.0.1",
                        8081,
                        Optional.empty(),
                        Duration.ofSeconds(30),
                        Duration.ZERO));
    }

    @Test
    void the_command_line_goes_before_the_environment_and_that_before_the_file() throws Exception {
        file("port = 1", "admin.port = 1", "drain.timeout = 1s", "host = one");
        environment.put("SLUICE_ADMIN_PORT", "2");
        environment.put("SLUICE_DRAIN_TIMEOUT", "2s");

        Settings settings = settings("--drain-timeout=3s", "--shutdown-delay", "500ms");

        assertThat(settings.port()).isEqualTo(1);
        assertThat(settings.host()).isEqualTo("one");
        assertThat(settings.adminPort()).isEqualTo(2);
        assertThat(settings.drainTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(settings.shutdownDelay()).isEqualTo(Duration.ofMillis(500));
        assertThat(settings.home()).isEqualTo(home);
    }

    @Test
    void the_file_is_the_one_in_the_home_that_the_command_line_names() throws Exception {
        file("port = 1");
        environment.put("SLUICE_HOME", home.resolve("other").toString());

        assertThat(settings().port()).isEqualTo(8080);
        assertThat(settings("--home", home.toString()).port()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "--port=70000, --port: '70000' is not a port",
        "--port=-1, --port: '-1' is not a port",
        "--admin-port=x, --admin-port: 'x' is not a port",
        "--drain-timeout=5, --drain-timeout: '5' is not a duration",
        "--host=, --host: '' is empty",
        "--prot=1, Unknown option --prot",
        "deploy.jar, Unexpected argument 'deploy.jar'",
        "--port, --port needs a value: --port=<port>",
        "--port=1 --port=2, --port is given twice",
        "--upstream=127.0.0.1:9000, --upstream: '127.0.0.1:9000' is no upstream: write http://host:port",
        "--upstream=ftp://a, --upstream: 'ftp://a' is no upstream",
        "--upstream=http://a:70000, --upstream: 'http://a:70000' is no upstream",
        "--upstream=http://a:0, --upstream: 'http://a:0' is no upstream",
        "--upstream=http://a?x=1, --upstream: 'http://a?x=1' is no upstream",
        "--upstream=, --upstream: '' is no upstream",
        "--upstream=http://h:1/../x, has a base path with empty or dot segments",
        "--upstream=http://h:1/a//x, has a base path with empty or dot segments",
        "--upstream=http://a=0, has a weight that is not from 1 to 1000: 0",
        "--upstream=http://me:hunter2@a:1, --upstream: 'http://a:1' is no upstream",
        "--upstream=http://localhost:8080, is the address that this container listens at itself",
        "--upstream=http://127.0.0.1:81 --port=81, is the address that this container listens at itself",
        "--upstream=http://a:1 --upstream=http://b:1, --upstream is given twice",
        "--admin-password-file=/no/such/file, /no/such/file is not a file that can be read",
    })
    void a_wrong_option_is_one_line_that_names_it(String args, String message) {
        assertThatThrownBy(() -> settings(args.split(" ")))
                .asInstanceOf(InstanceOfAssertFactories.type(StartFailure.class))
                .satisfies(failure -> {
                    assertThat(failure)
                            .message()
                            .contains(message)
                            .endsWith("(see --help)")
                            .doesNotContain("\n");
                    assertThat(failure.exitCode()).isEqualTo(2);
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:9000",
                "https://app.example",
                "http://[::1]:9000/base/path",
                "http://my_service:9000=3, https://b:9443",
                "HTTP://A:1,http://localhost:8081",
            })
    void an_upstream_is_handed_on_as_it_was_written(String upstream) throws Exception {
        assertThat(settings("--upstream", upstream).upstream()).contains(upstream);
    }

    @Test
    void an_upstream_is_named_once() {
        assertThatThrownBy(() -> settings("--upstream=http://a:1, http://A:1=2"))
                .hasMessageContaining("names an upstream twice");
    }

    @Test
    void a_password_in_an_upstream_is_not_repeated() {
        environment.put("SLUICE_UPSTREAM", "http://b:1,http://me:hunter2@a:1");

        assertThatThrownBy(this::settings)
                .hasMessageStartingWith("SLUICE_UPSTREAM: 'http://b:1,http://a:1' is no upstream")
                .hasMessageContaining("a name and password have no place in it")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void the_upstream_comes_from_the_environment_or_the_file_too() throws Exception {
        file("upstream = http://a:1");

        assertThat(settings().upstream()).contains("http://a:1");
        environment.put("SLUICE_UPSTREAM", "http://b:1");
        assertThat(settings().upstream()).contains("http://b:1");
    }

    @Test
    void a_wrong_variable_is_named() {
        environment.put("SLUICE_PORT", "web");

        assertThatThrownBy(this::settings).hasMessageStartingWith("SLUICE_PORT: 'web' is not a port");
    }

    @Test
    void a_wrong_variable_that_the_command_line_goes_before_is_no_matter() throws Exception {
        environment.put("SLUICE_PORT", "web");

        assertThat(settings("--port=9").port()).isEqualTo(9);
    }

    @Test
    void a_wrong_entry_is_named_with_its_file() throws Exception {
        Path file = file("admin.port = web");

        assertThatThrownBy(this::settings).hasMessageStartingWith("admin.port in " + file + ": 'web' is not a port");
    }

    @ParameterizedTest
    @ValueSource(strings = {"prot = 1", "home = /else/where", "admin.password = hunter2"})
    void an_unknown_entry_is_refused(String line) throws Exception {
        file(line);

        assertThatThrownBy(this::settings)
                .hasMessageContaining("'" + line.split(" ")[0] + "'")
                .hasMessageContaining("admin.password.file")
                .hasMessageNotContaining("hunter2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--admin-password=hunter2", "--admin-password hunter2"})
    void a_password_on_the_command_line_is_refused_and_not_repeated(String args) {
        assertThatThrownBy(() -> settings(args.split(" ")))
                .hasMessageContaining("SLUICE_ADMIN_PASSWORD")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void a_port_variable_that_an_orchestrator_injects_for_a_service_is_left_alone() throws Exception {
        environment.put("SLUICE_PORT", "tcp://10.0.0.1:80");

        assertThat(settings().port()).isEqualTo(8080);
    }

    @Test
    void an_empty_variable_is_as_none() throws Exception {
        environment.put("SLUICE_PORT", "");

        assertThat(settings().port()).isEqualTo(8080);
    }

    @Test
    void help_names_every_variable_even_if_the_environment_is_wrong() throws Exception {
        environment.put("SLUICE_PORT", "web");

        assertThat(read("--help"))
                .asInstanceOf(InstanceOfAssertFactories.type(Invocation.Print.class))
                .extracting(Invocation.Print::text, InstanceOfAssertFactories.STRING)
                .contains(
                        "SLUICE_HOME",
                        "SLUICE_HOST",
                        "SLUICE_PORT",
                        "SLUICE_UPSTREAM",
                        "SLUICE_ADMIN_HOST",
                        "SLUICE_ADMIN_PORT")
                .contains("SLUICE_ADMIN_PASSWORD_FILE", "SLUICE_DRAIN_TIMEOUT", "SLUICE_SHUTDOWN_DELAY")
                .contains("SLUICE_ADMIN_PASSWORD ", "8081", "127.0.0.1")
                .contains("500ms, 30s, 5m, 1h", "143", "130", "deploy/", "conf/", "logs/", "docs/configuration.md")
                .doesNotContain("$");
    }

    @Test
    void help_has_a_short_name() throws Exception {
        assertThat(read("-h")).isEqualTo(read("--help"));
    }

    @Test
    void version_is_printed() throws Exception {
        assertThat(read("--version")).isEqualTo(new Invocation.Print("Sluice test"));
    }

    private Settings settings(String... args) throws StartFailure {
        return ((Invocation.Run) read(args)).settings();
    }

    private Invocation read(String... args) throws StartFailure {
        return new InvocationReader(environment, "Sluice test").read(args);
    }

    private Path file(String... lines) throws IOException {
        Path file = home.resolve("conf/dev.sluice.container.cfg");
        Files.createDirectories(file.getParent());
        return Files.write(file, List.of(lines));
    }

    @Test
    void a_variable_that_has_no_effect_is_said_and_those_of_orchestrators_are_not() {
        environment.put("SLUICE_PROT", "9");
        environment.put("SLUICE_ADMIN_PASSWORD", "secret");
        environment.put("SLUICE_SERVICE_HOST", "10.0.0.1");
        environment.put("SLUICE_PORT_8080_TCP_ADDR", "10.0.0.1");
        environment.put("SLUICE_WEB_PORT", "tcp://10.0.0.1:80");

        assertThat(new InvocationReader(environment, "").warnings())
                .containsExactly("The variable SLUICE_PROT has no effect: is SLUICE_PORT meant?");
    }

    @Test
    void an_option_that_doesnt_exist_is_said_with_the_one_that_is_meant() {
        assertThatThrownBy(() -> new InvocationReader(environment, "").read("--amdin-port=1"))
                .hasMessageStartingWith("Unknown option --amdin-port: is --admin-port meant?");
        assertThatThrownBy(() -> new InvocationReader(environment, "").read("--nonsense-and-more"))
                .hasMessageContaining("--help");
    }
}
