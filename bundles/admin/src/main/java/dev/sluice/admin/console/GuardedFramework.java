package dev.sluice.admin.console;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/**
 * What the guard asks the framework.
 *
 * @param context the admin's bundle context
 * @param configurations where configurations are kept
 * @param components the component runtime
 * @param deployed whether a bundle was installed by the deployer
 */
public record GuardedFramework(
        BundleContext context,
        ConfigurationAdmin configurations,
        ServiceComponentRuntime components,
        LongPredicate deployed) {

    /** The two ways in which the components page names one: its id, or bundle id, name and perhaps PID. */
    private static final Pattern BY_ID = Pattern.compile("\\d{1,18}");

    private static final Pattern BY_BUNDLE = Pattern.compile("(\\d{1,18})/.+");

    /** {@return the factory PID of the configuration with a PID; empty if there is none} */
    Optional<String> factoryOf(String pid) {
        try {
            Configuration[] found = configurations.listConfigurations("(service.pid=" + pid + ")");
            return found == null ? Optional.empty() : Optional.ofNullable(found[0].getFactoryPid());
        } catch (IOException | InvalidSyntaxException e) {
            throw new IllegalStateException("The configuration " + pid + " can't be looked up", e);
        }
    }

    /** {@return the id of the bundle of the component that the components page means; empty if it can't be told} */
    OptionalLong bundleOf(String component) {
        Matcher byBundle = BY_BUNDLE.matcher(component);
        if (byBundle.matches()) {
            return OptionalLong.of(Long.parseLong(byBundle.group(1)));
        }
        if (!BY_ID.matcher(component).matches()) {
            return OptionalLong.empty();
        }
        long id = Long.parseLong(component);
        return components.getComponentDescriptionDTOs().stream()
                .filter(description -> has(description, id))
                .mapToLong(description -> description.bundle.id)
                .findFirst();
    }

    private boolean has(ComponentDescriptionDTO description, long id) {
        return components.getComponentConfigurationDTOs(description).stream().anyMatch(one -> one.id == id);
    }
}
