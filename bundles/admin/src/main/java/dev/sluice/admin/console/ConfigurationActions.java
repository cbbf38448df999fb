package dev.sluice.admin.console;

import dev.sluice.admin.http.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The configuration page: everything but what the container is wired with. What the console reads by GET or POST it may
 * read; {@code apply} (which also deletes) and {@code unbind} change something.
 */
final class ConfigurationActions implements Action {

    /** What the console sends for the PID of a factory configuration that isn't made yet. */
    private static final String PLACEHOLDER = "__Temporary PID replaced by real PID upon save__";

    /**
     * The console puts the PID unescaped into a filter, so {@code *} would mean the first that fits; and {@code |} makes a
     * targeted PID, which is another name for the same configuration.
     */
    private static final Pattern PLAIN_PID = Pattern.compile("[A-Za-z0-9_.~@$-]+");

    /** Listeners, the configuration files themselves, the console's own login and place, and how components stop. */
    private static final List<String> WIRING = List.of(
            "org.apache.felix.http",
            "org.apache.felix.fileinstall",
            "org.apache.felix.webconsole",
            "org.apache.felix.scr",
            "dev.sluice.listener");

    private static final String OWN = "dev.sluice.";
    /** Overrides of middleware, routes and traffic rules: the factories of the container that are for operators. */
    static final Set<String> OF_OPERATORS =
            Set.of("dev.sluice.middleware", "dev.sluice.rollout", "dev.sluice.route", "dev.sluice.traffic");

    /** A configuration's properties become those of the component's service, and may redirect its references. */
    private static final Pattern COMPONENT_WIRING =
            Pattern.compile("(osgi|service|component)\\..*|.*\\.(target|cardinality\\.minimum)");

    private final Function<String, Optional<String>> factoryOf;

    /**
     * Judges by PID.
     *
     * @param factoryOf the factory PID of the configuration with a PID; empty if there is none
     */
    ConfigurationActions(Function<String, Optional<String>> factoryOf) {
        this.factoryOf = factoryOf;
    }

    @Override
    public Optional<Problem> refuse(HttpServletRequest request, String rest) {
        if (!changes(request)) {
            return Action.yes();
        }
        String pid = pid(request, rest);
        String factory = request.getParameter("factoryPid");
        boolean isNew = PLACEHOLDER.equals(pid) && factory != null;
        if (!(isNew || isPlain(pid)) || !(factory == null || isPlain(factory))) {
            return Action.no("The PID isn't plain. Configure it with a file in conf/ instead.");
        }
        if (isWiring(pid)
                || isWiring(factory)
                || factoryOf.apply(pid).filter(ConfigurationActions::isWiring).isPresent()) {
            return Action.no(
                    "The container's listeners, folders and the console itself depend on this configuration. They are"
                            + " set at the start: see the container's options.");
        }
        if (factory != null && factory.startsWith(OWN) && !OF_OPERATORS.contains(factory)) {
            return Action.no(
                    "A component of the container has one configuration, not several: they would take its place. Change"
                            + " the one under its plain PID.");
        }
        if ((pid.startsWith(OWN) || factory != null && OF_OPERATORS.contains(factory))
                && rewires(request.getParameter("propertylist"))) {
            return Action.no(
                    "One of the properties would rewire a component of the container. Set only what the page offers.");
        }
        return Action.yes();
    }

    /** {@return whether the console would change something, for whatever method} */
    static boolean changes(HttpServletRequest request) {
        return request.getParameter("apply") != null
                || request.getParameter("unbind") != null
                || request.getParameter("delete") != null;
    }

    /** As the console takes it; its decoding of the path changes nothing in a plain PID. */
    private static String pid(HttpServletRequest request, String rest) {
        String parameter = request.getParameter("pid");
        return parameter != null ? parameter : rest.substring(rest.lastIndexOf('/') + 1);
    }

    private static boolean isPlain(String pid) {
        return PLAIN_PID.matcher(pid).matches();
    }

    private static boolean isWiring(String pid) {
        return pid != null && WIRING.stream().anyMatch(pid::startsWith);
    }

    private static boolean rewires(String propertyList) {
        return propertyList != null
                && List.of(propertyList.split(",")).stream()
                        .anyMatch(name -> COMPONENT_WIRING.matcher(name.trim()).matches());
    }
}
