package dev.sluice.itests.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * All the ways to spell a path that somebody once got past a guard with, or that servers disagree about, systematically: at
 * each separator, at each character, before it and behind it, and the forms of a request target around it.
 */
public final class Spellings {

    /** What can stand where one slash should. */
    private static final List<String> SEPARATORS = List.of(
            "//",
            "///",
            "/./",
            "/././",
            "/x/../",
            "/x/y/../../",
            "/../",
            "/%2e/",
            "/%2E/",
            "/%2e%2e/",
            "/.%2e/",
            "/%2e./",
            "/x/%2e%2e/",
            "/x/.%2e/",
            "%2f",
            "%2F",
            "/%2f",
            "%2f/",
            "%252f",
            "%25252f",
            "\\",
            "/\\",
            "\\/",
            "%5c",
            "%5C",
            "/%5c",
            "%255c",
            "/;/",
            "/;x/",
            "/;x=y/",
            ";/",
            ";x/",
            ";x=y/",
            ";x=/../y/",
            "/..;/",
            "/.;/",
            "/x/..;/",
            "/x/..;y=z/",
            "/%2e%2e;/",
            "/x/%2e%2e;/",
            "%3b/",
            "/%3b/",
            "%c0%af",
            "%e0%80%af",
            "%f0%80%80%af",
            "%c0%2f",
            "%c1%9c",
            "/%c0%ae/",
            "/%c0%ae%c0%ae/",
            "/x/%c0%ae%c0%ae/",
            "/%e0%80%ae/",
            "%ef%bc%8f",
            "%e2%88%95",
            "%u002f",
            "%u2215",
            "/%00/",
            "%00/",
            "/%00",
            "%01/",
            "%09/",
            "/%09",
            "%0a/",
            "%0d%0a/",
            "%20/",
            "/%20",
            "%7f/",
            "%a0/",
            "/.../",
            "/....//",
            "/..././",
            "/~/../",
            "/*/../",
            "/%/",
            "/%2/",
            "/%zz/",
            "/:/",
            "/@/../",
            "/x;/../",
            "/x;y/../",
            "/x/;/../",
            "/x/;y=z/../../",
            "/x//../",
            "/x//../../",
            "/./x/./../",
            "/x/.%00./",
            "/x/..%00/",
            "/x/..%20/",
            "/x/..%09/",
            "/x/%252e%252e/",
            "/x/..%2f",
            "/x/..%5c",
            "/x/%2e%2e%2f",
            "/x%2f..%2f",
            "/x%2f../");

    /** What can stand behind the whole path. */
    private static final List<String> ENDS = List.of(
            "",
            "/",
            "//",
            "/.",
            "/./",
            "/%2e",
            "/x/..",
            "/x/../",
            "/x/%2e%2e",
            "/..;/x",
            "/.;/",
            ";",
            ";x",
            ";x=y",
            ";x=y;z",
            ";x=y/",
            ";/",
            ";/..",
            ";/../x",
            "/;",
            "/;x",
            "/;x=y",
            "/;/..",
            "?",
            "??",
            "?x",
            "?/../../open",
            "?;",
            "#",
            "#x",
            "%23",
            "%23x",
            "%3f",
            "%3fx",
            "%3Fx=y",
            ".",
            "..",
            "...",
            "/...",
            "%2e",
            "%20",
            "%20%20",
            "+",
            "%09",
            "%0a",
            "%0d",
            "%0d%0aX-Ran:%20x",
            "%00",
            "%00.html",
            "%00/",
            "%01",
            "%7f",
            "%80",
            "%ff",
            "%c0%80",
            "%e2%80%8b",
            "%ef%bb%bf",
            "%c2%a0",
            "%cc%81",
            ".html",
            ".css",
            ".js;",
            ";.css",
            ";/x.css",
            "/x.css",
            "/x.secret",
            "%2f",
            "%2F",
            "%2fx",
            "%2f..",
            "%2f../",
            "%5c",
            "%5c..",
            "\\",
            "\\..",
            "*",
            "/*",
            "/**",
            "~",
            "~1",
            "::$DATA",
            "%3a%3a$DATA",
            "%",
            "%2",
            "%zz",
            "%%32%65",
            "|",
            "^",
            "`",
            "{}",
            "<",
            "\"",
            "'",
            "[",
            "]",
            "$",
            "!",
            ",",
            "=",
            "&x=y",
            "@",
            ":80",
            ";jsessionid=1",
            ";jsessionid=1/",
            ";jsessionid=1?x",
            "/;jsessionid=1",
            "%3bjsessionid=1",
            "%3b",
            "%3b/..");

    /** What can stand before the whole path; it begins with its slash. */
    private static final List<String> BEGINNINGS = List.of(
            "/",
            "//",
            "/.",
            "/./.",
            "/x/..",
            "/x/y/../..",
            "/open/..",
            "/open/../open/..",
            "/..",
            "/../..",
            "/%2e",
            "/%2e%2e",
            "/.%2e",
            "/%2e%2e/%2e%2e",
            "/open/%2e%2e",
            "/open/.%2e",
            "/open/..;",
            "/open/..;x=y",
            "/open;x/..",
            "/open;/..",
            "/open/;/..",
            "/open//..",
            "/open%2f..",
            "/open%2f%2e%2e",
            "/open/..%2f",
            "/open/%252e%252e",
            "/open/%c0%ae%c0%ae",
            "/open/..%00",
            "/open/..%5c",
            "/open\\..",
            "/;",
            "/;x",
            "/;x=y",
            "/.;",
            "/.;x",
            "/..;",
            "/%3b",
            "/%2f",
            "/%5c",
            "\\",
            "/\\",
            "/%00",
            "/%20",
            "/%09",
            "%2f",
            "%2F",
            "",
            "*",
            "?",
            "#",
            ";",
            ".",
            "..",
            "./",
            "../",
            "/~",
            "/*",
            "/%u002e%u002e",
            "/open/%u002e%u002e",
            "/%ef%bc%8e%ef%bc%8e",
            "/open/....",
            "/...");

