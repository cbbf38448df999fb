package dev.sluice.chain.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.chain.path.PathPattern.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathPatternTest {

    @ParameterizedTest
    @CsvSource({
        "/*, ALL, ''",
        "/, ALL, ''",
        "'', EXACT, /",
        "/api/*, PREFIX, /api",
        "/a/b.c/*, PREFIX, /a/b.c",
        "/exact, EXACT, /exact",
        "/exact/, EXACT, /exact/",
        "*.html, EXTENSION, html"
    })
    void readsThePatternsOfTheServletSpecification(String text, Kind kind, String compared) {
        assertThat(PathPattern.parse(text)).isEqualTo(new PathPattern(kind, compared));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "api",
                "api/*",
                "*",
                "*.",
                "*.a/b",
                "*.*",
                "*.tar.gz",
                "/a*",
                "/a*/b",
                "/*/a",
                "/a/*/b",
                "/a/**",
                "//*",
                "//",
                "/a//b",
                "/a/../b",
                "/./a/*",
                "/a;x/*",
                "/a\\b",
                "/..",
                " /a",
                "/a//*"
            })
    void refusesWhatIsNoPatternOrCouldNeverMatch(String text) {
        assertThatThrownBy(() -> PathPattern.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + text + "\"")
                .hasMessageContaining("Patterns are");
    }

    @ParameterizedTest
    @CsvSource({
        "/api/*, /api, true",
        "/api/*, /api/, true",
        "/api/*, /api/x/y, true",
        "/api/*, /apis, false",
        "/api/*, /API, false",
        "/api/*, /x/api, false",
        "/api, /api, true",
        "/api, /api/, false",
        "'', /, true",
        "'', /a, false",
        "/*, /anything/at.all, true",
        "/, /anything, true",
        "*.html, /index.html, true",
        "*.html, /a.b/index.html, true",
        "*.html, /.html, true",
        "*.html, /index.html/x, false",
        "*.html, /index.xhtml, false",
        "*.html, /html, false",
        "*.gz, /a.tar.gz, true"
    })
    void matchesAsFiltersDo(String pattern, String path, boolean matches) {
        assertThat(PathPattern.parse(pattern).matches(path)).isEqualTo(matches);
    }

    @Test
    void printsAsItIsWritten() {
        for (String text : new String[] {"/*", "/a/*", "/a", "*.x"}) {
            assertThat(PathPattern.parse(text)).hasToString(text);
        }
    }
}
