package dev.sluice.deployer.deploy;

import dev.sluice.deployer.Cause;
import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.explain.Failure;
import dev.sluice.deployer.ledger.LedgerRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The end of an undertaking: what is good in it is published, and what isn't after all is told. On the deployer's thread. */
final class Conclusion {

    private static final Logger LOG = LoggerFactory.getLogger(Conclusion.class);
    private static final String LEDGER_ALARM = "ledger";

    private final Parts parts;
    private final Departures departures;
    private final Publication publication;
    private final Predecessors predecessors;
    private final Succession succession;
    private final Turnover turnover;
    private final Failures failures;
    private final Duplicates duplicates;
    private final Set<String> owedDepartures = new HashSet<>();
    private boolean ledgerFailed;

    /**
     * @param duplicates the files with the content of another; those that took it over are removed
     * @param succession has rollouts make way for what supersedes them, and begins others
     */
    Conclusion(Parts parts, Departures departures, Duplicates duplicates, Succession succession) {
        this.parts = parts;
        this.departures = departures;
        this.publication = new Publication(parts.chain(), parts.ledger(), parts.rollouts(), parts.clock());
        this.predecessors = new Predecessors(parts, departures);
        this.succession = succession;
        this.turnover = new Turnover(parts);
        this.failures = new Failures(parts);
        this.duplicates = duplicates;
    }

    /** One whose clash was to go with a file that stays after all, since its new content failed. */
    private List<Candidate> withoutClashes(List<Candidate> good, Set<String> gone) {
        List<Candidate> remaining = new ArrayList<>(good);
        boolean changed = true;
        while (changed) {
            Change change = departures.change(remaining, duplicates.byFile(), gone);
            Optional<Candidate> clashing = remaining.stream()
                    .filter(candidate -> turnover.clash(candidate, change).isPresent())
                    .findFirst();
            changed = clashing.isPresent();
            clashing.ifPresent(candidate -> {
                List<Candidate> all = together(candidate, remaining);
                remaining.removeAll(all);
                drop(
                        all,
                        Failure.ofBundles(turnover.clash(candidate, change).orElseThrow()));
            });
        }
        return remaining;
    }

    private static List<Candidate> together(Candidate candidate, List<Candidate> all) {
        return all.stream()
                .filter(other -> other.whole().equals(candidate.whole()))
                .toList();
    }

    /** A release that was to come as another of its name leaves, which stays after all. */
    private List<Candidate> withoutSuperseded(List<Candidate> good, Set<String> gone) {
        List<Candidate> remaining = new ArrayList<>(good);
        for (Candidate candidate : good) {
            Artifact release = candidate.whole().artifact();
            Set<String> leaving = new HashSet<>(gone);
            remaining.forEach(other -> leaving.add(other.whole().file()));
            parts.roster().all().stream()
                    .map(Deployed::artifact)
                    .filter(standing -> Supersession.areRivals(standing, release) && !leaving.contains(standing.file()))
                    .filter(standing -> Supersession.goesBefore(standing, release))
                    .findFirst()
                    .filter(standing -> remaining.contains(candidate))
                    .ifPresent(standing -> {
                        List<Candidate> all = together(candidate, remaining);
                        remaining.removeAll(all);
                        all.forEach(parts.installation()::takeAway);
                        all.forEach(Candidate::forget);
                        duplicates.superseded(release, Supersession.message(standing));
                    });
        }
        return remaining;
    }

    /** Of those nobody can tell how they are to be rolled out: they had better wait than get all requests at once. */
    private List<Candidate> withoutUnclear(List<Candidate> good, Set<String> gone) {
        Map<Candidate, Failure> unclear = predecessors.unclear(departures.change(good, duplicates.byFile(), gone));
        unclear.forEach((candidate, failure) -> drop(List.of(candidate), failure));
        return good.stream()
                .filter(candidate -> !unclear.containsKey(candidate))
                .toList();
    }

