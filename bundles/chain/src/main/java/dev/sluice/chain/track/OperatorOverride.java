package dev.sluice.chain.track;

import dev.sluice.chain.path.PathPattern;
import dev.sluice.chain.snapshot.PlaceOverride;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One operator's override, from {@code conf/dev.sluice.middleware-<any>.cfg}: there is a component for each such file. A
 * change of the file changes the component and does not replace it, so there is no moment without the override.
 */
@Component(
        service = OperatorOverride.class,
        configurationPid = "dev.sluice.middleware",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = OperatorOverride.Configuration.class, factory = true)
public final class OperatorOverride {

    private static final Logger LOG = LoggerFactory.getLogger(OperatorOverride.class);

    /** Factory PID {@code dev.sluice.middleware}. What is left out stays as the middleware itself says. */
    @ObjectClassDefinition(
            name = "Sluice middleware",
            description = "Overrides what a middleware says of itself, without a rebuild")
    @interface Configuration {

        @AttributeDefinition(name = "name", description = "The middleware's name, for instance auth")
        String name();

        @AttributeDefinition(name = "ranking", description = "Higher runs earlier", required = false)
        String ranking() default "";

        @AttributeDefinition(name = "paths", description = "Patterns, separated by commas", required = false)
        String paths() default "";

        @AttributeDefinition(name = "on.failure", description = "closed or open", required = false)
        String on_failure() default "";

        @AttributeDefinition(name = "enabled", description = "Whether it has a place in the chain at all")
        boolean enabled() default true;
    }

    /** A name and what is set over it, exchanged together. */
    private record State(String name, PlaceOverride override) {}

    private volatile State state;

    /**
     * Reads the override.
     *
     * @param configuration what the operator wrote
     */
    @Activate
    public OperatorOverride(Configuration configuration) {
        read(configuration, PlaceOverride.NONE);
    }

    @Modified
    void modified(Configuration configuration) {
        read(configuration, state.override());
    }

    /** What can't be read stays as it was, as does the rest of the chain; the log says what and why. */
    private void read(Configuration configuration, PlaceOverride before) {
        String name = configuration.name() == null ? "" : configuration.name().trim();
        if (name.isEmpty()) {
            LOG.error("an override in conf/dev.sluice.middleware-*.cfg has no name: add the line name = <middleware>");
        }
        PlaceOverride override = new PlaceOverride(
                value(name, "ranking", configuration.ranking(), Integer::valueOf, before.ranking()),
                value(name, "paths", configuration.paths(), OperatorOverride::patterns, before.paths()),
                value(name, "on.failure", configuration.on_failure(), Description::failureMode, before.onFailure()),
                configuration.enabled());
        state = new State(name, override);
        LOG.info("override for \"{}\": {}", name, override);
    }

    private static List<PathPattern> patterns(String text) {
        return Description.patterns(Stream.of(text.split(",")).map(String::trim).toList());
    }

    private static <T> Optional<T> value(
            String name, String key, String text, Function<String, T> parse, Optional<T> before) {
        if (text == null || text.isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(parse.apply(text.trim()));
        } catch (IllegalArgumentException e) {
            LOG.error("override for \"{}\": {} stays as it was: {}", name, key, e.getMessage());
            return before;
        }
    }

    String name() {
        return state.name();
    }

    PlaceOverride override() {
        return state.override();
    }
}
