package dev.sluice.chain.path;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestPathTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "*",
                "//",
                "//a",
                "/a//b",
                "/a//",
                "/.",
                "/..",
                "/./a",
                "/../a",
                "/a/.",
                "/a/..",
                "/a/./b",
                "/a/../b",
                "/a;x",
                "/;x/a",
                "/a/..;/b",
                "/a\\b",
                "/..\\a",
                "/a\0",
                "/a\nb",
                "/a\tb",
                "/a\177",
                "/a%2fb",
                "/%2e%2E/a",
                "/a%00",
                "/%%41"
            })
    void refusesWhatTwoReadersCouldTakeForDifferentPaths(String path) {
        assertThat(RequestPath.isAmbiguous(path)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/a",
                "/a/",
                "/a/b",
                "/.a",
                "/..a",
                "/a..",
                "/...",
                "/.../a",
                "/a.b/c",
                "/a b",
                "/100%",
                "/100%.txt",
                "/50%off",
                "/%/%a",
                "/ü/ж",
                "/a:b",
                "/.well-known/x",
                "/a./b",
                "/a=b,c",
                "/~a"
            })
    void letsPlainPathsBy(String path) {
        assertThat(RequestPath.isAmbiguous(path)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a", "/a.", "/a.b/c", "/", "/a.b/"})
    void findsNoExtensionWhereThereIsNone(String path) {
        assertThat(RequestPath.extension(path)).isEmpty();
    }
}
