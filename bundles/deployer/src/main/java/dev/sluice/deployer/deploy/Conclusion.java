package dev.sluice.deployer.deploy;

import dev.sluice.deployer.Cause;
import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.deployed.Deployed;
import dev.sluice.deployer.deployed.Motive;
import dev.sluice.deployer.explain.Failure;
import dev.sluice.deployer.ledger.LedgerRecord;
import dev.sluice.deployer.trial.Candidate;
import dev.sluice.deployer.trial.Trials;
import dev.sluice.deployer.trial.Whole;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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
    private final Between between;
    private final Succession succession;
    private final Turnover turnover;
    private final Failures failures;
    private final Duplicates duplicates;
    private final ReleaseGuards guards;
    private final Set<String> owedDepartures = new HashSet<>();
    private boolean ledgerFailed;

    /**
     * @param duplicates the files with the content of another; those that took it over are removed
     * @param succession has rollouts make way for what supersedes them, and begins others
     * @param guards watches releases once they are published
     */
    Conclusion(Parts parts, Departures departures, Duplicates duplicates, Succession succession, ReleaseGuards guards) {
        this.parts = parts;
        this.departures = departures;
        this.publication = new Publication(parts.chain(), parts.ledger(), parts.rollouts(), parts.clock());
        this.predecessors = new Predecessors(parts, departures);
        this.between = new Between(parts.rollouts(), predecessors);
        this.succession = succession;
        this.turnover = new Turnover(parts);
        this.failures = new Failures(parts);
        this.duplicates = duplicates;
        this.guards = guards;
    }

    /** @param hindrances tells which of a change's candidates can't be published with it; asked until there is none */
    private Map<Candidate, Failure> drop(
            List<Candidate> good, Set<String> gone, Function<Change, Map<Candidate, Failure>> hindrances) {
        Map<Candidate, Failure> all = new LinkedHashMap<>();
        Map<Candidate, Failure> hindered;
        do {
            hindered = hindrances.apply(departures.change(good, duplicates.byFile(), gone));
            all.putAll(drop(good, hindered));
        } while (!hindered.isEmpty());
        return all;
    }

    /**
     * One of a release takes the others with it.
     *
     * @return those that were dropped
     */
    private Map<Candidate, Failure> drop(List<Candidate> good, Map<Candidate, Failure> hindered) {
        Map<Whole, Failure> wholes = new LinkedHashMap<>();
        hindered.forEach((candidate, failure) -> wholes.putIfAbsent(candidate.whole(), failure));
        Map<Candidate, Failure> dropped = new LinkedHashMap<>();
        wholes.forEach((whole, failure) -> {
            List<Candidate> its = of(whole, good);
            its.forEach(candidate -> dropped.put(candidate, failure));
            good.removeAll(its);
            drop(whole, its, failure);
        });
        return dropped;
    }

    private static List<Candidate> of(Whole whole, List<Candidate> all) {
        return all.stream().filter(candidate -> candidate.whole().equals(whole)).toList();
    }

    /** A release that was to come as another of its name leaves, which stays after all. */
    private void dropSuperseded(List<Candidate> good, Set<String> gone) {
        Set<String> leaving = new HashSet<>(gone);
        good.forEach(candidate -> leaving.add(candidate.whole().file()));
        Set<Whole> wholes = good.stream().map(Candidate::whole).collect(Collectors.toCollection(LinkedHashSet::new));
        for (Whole whole : wholes) {
            parts.roster().all().stream()
                    .map(Deployed::artifact)
                    .filter(standing -> Supersession.areRivals(standing, whole.artifact())
                            && !leaving.contains(standing.file())
                            && Supersession.goesBefore(standing, whole.artifact()))
                    .findFirst()
                    .ifPresent(standing -> {
                        List<Candidate> its = of(whole, good);
                        good.removeAll(its);
                        takeAway(its);
                        duplicates.superseded(whole.artifact(), Supersession.message(standing));
                    });
        }
    }

    /** One at a time: one whose clash was to go with a file that stays after all, since its new content failed. */
    private Map<Candidate, Failure> clash(Change change) {
        for (Candidate candidate : change.added()) {
            Optional<String> clash = turnover.clash(candidate, change);
            if (clash.isPresent()) {
                return Map.of(candidate, Failure.ofBundles(clash.get()));
            }
        }
        return Map.of();
    }

    /** What was let in before a higher version got all requests is lower now. An operator who rolls back means it. */
    private Map<Candidate, Failure> downgrades(Change change) {
        Map<Candidate, Failure> lower = new LinkedHashMap<>();
        for (Candidate candidate : change.added()) {
            Artifact whole = candidate.whole().artifact();
            if (whole.rolledBack().isEmpty()) {
                parts.downgrades()
                        .against(
                                candidate.artifact().symbolicName(),
                                candidate.artifact().version(),
                                whole.sha256())
                        .ifPresent(why -> lower.put(candidate, Failure.ofBundles(why)));
            }
        }
        return lower;
    }

    /** If the rollout that they were to wait for hasn't begun after all, they wait for the next change. */
    private void wake(Map<Candidate, Failure> waiting) {
        if (parts.rollouts().all().isEmpty()) {
            waiting.forEach((candidate, failure) ->
                    failures.fail(candidate.whole().artifact(), Failure.ofBundles(failure.message())));
        }
    }

    private void drop(Whole whole, List<Candidate> its, Failure failure) {
        takeAway(its);
        failures.fail(whole.artifact(), failure);
    }

    private void takeAway(List<Candidate> candidates) {
        candidates.forEach(parts.installation()::takeAway);
        candidates.forEach(Candidate::forget);
    }

    private void dropAll(List<Candidate> candidates, Failure failure) {
        Map<Candidate, Failure> all = new LinkedHashMap<>();
        candidates.forEach(candidate -> all.put(candidate, failure));
        drop(new ArrayList<>(candidates), all);
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
        List<Candidate> good = new ArrayList<>(probed);
        dropSuperseded(good, gone);
        drop(good, gone, this::clash);
        drop(good, gone, predecessors::unclear);
        Map<Candidate, Failure> waiting = drop(good, gone, between::of);
        drop(good, gone, this::downgrades);
        // Only now: what isn't published itself ends no rollout.
        drop(good, succession.makeWay(good));
        drop(good, gone, this::clash);
        try {
            return publishGood(good, gone, motive);
        } finally {
            wake(waiting);
        }
    }

    private boolean publishGood(List<Candidate> good, Set<String> gone, Motive motive) {
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
            dropAll(good, Trials.stopping());
            return false;
        }
        Map<String, LedgerRecord.Decided> decisions = parts.ledger().state().decisions();
        Map<Candidate, Failure> refused = new LinkedHashMap<>();
        guards.prepare(change);
        try {
            refused.putAll(publication.publish(change, decisions));
            ledgerFailed = false;
            parts.board().calm(LEDGER_ALARM);
        } catch (IOException e) {
            String message = "the ledger can't be written (" + e + "): look at the disk of the data directory";
            LOG.error("Nothing is published: {}", message);
            parts.board().alarm(LEDGER_ALARM, "Nothing is published: " + message);
            owedDepartures.addAll(gone);
            dropAll(good, Failure.ofBundles(message));
            ledgerFailed = true;
            guards.notPublished();
            return false;
        } catch (RuntimeException e) {
            guards.notPublished();
            throw e;
        }
        change.moves().forEach(move -> duplicates.tookOver(move.file()));
        duplicates.tookOver();
        turnover.done(change, refused.keySet(), duplicates.byFile().values());
        succession.published(change, refused.keySet());
        guards.published(change, refused.keySet());
        boolean late = parts.isGoingAway();
        if (late) {
            refused.replaceAll((candidate, failure) -> Trials.stopping());
        }
        drop(new ArrayList<>(refused.keySet()), refused);
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
