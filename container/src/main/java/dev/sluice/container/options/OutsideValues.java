package dev.sluice.container.options;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What the environment and the file say for options that the command line leaves out; the environment goes first. */
final class OutsideValues implements IDefaultValueProvider {

    private final Map<String, String> environment;
    private final ConfigurationFile file;
    private final Map<OptionSpec, String> sources = new HashMap<>();

    OutsideValues(Map<String, String> environment, ConfigurationFile file) {
        this.environment = environment;
        this.file = file;
    }

    @Override
    public String defaultValue(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option) || option.usageHelp() || option.versionHelp()) {
            return null;
        }
        OptionName name = OptionName.of(option.longestName());
        Optional<String> variable = variable(name);
        if (variable.isPresent()) {
            sources.put(option, name.variable());
            return variable.get();
        }
        Optional<String> entry = file.value(name.key());
        if (entry.isPresent()) {
            sources.put(option, name.key() + " in " + file.path());
            return entry.get();
        }
        return null;
    }

    /** {@return where the option's value was found, if it wasn't the command line} */
    Optional<String> source(OptionSpec option) {
        return Optional.ofNullable(sources.get(option));
    }

    private Optional<String> variable(OptionName name) {
        return Optional.ofNullable(environment.get(name.variable()))
                .filter(value -> !value.isBlank())
                // Kubernetes and Docker links set SLUICE_PORT=tcp://10.0.0.1:80 in the containers beside a service
                // "sluice".
                .filter(value -> !(name.variable().endsWith("_PORT") && value.contains("://")));
    }
}
