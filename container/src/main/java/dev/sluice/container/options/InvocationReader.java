package dev.sluice.container.options;

import dev.sluice.container.StartFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Makes of the command line, the environment and the file what the launcher is to do. */
public final class InvocationReader {

    private static final String PASSWORD_OPTION = "--admin-password";

    private final Map<String, String> environment;
    private final String version;

    /**
     * @param environment the environment's variables
     * @param version what {@code --version} prints
     */
    public InvocationReader(Map<String, String> environment, String version) {
        this.environment = Map.copyOf(environment);
        this.version = version;
    }

    /**
     * {@return what is asked for}
     *
     * @param args the command line
     * @throws StartFailure if an option, a variable or an entry is unknown or wrong
     */
    public Invocation read(String... args) throws StartFailure {
        // The first reading finds the home, where the file is that the second reading needs.
        Options first = new Options();
        CommandLine commandLine = commandLine(first, new OutsideValues(homeOnly(), ConfigurationFile.none()));
        parse(commandLine, args);
        if (commandLine.isUsageHelpRequested()) {
            return new Invocation.Print(commandLine.getUsageMessage().stripTrailing());
        }
        if (commandLine.isVersionHelpRequested()) {
            return new Invocation.Print(version);
        }
        ConfigurationFile file = ConfigurationFile.read(
                first.home().resolve("conf").resolve(ConfigurationFile.NAME), keysOf(commandLine));

        Options options = new Options();
        parse(commandLine(options, new OutsideValues(environment, file)), args);
        return new Invocation.Run(checked(options.settings()));
    }

    private Map<String, String> homeOnly() {
        String home = environment.get(OptionName.HOME.variable());
        return home == null ? Map.of() : Map.of(OptionName.HOME.variable(), home);
    }

    private static CommandLine commandLine(Options options, OutsideValues outside) {
        CommandLine commandLine = new CommandLine(options);
        commandLine.setDefaultValueProvider(outside);
        return commandLine;
    }

    private static Set<String> keysOf(CommandLine commandLine) {
        Set<String> keys = new TreeSet<>();
        for (OptionSpec option : commandLine.getCommandSpec().options()) {
            if (!option.usageHelp() && !option.versionHelp()) {
                keys.add(OptionName.of(option.longestName()).key());
            }
        }
        keys.remove(OptionName.HOME.key());
        return keys;
    }

    private static void parse(CommandLine commandLine, String... args) throws StartFailure {
        try {
            commandLine.parseArgs(args);
        } catch (ParameterException e) {
            throw StartFailure.usage(sentence(e, (OutsideValues) commandLine.getDefaultValueProvider()));
        }
    }

    private static String sentence(ParameterException e, OutsideValues outside) {
        if (e instanceof UnmatchedArgumentException unmatched) {
            return unmatched(unmatched.getUnmatched());
        }
        if (!(e.getArgSpec() instanceof OptionSpec option)) {
            return e.getMessage();
        }
        String name = option.longestName();
        if (e instanceof OverwrittenOptionException) {
            return name + " is given twice: give it once";
        }
        if (e instanceof MissingParameterException) {
            return name + " needs a value: " + name + "=" + option.paramLabel();
        }
        String source = outside.source(option).orElse(name);
        String value = e.getValue() == null ? "" : "'" + e.getValue() + "' ";
        return source + ": " + value + reason(e);
    }

    private static String reason(ParameterException e) {
        // picocli puts its own sentence before the converter's.
        String message = e.getMessage();
        int converter = message.indexOf("): ");
        return converter < 0 ? message : message.substring(converter + "): ".length());
    }

    private static String unmatched(List<String> arguments) {
        String argument = arguments.get(0);
        if (!argument.startsWith("-")) {
            return "Unexpected argument '" + argument + "'";
        }
        // What follows the = may be a secret, and stays out of terminals and logs.
        String name = argument.replaceFirst("=.*", "");
        if (name.equals(PASSWORD_OPTION)) {
            return "Unknown option " + name + ": a command line is no place for a secret, use " + PASSWORD_OPTION
                    + "-file or SLUICE_ADMIN_PASSWORD";
        }
        return "Unknown option " + name;
    }

    private static Settings checked(Settings settings) throws StartFailure {
        if (settings.adminPasswordFile().isPresent()) {
            Path file = settings.adminPasswordFile().get();
            if (!Files.isReadable(file) || Files.isDirectory(file)) {
                throw StartFailure.usage("--admin-password-file: " + file + " is not a file that can be read");
            }
        }
        return settings;
    }
}