    /** The forms of a request target around a path; %s is the host, the path follows. */
    private static final List<String> FORMS = List.of(
            "http://%s",
            "HTTP://%s",
            "hTTp://%s",
            "https://%s",
            "http://127.0.0.1",
            "http://evil.example",
            "http://evil.example:1",
            "http://user@%s",
            "http://user:secret@%s",
            "http://%s/",
            "http://%s//",
            "http://%s/.",
            "http://%s/open/..",
            "http://%s/..",
            "http://%s/%%2e%%2e",
            "http://%s/open/%%2e%%2e",
            "http://%s/open/..;",
            "http://%s;x",
            "http://%s/;x",
            "http://%s\\",
            "http:\\\\%s",
            "http:/%s",
            "http:",
            "http:/",
            "http://",
            "http:///",
            "//%s",
            "///%s",
            "///",
            "ws://%s",
            "ftp://%s",
            "file://",
            "file://%s",
            "jar:http://%s!",
            "://%s",
            "http://[::1]",
            "http://[",
            "http://%s?",
            "http://%s#",
            "http://%s?x=",
            "http://%s:80",
            "http://:%s",
            "http://%%61",
            "http://.",
            "a:",
            "a://%s");

    private Spellings() {}

    /**
     * Spells a path in all ways.
     *
     * @param path a path in its plain spelling; it may have encoded characters
     * @param host the authority of the server
     * @return request targets, the plain one first
     */
    public static List<String> of(String path, String host) {
        Set<String> targets = new LinkedHashSet<>();
        targets.add(path);
        List<String> segments = List.of(path.substring(1).split("/"));
        for (int at = 0; at < segments.size(); at++) {
            for (String separator : SEPARATORS) {
                targets.add(joined(segments, at, separator));
            }
        }
        ENDS.forEach(end -> targets.add(path + end));
        BEGINNINGS.forEach(beginning -> targets.add(beginning + path));
        FORMS.forEach(form -> targets.add(form.formatted(host) + path));
        targets.addAll(characters(path));
        targets.addAll(cases(path));
        // One trick is seldom enough.
        for (String beginning : List.of("/open/..", "//", "/;x", "/%2e", "http://" + host)) {
            for (String end : List.of("/", ";x", "/.", "%00", "?x", "#", "/x/..", "%2e", ";/..")) {
                targets.add(beginning + path + end);
            }
        }
        return List.copyOf(targets);
    }

    private static String joined(List<String> segments, int at, String separator) {
        StringBuilder target = new StringBuilder();
        for (int i = 0; i < segments.size(); i++) {
            target.append(i == at ? separator : "/").append(segments.get(i));
        }
        return target.toString();
    }

    /** Each character in another encoding, alone and all together. */
    private static List<String> characters(String path) {
        List<String> targets = new ArrayList<>();
        List<String> encodings =
                List.of("%%%02x", "%%%02X", "%%25%02x", "%%2525%02x", "%%u00%02x", "&#x%02x;", "\\x%02x");
        for (String encoding : encodings) {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < path.length(); i++) {
                char c = path.charAt(i);
                String encoded =
                        c == '/' || c == '%' || i > 1 && path.charAt(i - 1) == '%' || i > 2 && path.charAt(i - 2) == '%'
                                ? Character.toString(c)
                                : encoding.formatted((int) c);
                all.append(encoded);
                if (encoded.length() > 1) {
                    targets.add(path.substring(0, i) + encoded + path.substring(i + 1));
                }
            }
            targets.add(all.toString());
        }
        for (int i = 1; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c >= 'a' && c <= 'z') {
                String before = path.substring(0, i);
                String after = path.substring(i + 1);
                // Overlong: a byte more, and two bytes more, than the character needs.
                targets.add(before + "%%%02x%%%02x".formatted(0xc0 | c >> 6, 0x80 | c & 0x3f) + after);
                targets.add(before + "%%e0%%%02x%%%02x".formatted(0x80 | c >> 6, 0x80 | c & 0x3f) + after);
                // Full width, and a soft hyphen, a zero-width space and a combining accent behind it.
                targets.add(before + encoded(Character.toString((char) (0xff41 + c - 'a'))) + after);
                for (String more : List.of("%c2%ad", "%e2%80%8b", "%cc%81", "%00", "%08")) {
                    targets.add(before + c + more + after);
                }
            }
        }
        return targets;
    }

    private static List<String> cases(String path) {
        List<String> targets = new ArrayList<>();
        targets.add(path.toUpperCase(Locale.ROOT));
        for (int i = 1; i < path.length(); i++) {
            targets.add(path.substring(0, i) + Character.toUpperCase(path.charAt(i)) + path.substring(i + 1));
        }
        targets.add(path.replace("i", encoded("\u0131")));
        targets.add(path.replace("i", encoded("\u0130")));
        targets.add(path.replace("s", encoded("\u017f")));
        targets.add(path.replace("k", encoded("\u212a")));
        return targets;
    }

    private static String encoded(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(UTF_8)) {
            encoded.append("%%%02x".formatted(b & 0xff));
        }
        return encoded.toString();
    }
}
