package dev.sluice.itests.harness;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The one line that says that the container is up.
 *
 * @param version the container's
 * @param millis how long it took
 * @param data where requests go
 * @param console the web console
 */
public record ReadyLine(String version, long millis, URI data, URI console) {

    private static final Pattern FORMAT = Pattern.compile(
            "Sluice (\\S+) ready in (\\d+) ms \\| (http://[^/ ]+:\\d+) \\| admin (http://[^/ ]+:\\d+/system/console)");

    /** {@return the line read, if it is the ready line and nothing else} */
    public static Optional<ReadyLine> parse(String line) {
        Matcher matcher = FORMAT.matcher(line);
        return matcher.matches()
                ? Optional.of(new ReadyLine(
                        matcher.group(1),
                        Long.parseLong(matcher.group(2)),
                        URI.create(matcher.group(3)),
                        URI.create(matcher.group(4))))
                : Optional.empty();
    }
}
