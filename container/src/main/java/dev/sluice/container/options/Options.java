package dev.sluice.container.options;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options as picocli fills them in. Their names in the environment and in the file follow from {@link OptionName}. */
@Command(
        name = "java -jar sluice.jar",
        synopsisHeading = "Usage: ",
        customSynopsis = "java -jar sluice.jar [options]",
        description = "%nA container for HTTP middleware that can be changed while requests run through it.%n",
        optionListHeading = "Options, with the environment variable that does the same:%n",
        sortOptions = false,
        usageHelpWidth = 110,
        footer = {
            "",
            "The command line goes before the environment, and that before <home>/conf/dev.sluice.container.cfg.",
            "SLUICE_ADMIN_PASSWORD holds the admin password itself; without it and without a file for it,",
            "one is made at the first start and kept in <home>/data/admin-password.",
            "",
            "A <time> is a whole number with its unit: 500ms, 30s, 5m, 1h.",
            "",
            "In the home: deploy/ takes the JARs of middleware, conf/ the configuration (*.cfg, logback.xml),",
            "logs/ has sluice.log, data/ is the container's own.",
            "",
            "Exit codes: 0 stopped in good order, 1 could not start, 2 wrong option, 3 restart asked from inside,",
            "4 a bundle hung in its stop.",
            "SIGTERM and SIGINT (Ctrl-C) stop in good order. A second one waits for no running request any longer; a third",
            "one ends the process at once, with 143 or 130, as the first one does before anything was started. SIGHUP",
            "stops in good order, with 129.",
            "",
            "Documentation: README.md and docs/ in the source of this version; docs/configuration.md explains all above."
        })
final class Options {

    @Option(
            names = "--home",
            paramLabel = "<folder>",
            defaultValue = "sluice-home",
            description = "home folder, made if missing [SLUICE_HOME; ${DEFAULT-VALUE}]")
    private Path home;

    @Option(
            names = "--host",
            paramLabel = "<address>",
            defaultValue = "0.0.0.0",
            converter = AddressConverter.class,
            description = "address that requests come in at [SLUICE_HOST; ${DEFAULT-VALUE}: all]")
    private String host;

    @Option(
            names = "--port",
            paramLabel = "<port>",
            defaultValue = "8080",
            converter = PortConverter.class,
            description = "port that requests come in at, 0 picks one [SLUICE_PORT; ${DEFAULT-VALUE}]")
    private int port;

    @Option(
            names = "--upstream",
            paramLabel = "<url>[,<url>]",
            converter = UpstreamConverter.class,
            description = "what requests are forwarded to, as http://host:port; see docs/upstream.md [SLUICE_UPSTREAM]")
    private String upstream;

    @Option(
            names = "--threads",
            paramLabel = "<number>",
            defaultValue = "200",
            converter = ThreadsConverter.class,
            description = "threads for requests, before Java 21; later ones need no number [SLUICE_THREADS;"
                    + " ${DEFAULT-VALUE}]")
    private int threads;

    @Option(
            names = "--admin-host",
            paramLabel = "<address>",
            defaultValue = "127.0.0.1",
            converter = AddressConverter.class,
            description = "address of the web console, status and health [SLUICE_ADMIN_HOST; ${DEFAULT-VALUE}]")
    private String adminHost;

    @Option(
            names = "--admin-port",
            paramLabel = "<port>",
            defaultValue = "8081",
            converter = PortConverter.class,
            description = "their port, 0 picks one [SLUICE_ADMIN_PORT; ${DEFAULT-VALUE}]")
    private int adminPort;

    @Option(
            names = "--admin-password-file",
            paramLabel = "<file>",
            description = "file with the password of the user admin [SLUICE_ADMIN_PASSWORD_FILE]")
    private Path adminPasswordFile;

    @Option(
            names = "--drain-timeout",
            paramLabel = "<time>",
            defaultValue = "30s",
            converter = DurationConverter.class,
            description = "how long running requests may take at a stop [SLUICE_DRAIN_TIMEOUT; ${DEFAULT-VALUE}]")
    private Duration drainTimeout;

    @Option(
            names = "--shutdown-delay",
            paramLabel = "<time>",
            defaultValue = "0s",
            converter = DurationConverter.class,
            description =
                    "how long to be \"not ready\" before refusing requests [SLUICE_SHUTDOWN_DELAY; ${DEFAULT-VALUE}]")
    private Duration shutdownDelay;

    @Option(names = "--version", versionHelp = true, description = "print the version and end")
    private boolean version;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "print this and end")
    private boolean help;

    Path home() {
        return home.toAbsolutePath().normalize();
    }

    Settings settings() {
        return new Settings(
                home(),
                host,
                port,
                Optional.ofNullable(upstream),
                threads,
                adminHost,
                adminPort,
                Optional.ofNullable(adminPasswordFile)
                        .map(file -> file.toAbsolutePath().normalize()),
                drainTimeout,
                shutdownDelay);
    }

    static final class PortConverter implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            if (value.matches("\\d{1,5}") && Integer.parseInt(value) <= 65535) {
                return Integer.valueOf(value);
            }
            throw new TypeConversionException("is not a port: write a number from 0 to 65535");
        }
    }

    /** Jetty needs some of them for itself. */
    static final class ThreadsConverter implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            if (value.matches("\\d{1,5}") && Integer.parseInt(value) >= 10) {
                return Integer.valueOf(value);
            }
            throw new TypeConversionException("is no number of threads: write one from 10 to 99999");
        }
    }

    static final class AddressConverter implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            String address = value.trim();
            if (address.isEmpty()) {
                throw new TypeConversionException("is empty: write a host name or an address");
            }
            boolean bracketed = address.startsWith("[") && address.endsWith("]");
            return bracketed ? address.substring(1, address.length() - 1) : address;
        }
    }

    static final class UpstreamConverter implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            try {
                return UpstreamAddress.check(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    static final class DurationConverter implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String value) {
            try {
                return Durations.parse(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
