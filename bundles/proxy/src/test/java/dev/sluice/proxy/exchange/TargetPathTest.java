package dev.sluice.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetPathTest {

    @ParameterizedTest
    @CsvSource({
        "/, /, '', /",
        "/a/b/, /a/b/, '', /a/b/",
        "/%61/%C3%A4%20, '/a/ä ', '', /a/%C3%A4%20",
        "/a/./b/../c, /a/c, '', /a/c",
        "/a/b/.., /a/, '', /a/",
        "/a;x=1/b, /a/b, '', /a;x=1/b",
        "/a|b, /a|b, '', /a%7Cb",
        "/100%25.txt, /100%.txt, '', /100%25.txt",
        "/a%25/%25z, /a%/%z, '', /a%25/%25z",
        "/api/users, /api/users, /api, /users",
        "/api, /api, /api, /",
        "/api/, /api/, /api, /",
        "/a/b/c, /a/b/c, /a/b, /c"
    })
    void whatIsSentDecodesToWhatWasMatched(String raw, String matched, String strip, String sent) {
        assertThat(TargetPath.of(raw, matched, strip)).contains(sent);
    }

    @ParameterizedTest
    @CsvSource({
        "/a%2fb, /a/b",
        "/a/%2e%2e/b, /b",
        "/a/%2e%2e/b, /a/../b",
        "/a/%2e/b, /a/./b",
        "/a//b, /a/b",
        "/a//b, /a//b",
        "/pub;%2f..%2fadmin, /pub",
        "/pub;..%2fadmin, /pub",
        "/pub;x=%2fadmin, /pub",
        "/pub;../admin, /pub/admin",
        "/a%5cb, '/a\\b'",
        "/a%3bb, /a;b",
        "/a%00, /a",
        "/%252e%252e/a, /%2e%2e/a",
        "/a%252fb, /a%2fb",
        "/a%25%34%31, /a%41",
        "/%25C3%A4, /%C3ä",
        "/a%01, '/a\u0001'",
        "/a%7f, '/a\u007f'",
        "/%zz, /%zz",
        "/a%, /a%",
        "/%ff, /\uFFFD",
        "/other, /a",
        "a, /a",
        "*, *"
    })
    void whatCanBeReadInTwoWaysIsNotSent(String raw, String matched) {
        assertThat(TargetPath.of(raw, matched, "")).isEmpty();
    }

    @Test
    void whatIsTakenOffIsWhatThePathBeginsWith() {
        assertThat(TargetPath.of("/other/x", "/other/x", "/api")).isEmpty();
        assertThat(TargetPath.of("/apix/x", "/apix/x", "/api")).isEmpty();
    }

    @Test
    void aQueryIsKeptAndMadeSafe() {
        assertThat(TargetPath.query(null)).isEmpty();
        assertThat(TargetPath.query("")).isEqualTo("?");
        assertThat(TargetPath.query("a=%20b&c[]=/?:@")).isEqualTo("?a=%20b&c[]=/?:@");
        assertThat(TargetPath.query("a=%&b={\"x\"}|ä#")).isEqualTo("?a=%25&b=%7B%22x%22%7D%7C%C3%A4%23");
    }

    @Test
    void aSemicolonInAQueryStays() {
        assertThat(TargetPath.query("a=1;b=2")).isEqualTo("?a=1;b=2");
    }
}