    /** @param candidates one, or those of a release */
    private void drop(List<Candidate> candidates, Failure failure) {
        candidates.forEach(parts.installation()::takeAway);
        candidates.forEach(Candidate::forget);
        failures.fail(candidates.get(0).whole().artifact(), failure);
    }

    private void dropAll(Collection<Candidate> candidates, Function<Candidate, Failure> why) {
        candidates.stream()
                .collect(Collectors.groupingBy(Candidate::whole, LinkedHashMap::new, Collectors.toList()))
                .values()
                .forEach(all -> drop(all, why.apply(all.get(0))));
    }

    /**
     * Publishes what is good in an undertaking.
     *
     * @param probed the candidates that came up
     * @param gone the files that have left the folder
     * @param motive why
     * @return whether anything was published
     */
    boolean publish(List<Candidate> probed, Set<String> gone, Motive motive) {
        succession.makeWay(probed);
        List<Candidate> good = withoutUnclear(withoutClashes(withoutSuperseded(probed, gone), gone), gone);
        Change change = predecessors
                .plan(departures.change(good, duplicates.byFile(), gone))
                .by(motive);
        if (change.isEmpty()) {
            return false;
        }
        if (parts.isGoingAway()) {
            // The chain may be away, and the next start compares the folder with the ledger. A stop that begins after
            // this look may see one more publish, and loses nothing by it. What the ledger takes was probed. If the
            // chain
            // takes it too, the new units are drained and stopped as all others, and the next start brings them back.
            // If
            // the chain doesn't, candidates are taken back out of the ledger, and the next start finds their files in
            // the
            // folder; files that went stay out of it, as they have gone. If the ledger is closed by then, nothing is
            // published, or what can't be taken back is what the next start tries first, keeping its places closed.
            dropAll(good, candidate -> Trials.stopping());
            return false;
        }
        Map<String, LedgerRecord.Decided> decisions = parts.ledger().state().decisions();
        Map<Candidate, Failure> refused = new LinkedHashMap<>();
        try {
            refused.putAll(publication.publish(change, decisions));
            ledgerFailed = false;
            parts.board().calm(LEDGER_ALARM);
        } catch (IOException e) {
            String message = "the ledger can't be written (" + e + "): look at the disk of the data directory";
            LOG.error("Nothing is published: {}", message);
            parts.board().alarm(LEDGER_ALARM, "Nothing is published: " + message);
            owedDepartures.addAll(gone);
            dropAll(good, candidate -> Failure.ofBundles(message));
            ledgerFailed = true;
            return false;
        }
        change.moves().forEach(move -> duplicates.remove(move.file()));
        turnover.done(change, refused.keySet(), duplicates.byFile().values());
        succession.published(change, refused.keySet());
        boolean late = parts.isGoingAway();
        dropAll(refused.keySet(), candidate -> late ? Trials.stopping() : refused.get(candidate));
        duplicates.superseded(change, refused.keySet(), gone);
        // Publishing has cleared what was kept for those that were refused after all.
        parts.reservations().record();
        return true;
    }

    /** {@return the files that have gone, and whose removal the ledger didn't take; from now on the caller's} */
    Set<String> takeOwedDepartures() {
        Set<String> owed = Set.copyOf(owedDepartures);
        owedDepartures.clear();
        return owed;
    }

    /** {@return whether something wasn't published, as the ledger could not be written, and that hasn't been mended} */
    boolean hasLedgerFailed() {
        return ledgerFailed;
    }

    /** {@return whether the ledger can be written again} */
    boolean isLedgerBack() {
        try {
            parts.ledger()
                    .append(new LedgerRecord.Published(
                            parts.clock().instant(),
                            Cause.FILE,
                            "the ledger can be written again",
                            List.of(),
                            List.of()));
            ledgerFailed = false;
            parts.board().calm(LEDGER_ALARM);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
