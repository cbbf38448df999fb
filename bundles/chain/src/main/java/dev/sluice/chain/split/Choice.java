package dev.sluice.chain.split;

import dev.sluice.chain.Sticky;
import java.util.List;
import java.util.Optional;

/**
 * A choice that is to be made for each request.
 *
 * @param group what it is made for; equal choices of one group are one
 * @param options who can be chosen, the highest version first; each identity once
 * @param sticky by what a client is told again
 * @param canary the version for whoever asks for it, if there is one
 */
public record Choice(String group, List<Option> options, Sticky sticky, Optional<Canary> canary) {

    /** Keeps its own copy of the list. */
    public Choice {
        options = List.copyOf(options);
    }
}
