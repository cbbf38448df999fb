package dev.sluice.deployer;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One publication of the past: contents that came, and contents that went, at the same moment.
 *
 * @param number its number, always rising, also over restarts
 * @param at when
 * @param cause what brought it about; empty for what an earlier version of the container has written down
 * @param summary the same in words, for a reader
 * @param came what was published
 * @param went what was taken out for it, or without anything in its place
 * @param unloads what became of the bundles that went, as far as the deployer has released them
 */
public record PublicationView(
        long number,
        Instant at,
        Optional<Cause> cause,
        String summary,
        List<ContentView> came,
        List<ContentView> went,
        List<ReleasedView> unloads) {

    /** Keeps its own copies of the lists. */
    public PublicationView {
        came = List.copyOf(came);
        went = List.copyOf(went);
        unloads = List.copyOf(unloads);
    }
}
