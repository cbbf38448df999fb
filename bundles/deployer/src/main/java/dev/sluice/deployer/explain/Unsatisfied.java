package dev.sluice.deployer.explain;

import dev.sluice.middleware.Middleware;
import dev.sluice.middleware.MiddlewareProperties;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.ReferenceDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/** Why a component of a bundle doesn't come up, as Declarative Services sees it. */
public final class Unsatisfied {

    private static final String FILTER = "jakarta.servlet.Filter";

    private final Supplier<Optional<ServiceComponentRuntime>> runtime;

    /** @param runtime asked each time, as it may come and go */
    public Unsatisfied(Supplier<Optional<ServiceComponentRuntime>> runtime) {
        this.runtime = runtime;
    }

    /** {@return why components of a bundle aren't satisfied or failed to activate; empty if none did} */
    public Optional<Failure> reason(Bundle bundle) {
        return runtime.get().flatMap(scr -> reason(scr, bundle, any -> true));
    }

    /** {@return the same of those components alone from which a middleware would come} */
    public Optional<Failure> reasonOfMiddleware(Bundle bundle) {
        return runtime.get().flatMap(scr -> reason(scr, bundle, component -> bringsMiddleware(scr, component)));
    }

    /** {@return which components of a bundle lack a class; of these nothing is told but that their services can't be had} */
    public Optional<Failure> lacksClasses(Bundle bundle) {
        String lacking = runtime.get().stream()
                .flatMap(scr -> scr.getComponentDescriptionDTOs(bundle).stream())
                .flatMap(component -> lacks(component, bundle).stream())
                .collect(Collectors.joining("; "));
        return lacking.isEmpty() ? Optional.empty() : Optional.of(Failure.ofContent(lacking));
    }

    private static Optional<String> lacks(ComponentDescriptionDTO component, Bundle bundle) {
        try {
            Class<?> type = bundle.loadClass(component.implementationClass);
            // As Declarative Services does, which needs what these refer to.
            type.getDeclaredConstructors();
            type.getDeclaredMethods();
            type.getDeclaredFields();
            return Optional.empty();
        } catch (ClassNotFoundException | LinkageError e) {
            return Optional.of("component " + component.name + " lacks a class: " + Thrown.causes(e)
                    + "; pack it into the JAR, or import its package");
        }
    }

    /** One that is disabled, or a factory's, comes up only when code of the bundle asks for it. */
    private static boolean bringsMiddleware(ServiceComponentRuntime scr, ComponentDescriptionDTO component) {
        List<String> types = Arrays.asList(component.serviceInterfaces);
        boolean named = isNamed(component.properties)
                || scr.getComponentConfigurationDTOs(component).stream()
                        .anyMatch(configuration -> isNamed(configuration.properties));
        return (types.contains(Middleware.class.getName()) || (types.contains(FILTER) && named))
                && component.factory == null
                && scr.isComponentEnabled(component);
    }

    private static boolean isNamed(Map<String, Object> properties) {
        return properties != null && properties.containsKey(MiddlewareProperties.NAME);
    }

    private static Optional<Failure> reason(
            ServiceComponentRuntime scr, Bundle bundle, Predicate<ComponentDescriptionDTO> which) {
        List<Failure> failures = new ArrayList<>();
        for (ComponentDescriptionDTO component : scr.getComponentDescriptionDTOs(bundle)) {
            if (!which.test(component)) {
                continue;
            }
            Collection<ComponentConfigurationDTO> configurations = scr.getComponentConfigurationDTOs(component);
            if (configurations.isEmpty() && "require".equals(component.configurationPolicy)) {
                failures.add(needsConfiguration(component));
            }
            configurations.forEach(configuration -> reason(configuration).ifPresent(failures::add));
        }
        return failures.isEmpty()
                ? Optional.empty()
                : Optional.of(new Failure(
                        failures.stream().map(Failure::message).collect(Collectors.joining("; ")),
                        failures.get(0).waits()));
    }

    private static Optional<Failure> reason(ComponentConfigurationDTO configuration) {
        return switch (configuration.state) {
            case ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION ->
                Optional.of(needsConfiguration(configuration.description));
            case ComponentConfigurationDTO.UNSATISFIED_REFERENCE -> Optional.of(needsServices(configuration));
            case ComponentConfigurationDTO.FAILED_ACTIVATION ->
                Optional.of(Failure.ofContent("component " + configuration.description.name + " failed to activate: "
                        + causes(configuration.failure)));
            default -> Optional.empty();
        };
    }

    private static Failure needsConfiguration(ComponentDescriptionDTO component) {
        String pid = component.configurationPid.length == 0 ? component.name : component.configurationPid[0];
        return new Failure(
                "component " + component.name + " needs a configuration with PID " + pid + ": put conf/" + pid + ".cfg",
                new Waits.ForConfiguration(pid));
    }

    private static Failure needsServices(ComponentConfigurationDTO configuration) {
        ComponentDescriptionDTO component = configuration.description;
        List<String> sentences = new ArrayList<>();
        String type = "";
        for (UnsatisfiedReferenceDTO unsatisfied : configuration.unsatisfiedReferences) {
            Optional<ReferenceDTO> reference = Arrays.stream(component.references)
                    .filter(declared -> declared.name.equals(unsatisfied.name))
                    .findFirst();
            type = reference.map(declared -> declared.interfaceName).orElse(unsatisfied.name);
            String target = unsatisfied.target == null ? "" : " with " + unsatisfied.target;
            sentences.add("component " + component.name + " needs a service " + type + target
                    + ", and there is none: deploy what provides it");
        }
        return new Failure(String.join("; ", sentences), new Waits.ForService(type));
    }

    /** The first line of each cause says what an operator needs; the stack is in the log. */
    private static String causes(String trace) {
        if (trace == null || trace.isBlank()) {
            return "see the log";
        }
        List<String> lines = trace.lines().map(String::strip).toList();
        return lines.stream()
                .filter(line -> line.equals(lines.get(0)) || line.startsWith("Caused by: "))
                .map(line -> line.replaceFirst("^Caused by: ", ""))
                .distinct()
                .limit(4)
                .collect(Collectors.joining(", caused by "));
    }
}
