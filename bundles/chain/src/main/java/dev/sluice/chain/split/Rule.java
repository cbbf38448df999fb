package dev.sluice.chain.split;

import dev.sluice.chain.Sticky;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An operator's rule. Versions are told by their text, as {@code 1.0.0}.
 *
 * @param subject what it is for
 * @param weights the versions that it names, each once
 * @param sticky by what a client is told again
 * @param canary the version for whoever asks for it, if there is one
 */
public record Rule(Subject subject, List<Option> weights, Sticky sticky, Optional<Canary> canary) {

    /** Keeps its own copy of the list. */
    public Rule {
        weights = List.copyOf(weights);
    }

    /**
     * What a rule is for.
     *
     * @param byBundle whether it is for all that the versions of a bundle provide, or for one middleware
     * @param name the bundle's symbolic name, or the middleware's name
     */
    public record Subject(boolean byBundle, String name) {
        @Override
        public String toString() {
            return (byBundle ? "bundle " : "middleware ") + name;
        }
    }

    /** {@return the versions without which it can't be taken} */
    public Set<String> versions() {
        return Stream.concat(
                        weights.stream().map(Option::identity), canary.stream().map(Canary::identity))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** {@return the weight of a version; 0 for one that it doesn't name} */
    public int weight(String version) {
        return weights.stream()
                .filter(option -> option.identity().equals(version))
                .mapToInt(Option::weight)
                .findFirst()
                .orElse(0);
    }
}
