package dev.sluice.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.conf.LastGood;
import dev.sluice.proxy.config.RouteBook.Line;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouteBookTest {

    @TempDir
    private Path outside;

    private Path home;

    private final Map<String, RouteFile> files = new TreeMap<>();
    private RouteBook.Trial trial = route -> {};
    private RouteBook book;
    private long now;

    @BeforeEach
    void start() {
        home = outside.resolve("home/data");
        start(null);
    }

    private void start(String upstream) {
        book = new RouteBook(
                Optional.ofNullable(upstream),
                new RouteReader(home),
                new LastGood(home.resolve("routes"), "route", "nothing"),
                route -> trial.check(route),
                () -> now);
    }

    @Test
    void a_good_file_is_in_force() {
        write("api", "/api/*", "http://a:1");

        assertThat(take("api").refusal()).isEmpty();
        assertThat(upstream("api")).isEqualTo("http://a:1");
    }

    @Test
    void a_bad_change_is_refused_and_what_was_there_stays() {
        write("api", "/api/*", "http://a:1");
        book.take(files.values());
        write("api", "/api/*", "a:2");

        Line line = take("api");

        assertThat(line.refusal().orElseThrow()).contains("\"a:2\" is no upstream");
        assertThat(upstream("api")).isEqualTo("http://a:1");
    }

    @Test
    void a_new_bad_file_has_nothing_in_force_and_tells_its_paths() {
        write("api", "/api/*, x", "http://a:1");

        Line line = take("api");

        assertThat(line.inForce()).isEmpty();
        assertThat(line.refusal().orElseThrow()).contains("\"x\" is no path of a route");
        assertThat(line.paths()).containsExactly("/api/*");
    }

    @Test
    void a_file_that_is_mended_is_taken() {
        write("api", "/api/*", "a:1");
        book.take(files.values());
        write("api", "/api/*", "http://a:1");

        assertThat(take("api").refusal()).isEmpty();
        assertThat(upstream("api")).isEqualTo("http://a:1");
    }

    @Test
    void the_last_good_routes_outlive_a_restart() {
        write("api", "/api/*", "http://a:1");
        book.take(files.values());
        write("api", "/api/*", "a:2");
        book.take(files.values());

        start();

        assertThat(take("api").refusal()).isPresent();
        assertThat(upstream("api")).isEqualTo("http://a:1");
    }

    @Test
    void the_last_good_routes_are_the_last_and_not_the_first() {
        write("api", "/api/*", "http://a:1");
        book.take(files.values());
        write("api", "/api/*", "http://a:2");
        book.take(files.values());
        write("api", "/api/*", "a:3");

        start();

        take("api");
        assertThat(upstream("api")).isEqualTo("http://a:2");
    }

    @Test
    void a_file_that_goes_takes_its_route_along_for_good() throws IOException {
        write("api", "/api/*", "http://a:1");
        book.take(files.values());
        files.clear();

        assertThat(book.take(files.values())).isEmpty();

        write("api", "/api/*", "a:2");
        assertThat(take("api").inForce()).isEmpty();
        try (var kept = Files.list(home.resolve("routes"))) {
            assertThat(kept).isEmpty();
        }
    }

    @Test
    void a_file_that_went_while_the_container_was_down_has_no_last_good_routes() {
        write("api", "/api/*", "http://a:1");
        book.take(files.values());

        start();
        files.clear();
        book.take(files.values());

        write("api", "/api/*", "a:2");
        assertThat(take("api").inForce()).isEmpty();
    }

    @Test
    void what_is_kept_on_the_disk_and_is_spoilt_there_is_as_none() throws IOException {
        write("api", "/api/*", "http://a:1");
        book.take(files.values());
        Files.writeString(home.resolve("routes/api.properties"), "paths=\\uXYZ");
        write("api", "/api/*", "a:2");

        start();

        assertThat(take("api").inForce()).isEmpty();
    }

    @Test
    void who_has_a_path_keeps_it() {
        write("b", "/api/*", "http://b:1");
        book.take(files.values());
        write("a", "/x/*,/api/*", "http://a:1");

        assertThat(take("a").refusal()).contains("/api/* belongs to conf/b already: take it out of one of the two");
        assertThat(line("a").inForce()).isEmpty();
        assertThat(line("b").refusal()).isEmpty();

        start();
        assertThat(take("a").refusal()).isPresent();
        assertThat(line("b").refusal()).isEmpty();
    }

    @Test
    void of_two_new_ones_the_first_by_name_gets_the_path() {
        write("b", "/api/*", "http://b:1");
        write("a", "/api/*", "http://a:1");

        assertThat(take("a").refusal()).isEmpty();
        assertThat(line("b").refusal()).contains("/api/* belongs to conf/a already: take it out of one of the two");
    }

    @Test
    void a_path_that_comes_free_goes_to_who_waits_for_it() {
        write("b", "/api/*", "http://b:1");
        book.take(files.values());
        write("a", "/api/*", "http://a:1");
        book.take(files.values());
        files.remove("b");

        assertThat(take("a").refusal()).isEmpty();
        assertThat(upstream("a")).isEqualTo("http://a:1");
    }

    @Test
    void two_files_may_exchange_their_paths_at_once() {
        write("a", "/a/*", "http://a:1");
        write("b", "/b/*", "http://b:1");
        book.take(files.values());
        write("a", "/b/*", "http://a:1");
        assertThat(take("a").refusal()).isPresent();
        assertThat(line("a").inForce().orElseThrow().paths()).containsExactly("/a/*");

        write("b", "/a/*", "http://b:1");

        assertThat(take("a").refusal()).isEmpty();
        assertThat(line("b").refusal()).isEmpty();
        assertThat(line("a").inForce().orElseThrow().paths()).containsExactly("/b/*");
    }

    @Test
    void who_falls_back_on_what_it_had_takes_it_from_who_was_about_to_get_it() {
        write("a", "/a/*", "http://a:1");
        write("c", "/c/*", "http://c:1");
        book.take(files.values());
        write("a", "/c/*", "http://a:1");
        write("b", "/a/*", "http://b:1");

        List<Line> lines = book.take(files.values());

        assertThat(lines).extracting(line -> line.refusal().isPresent()).containsExactly(true, true, false);
        assertThat(line("a").inForce().orElseThrow().paths()).containsExactly("/a/*");
        assertThat(line("b").inForce()).isEmpty();
    }

    @Test
    void the_option_is_a_route_for_everything_and_goes_before_a_file() {
        start("http://up:1, http://up:2=3");
        write("all", "/*", "http://a:1");
        write("api", "/api/*", "http://a:1");

        List<Line> lines = book.take(files.values());

        assertThat(lines.stream().map(Line::name)).containsExactly("--upstream", "all", "api");
        assertThat(lines.get(0).inForce().orElseThrow().paths()).containsExactly("/*");
        assertThat(lines.get(0).inForce().orElseThrow().upstreams()).hasSize(2);
        assertThat(lines.get(1).refusal())
                .contains("/* belongs to --upstream already: start without it, or take the path out");
        assertThat(lines.get(2).refusal()).isEmpty();
    }

    @Test
    void the_option_goes_before_a_file_that_was_in_force_without_it_which_comes_back_when_it_goes() {
        write("all", "/*", "http://a:1");
        book.take(files.values());

        start("http://up:1");
        assertThat(take("all").inForce()).isEmpty();

        start();
        assertThat(take("all").refusal()).isEmpty();
    }

    @Test
    void an_option_that_cant_be_taken_keeps_its_paths_all_the_same() {
        start("nonsense");
        write("all", "/*", "http://a:1");

        List<Line> lines = book.take(files.values());

        assertThat(lines.get(0).refusal().orElseThrow()).contains("\"nonsense\" is no upstream");
        assertThat(lines.get(1).refusal()).isPresent();
    }

    @Test
    void what_reading_cant_tell_refuses_a_file_too_and_is_tried_again() {
        trial = route -> {
            throw new IllegalArgumentException("ours.pem holds no certificate");
        };
        write("api", "/api/*", "http://a:1");
        assertThat(take("api").refusal()).contains("ours.pem holds no certificate");
        assertThat(line("api").paths()).containsExactly("/api/*");

        trial = route -> {};
        assertThat(take("api").refusal()).isEmpty();
    }

    @Test
    void a_name_of_a_file_is_no_way_out_of_the_folder() throws IOException {
        write("../../up", "/api/*", "http://a:1");

        assertThat(take("../../up").refusal()).isEmpty();

        try (var found = Files.walk(outside)) {
            assertThat(found.filter(file -> file.toString().contains("up.properties"))
                            .collect(Collectors.toList()))
                    .allMatch(file -> file.startsWith(home.resolve("routes")))
                    .hasSize(1);
        }
        write("../../up", "/api/*", "bad");
        start();
        assertThat(take("../../up").inForce()).isPresent();
    }

    private void write(String name, String paths, String upstreams) {
        Map<String, String> texts = new HashMap<>(Map.of("paths", paths, "upstreams", upstreams));
        files.put(name, new RouteFile(name, "conf/" + name, texts));
    }

    private Line take(String name) {
        book.take(files.values());
        return line(name);
    }

    private Line line(String name) {
        return book.take(files.values()).stream()
                .filter(line -> line.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private String upstream(String name) {
        return line(name).inForce().orElseThrow().upstreams().get(0).address().toString();
    }

    @Test
    void of_two_that_come_together_the_first_by_name_gets_the_path_whichever_is_heard_of_first() {
        book.take(List.of());
        write("b", "/x/*", "http://b:1");
        book.take(files.values());
        now += RouteBook.SETTLE.toNanos() / 2;
        write("a", "/x/*", "http://a:1");

        assertThat(take("a").refusal()).isEmpty();
        assertThat(take("b").refusal())
                .hasValueSatisfying(reason -> assertThat(reason).contains("/x/* belongs to"));
        assertThat(take("b").inForce()).isEmpty();
    }

    @Test
    void who_has_had_a_path_for_a_while_keeps_it() {
        book.take(List.of());
        write("b", "/x/*", "http://b:1");
        book.take(files.values());
        now += RouteBook.SETTLE.toNanos();
        write("a", "/x/*", "http://a:1");

        assertThat(take("a").refusal()).isPresent();
        assertThat(upstream("b")).isEqualTo("http://b:1");
    }
}
