package dev.sluice.deployer.leaving;

import dev.sluice.deployer.ledger.LedgerRecord;
import dev.sluice.deployer.ledger.Released;
import dev.sluice.unload.Departure;
import dev.sluice.unload.UnloadView;
import dev.sluice.unload.Verdict;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The bundles that left and on which there may be another verdict yet, by their ids. Has texts and numbers alone. Safe for any
 * thread; each method is one short critical section, and none calls out.
 */
final class AwaitedVerdicts {

    /** So many may leak before those that left first are given up. */
    private static final int MOST = 2_000;

    /**
     * One of them.
     *
     * @param publication the number of the publication by which it went
     * @param after the number that the last unload had when it was said that it leaves; empty as long as it drains
     * @param last the verdict that was heard last
     */
    record Awaited(long publication, String file, String sha256, OptionalLong after, Verdict last) {

        private boolean isOf(long number, Released released) {
            return publication == number && file.equals(released.file()) && sha256.equals(released.sha256());
        }
    }

    private final Map<Long, Awaited> byBundle = new LinkedHashMap<>();

    synchronized void put(long bundleId, long publication, String file, String sha256) {
        byBundle.put(bundleId, new Awaited(publication, file, sha256, OptionalLong.empty(), Verdict.PENDING));
        for (Iterator<Awaited> eldest = byBundle.values().iterator(); byBundle.size() > MOST; ) {
            eldest.next();
            eldest.remove();
        }
    }

    /**
     * It is said that a bundle leaves.
     *
     * @param after the number that the last unload has until now; 0 if there was none
     */
    synchronized void told(long bundleId, long after) {
        byBundle.computeIfPresent(
                bundleId,
                (id, one) -> new Awaited(
                        one.publication(), one.file(), one.sha256(), OptionalLong.of(after), Verdict.PENDING));
    }

    /** {@return on what this is the verdict, if it is news} Another one may follow only if it has leaked. */
    synchronized Optional<Awaited> judged(UnloadView view) {
        Awaited one = byBundle.get(view.bundleId());
        if (one == null || one.last() == view.verdict() || isOfAnEarlierContent(view, one)) {
            return Optional.empty();
        }
        if (view.verdict() == Verdict.COLLECTED) {
            byBundle.remove(view.bundleId());
        } else {
            byBundle.put(
                    view.bundleId(),
                    new Awaited(one.publication(), one.file(), one.sha256(), one.after(), view.verdict()));
        }
        return Optional.of(one);
    }

    /** A bundle that was updated in place has the same id. What left before has a lower number; a time of day would jump. */
    private static boolean isOfAnEarlierContent(UnloadView view, Awaited one) {
        return one.after().isEmpty() || view.number() <= one.after().getAsLong();
    }

    /** One that left in an earlier run of the deployer, if the history still waits for the verdict on it. */
    synchronized void adopt(UnloadView view, Departure departure, List<LedgerRecord.Past> publications) {
        if (byBundle.containsKey(view.bundleId())) {
            return;
        }
        for (int i = publications.size() - 1; i >= 0; i--) {
            LedgerRecord.Past past = publications.get(i);
            Optional<Released> open = past.verdicts().stream()
                    .filter(released -> released.verdict() != Verdict.COLLECTED)
                    .filter(released -> released.file().equals(departure.file())
                            && released.sha256().equals(departure.sha256()))
                    .filter(released -> !has(past.number(), released))
                    .findFirst();
            if (open.isPresent()) {
                byBundle.put(
                        view.bundleId(),
                        new Awaited(
                                past.number(),
                                departure.file(),
                                departure.sha256(),
                                OptionalLong.of(view.number() - 1),
                                open.get().verdict()));
                return;
            }
        }
    }

    synchronized boolean has(long publication, Released released) {
        Collection<Awaited> all = byBundle.values();
        return all.stream().anyMatch(one -> one.isOf(publication, released));
    }

    /** Nobody knows of these any more. */
    synchronized void forgetThoseTold() {
        byBundle.values().removeIf(one -> one.after().isPresent());
    }
}
