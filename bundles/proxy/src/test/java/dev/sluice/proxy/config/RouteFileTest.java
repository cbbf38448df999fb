package dev.sluice.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RouteFileTest {

    @Test
    void a_file_gives_its_route_the_name_and_is_named_itself() {
        RouteFile file = RouteFile.of(
                "dev.sluice.route~api",
                Map.of(
                        "service.pid", "dev.sluice.route~api",
                        "felix.fileinstall.filename", "file:/home/conf/dev.sluice.route-api.cfg",
                        "paths", "/api/*"));

        assertThat(file).isEqualTo(new RouteFile("api", "conf/dev.sluice.route-api.cfg", Map.of("paths", "/api/*")));
    }

    @Test
    void what_the_console_made_has_no_file() {
        assertThat(RouteFile.of("dev.sluice.route.1b4e28ba", Map.of()))
                .isEqualTo(new RouteFile("1b4e28ba", "the configuration dev.sluice.route.1b4e28ba", Map.of()));
    }

    @Test
    void one_without_a_name_of_its_own_has_that_of_all() {
        assertThat(RouteFile.of("dev.sluice.route", Map.of()).name()).isEqualTo("dev.sluice.route");
    }
}
