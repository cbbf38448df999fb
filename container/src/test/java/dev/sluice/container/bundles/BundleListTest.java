package dev.sluice.container.bundles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BundleListTest {

    private static final String DIGEST = "ab".repeat(32);

    @Test
    void what_is_written_is_what_is_read() throws Exception {
        BundleList list = new BundleList(List.of(
                new ContainedBundle(2, DIGEST, "org.example.b", "1.0.0", "bundles/b-1.0.0.jar"),
                new ContainedBundle(1, DIGEST, "org.example.a", "2.0.0.x", "bundles/a-2.0.0.jar")));

        assertThat(BundleList.parse(new StringReader(list.text()))).isEqualTo(list);
        assertThat(list.highestStartLevel()).isEqualTo(2);
    }

    @Test
    void comments_and_blank_lines_are_passed_over() throws Exception {
        String text = "# comment\n\n3 " + DIGEST + " org.example 1.0.0 bundles/x.jar\n";

        assertThat(BundleList.parse(new StringReader(text)).bundles())
                .containsExactly(new ContainedBundle(3, DIGEST, "org.example", "1.0.0", "bundles/x.jar"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1 org.example bundles/x.jar", "1 cafe org.example 1.0.0 bundles/x.jar", "x"})
    void anything_else_is_refused_with_the_line(String line) {
        assertThatThrownBy(() -> BundleList.parse(new StringReader(line))).hasMessageContaining(line);
    }
}
