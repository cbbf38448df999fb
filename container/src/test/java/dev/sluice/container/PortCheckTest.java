package dev.sluice.container;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.container.options.Settings;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PortCheckTest {

    @Test
    void a_taken_port_is_named_with_the_option_to_change_it() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();

            assertThatThrownBy(() -> check("127.0.0.1", port, "127.0.0.1", 0))
                    .hasMessage("Port " + port + " on 127.0.0.1 is in use: choose another with --port");
            assertThatThrownBy(() -> check("127.0.0.1", 0, "127.0.0.1", port))
                    .hasMessage("Port " + port + " on 127.0.0.1 is in use: choose another with --admin-port");
        }
    }

    @Test
    void one_port_for_both_listeners_is_refused_where_their_addresses_overlap() {
        assertThatThrownBy(() -> check("0.0.0.0", 8080, "127.0.0.1", 8080)).hasMessageContaining("both 8080");
    }

    @Test
    void picked_ports_never_collide() {
        assertThatCode(() -> check("0.0.0.0", 0, "0.0.0.0", 0)).doesNotThrowAnyException();
    }

    @Test
    void an_address_of_another_machine_is_refused() {
        // 192.0.2.0/24 is for documentation: no machine has it.
        assertThatThrownBy(() -> check("192.0.2.1", 0, "127.0.0.1", 0))
                .hasMessage("192.0.2.1 is no address of this machine: choose another with --host");
    }

    private static void check(String host, int port, String adminHost, int adminPort) throws StartFailure {
        PortCheck.check(new Settings(
                Path.of("home"),
                host,
                port,
                Optional.empty(),
                200,
                adminHost,
                adminPort,
                Optional.empty(),
                Duration.ZERO,
                Duration.ZERO));
    }
}
