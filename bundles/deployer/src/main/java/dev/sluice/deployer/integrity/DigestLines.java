package dev.sluice.deployer.integrity;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code sha256sum} of GNU coreutils writes: a line for each file, with the digest, a space, a space for text or a
 * {@code *} for binary mode, and the name. A backslash before all that says that backslashes and line ends in the name are
 * escaped. With {@code --tag} it is {@code SHA256 (name) = digest}. A digest all alone, as repositories have it, is taken too.
 */
final class DigestLines {

    private static final Pattern LINE = Pattern.compile("(\\\\?)([0-9a-fA-F]{64}) [ *](.+)", Pattern.DOTALL);
    private static final Pattern TAGGED =
            Pattern.compile("(\\\\?)SHA256 \\((.+)\\) = ([0-9a-fA-F]{64})", Pattern.DOTALL);
    private static final Pattern ALONE = Pattern.compile("[0-9a-fA-F]{64}");

    private record Line(String name, String digest) {}

    /** Either the digest, or what is wrong, as the end of a sentence about the sidecar. */
    record Found(Optional<String> digest, String problem) {}

    private DigestLines() {}

    /** {@return the digest of a file, in lower-case hexadecimal} */
    static Found of(String file, byte[] sidecar) {
        String text = new String(sidecar, StandardCharsets.UTF_8);
        if (ALONE.matcher(text.strip()).matches()) {
            return found(text.strip());
        }
        List<Line> lines = text.lines().flatMap(line -> parse(line).stream()).toList();
        if (lines.isEmpty()) {
            return new Found(
                    Optional.empty(), "has no line as sha256sum writes it: make it anew with sha256sum " + file);
        }
        // As named in the folder it is made for, or as it was called where it was made.
        Set<String> exact = digests(lines, file, false);
        Set<String> digests = exact.isEmpty() ? digests(lines, file, true) : exact;
        if (digests.size() > 1) {
            return new Found(Optional.empty(), "has several digests for " + file + ": leave the right one");
        }
        if (digests.isEmpty()) {
            Set<String> names = new TreeSet<>();
            lines.forEach(line -> names.add(line.name()));
            return new Found(
                    Optional.empty(),
                    "has no line for " + file + ", only for "
                            + String.join(", ", names.stream().limit(5).toList()) + ": make it anew with sha256sum "
                            + file);
        }
        return found(digests.iterator().next());
    }

    private static Found found(String digest) {
        return new Found(Optional.of(digest.toLowerCase(Locale.ROOT)), "");
    }

    private static Set<String> digests(List<Line> lines, String file, boolean inFolder) {
        Set<String> digests = new LinkedHashSet<>();
        for (Line line : lines) {
            String name = inFolder ? line.name().substring(line.name().lastIndexOf('/') + 1) : line.name();
            if (name.equals(file)) {
                digests.add(line.digest().toLowerCase(Locale.ROOT));
            }
        }
        return digests;
    }

    private static Optional<Line> parse(String line) {
        Matcher plain = LINE.matcher(line);
        if (plain.matches()) {
            return Optional.of(new Line(name(plain.group(3), plain.group(1)), plain.group(2)));
        }
        Matcher tagged = TAGGED.matcher(line);
        return tagged.matches()
                ? Optional.of(new Line(name(tagged.group(2), tagged.group(1)), tagged.group(3)))
                : Optional.empty();
    }

    private static String name(String written, String escape) {
        if (escape.isEmpty()) {
            return written;
        }
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < written.length(); i++) {
            char c = written.charAt(i);
            if (c == '\\' && i + 1 < written.length()) {
                char escaped = written.charAt(++i);
                name.append(escaped == 'n' ? '\n' : escaped == 'r' ? '\r' : escaped);
            } else {
                name.append(c);
            }
        }
        return name.toString();
    }
}
