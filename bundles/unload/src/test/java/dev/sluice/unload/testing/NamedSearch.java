package dev.sluice.unload.testing;

import dev.sluice.unload.culprit.Finding;
import dev.sluice.unload.culprit.Search;
import dev.sluice.unload.culprit.Suspect;
import java.util.List;
import java.util.function.Function;

/**
 * A search that a test makes up.
 *
 * @param name its name
 * @param body what it does
 */
public record NamedSearch(String name, Function<Suspect, List<Finding>> body) implements Search {

    @Override
    public List<Finding> search(Suspect suspect) {
        return body.apply(suspect);
    }
}
