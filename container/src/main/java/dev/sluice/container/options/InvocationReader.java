package dev.sluice.container.options;

import dev.sluice.container.StartFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Makes of the command line, the environment and the file what the launcher is to do. */
public final class InvocationReader {

    private static final String PASSWORD_OPTION = "--admin-password";

    private static final String PASSWORD_VARIABLE = "SLUICE_ADMIN_PASSWORD";

    /** What Kubernetes and Docker links set in the containers beside services that are called sluice or sluice-something. */
    private static final Pattern OF_ORCHESTRATORS =
            Pattern.compile("SLUICE_(.*_)?(SERVICE_(HOST|PORT)(_.*)?|PORT_\\d+_(TCP|UDP|SCTP)(_.*)?|NAME|ENV_.*)");

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
        Options options = new Options();
        CommandLine commandLine = new CommandLine(options).setUsageHelpLongOptionsMaxWidth(30);
        parse(commandLine, new OutsideValues(homeOnly(), ConfigurationFile.none()), args);
        if (commandLine.isUsageHelpRequested()) {
            return new Invocation.Print(commandLine.getUsageMessage().stripTrailing());
        }
        if (commandLine.isVersionHelpRequested()) {
            return new Invocation.Print(version);
        }
        ConfigurationFile file = ConfigurationFile.read(
                options.home().resolve("conf").resolve(ConfigurationFile.NAME), keysOf(commandLine));

        parse(commandLine, new OutsideValues(environment, file), args);
        return new Invocation.Run(checked(options.settings()));
    }

    /** {@return a sentence for each variable of the environment that is called as if it were the container's, and isn't} */
    public List<String> warnings() {
        Set<String> known = new TreeSet<>(Set.of(PASSWORD_VARIABLE));
        optionsOf(new CommandLine(new Options()))
                .forEach(name -> known.add(OptionName.of(name).variable()));
        return environment.keySet().stream()
                .filter(name -> name.startsWith("SLUICE_"))
                .filter(name -> !known.contains(name)
                        && !OF_ORCHESTRATORS.matcher(name).matches()
                        // SLUICE_ADMIN_PORT of a service sluice-admin is known; others of such services have a URL.
                        && !environment.get(name).contains("://"))
                .sorted()
                .map(name -> "The variable " + name + " has no effect" + Meant.hint(name, known))
                .toList();
    }

    private Map<String, String> homeOnly() {
        String home = environment.get(OptionName.HOME.variable());
        return home == null ? Map.of() : Map.of(OptionName.HOME.variable(), home);
    }

    private static Set<String> keysOf(CommandLine commandLine) {
        Set<String> keys = new TreeSet<>();
        optionsOf(commandLine).forEach(name -> keys.add(OptionName.of(name).key()));
        keys.remove(OptionName.HOME.key());
        return keys;
    }

    /** {@return the options that have a value} */
    private static List<String> optionsOf(CommandLine commandLine) {
        return commandLine.getCommandSpec().options().stream()
                .filter(option -> !option.usageHelp() && !option.versionHelp())
                .map(OptionSpec::longestName)
                .toList();
    }

    private static void parse(CommandLine commandLine, OutsideValues outside, String... args) throws StartFailure {
        commandLine.setDefaultValueProvider(outside);
        try {
            commandLine.parseArgs(args);
        } catch (ParameterException e) {
            throw StartFailure.usage(sentence(e, outside));
        }
    }

    private static String sentence(ParameterException e, OutsideValues outside) {
        if (e instanceof UnmatchedArgumentException unmatched) {
            return unmatched(unmatched.getUnmatched());
        }
        if (e instanceof OverwrittenOptionException twice) {
            return ((OptionSpec) twice.getOverwritten()).longestName() + " is given twice: give it once";
        }
        if (e instanceof MissingParameterException missing) {
            OptionSpec option = (OptionSpec) missing.getMissing().get(0);
            return option.longestName() + " needs a value: " + option.longestName() + "=" + option.paramLabel();
        }
        if (e.getArgSpec() instanceof OptionSpec option && e.getCause() instanceof TypeConversionException reason) {
            String source = outside.source(option).orElse(option.longestName());
            return source + ": '" + UpstreamAddress.withoutSecret(e.getValue()) + "' " + reason.getMessage();
        }
        return e.getMessage();
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
        Set<String> known = new TreeSet<>(Set.of("--help", "--version"));
        known.addAll(optionsOf(new CommandLine(new Options())));
        return "Unknown option " + name + Meant.hint(name, known);
    }

    private static Settings checked(Settings settings) throws StartFailure {
        if (settings.adminPasswordFile().isPresent()) {
            Path file = settings.adminPasswordFile().get();
            if (!Files.isReadable(file) || Files.isDirectory(file)) {
                throw StartFailure.usage("--admin-password-file: " + file + " is not a file that can be read"
                        + (!Files.exists(file)
                                ? ": there is none"
                                : Files.isDirectory(file) ? ": it is a folder" : ": permission denied"));
            }
        }
        if (settings.upstream().isPresent()
                && UpstreamAddress.isOwn(settings.upstream().get(), settings.host(), settings.port())) {
            throw StartFailure.usage(
                    "--upstream: " + settings.upstream().get() + " is the address that this container"
                            + " listens at itself: requests would go round in circles. Choose another --port, or the upstream's");
        }
        return settings;
    }
}
