package dev.sluice.deployer.ledger;

import dev.sluice.deployer.Cause;
import dev.sluice.deployer.ContentView;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a ledger tells of the past. Immutable.
 *
 * @param publications the last publications, the newest last
 * @param contents what was published of late, of each symbolic name; what was published last comes last
 */
public record History(List<LedgerRecord.Past> publications, List<ContentView> contents) {

    /** Nothing was ever published. */
    public static final History EMPTY = new History(List.of(), List.of());

    /** What a shortened ledger says is published at its beginning: no publication of its own. */
    static final String COMPACTION = "compaction";

    /** Names that are gone for good must not fill the ledger. */
    private static final int MOST_CONTENTS = 2_000;

    /** Keeps its own copies. */
    public History {
        publications = List.copyOf(publications);
        contents = List.copyOf(contents);
    }

    /**
     * {@return what a record means for the history, if contents come or go by it, or a rollout is over}
     *
     * @param before the state before the record
     */
    Optional<LedgerRecord.Past> publication(LedgerState before, LedgerRecord.Published record) {
        if (record.cause().equals(COMPACTION)) {
            return Optional.empty();
        }
        List<ContentView> came = came(before, record);
        List<ContentView> went = went(before, record);
        return came.isEmpty() && went.isEmpty() && record.number() == 0 && !isEnd(record)
                ? Optional.empty()
                : Optional.of(new LedgerRecord.Past(
                        record.at(),
                        record.by(),
                        record.cause(),
                        record.number() > 0 ? record.number() : lastNumber() + 1,
                        came,
                        went,
                        List.of()));
    }

    /** By the end of a rollout nothing comes or goes any more, and that it went well is worth knowing all the same. */
    private boolean isEnd(LedgerRecord.Published record) {
        // Written once more if the chain didn't take it at first.
        boolean isToldAlready = !publications.isEmpty()
                && publications.get(publications.size() - 1).cause().equals(record.cause());
        return record.added().isEmpty()
                && record.by().filter(by -> by != Cause.FILE).isPresent()
                && !isToldAlready;
    }

    private long lastNumber() {
        return publications.isEmpty()
                ? 0
                : publications.get(publications.size() - 1).number();
    }

    /** What has a number was told when it was written; what it came in the place of, a damaged line may have said. */
    private static List<ContentView> came(LedgerState before, LedgerRecord.Published record) {
        return record.added().stream()
                .filter(PublishedArtifact::isContent)
                .filter(artifact -> record.number() > 0
                        || record.isAnew(artifact.file())
                        || !isSame(before.published().get(artifact.file()), artifact))
                .map(PublishedArtifact::content)
                .toList();
    }

    private static List<ContentView> went(LedgerState before, LedgerRecord.Published record) {
        Map<String, PublishedArtifact> after = before.with(record).published();
        return before.published().values().stream()
                .filter(PublishedArtifact::isContent)
                .filter(artifact -> record.isAnew(artifact.file()) || !isSame(after.get(artifact.file()), artifact))
                .map(PublishedArtifact::content)
                .toList();
    }

    private static boolean isSame(PublishedArtifact one, PublishedArtifact other) {
        return one != null && one.sha256().equals(other.sha256());
    }

    /**
     * {@return the history after one more record}
     *
     * @param before the state before the record
     */
    History with(LedgerState before, LedgerRecord record, HistoryLimits limits) {
        if (record instanceof LedgerRecord.Past past) {
            return new History(added(publications, past, limits), contents);
        }
        if (record instanceof LedgerRecord.Witnessed witnessed) {
            return with(witnessed);
        }
        if (record instanceof LedgerRecord.Contents known) {
            return new History(publications, known.contents());
        }
        if (record instanceof LedgerRecord.Published published) {
            List<ContentView> came = came(before, published);
            return new History(
                    publication(before, published)
                            .map(past -> added(publications, past, limits))
                            .orElse(publications),
                    came.isEmpty() ? contents : published(came, limits));
        }
        return this;
    }

    /** A publication that isn't told of any more has no verdicts either. */
    private History with(LedgerRecord.Witnessed witnessed) {
        List<LedgerRecord.Past> next = new ArrayList<>(publications);
        next.replaceAll(past -> past.number() == witnessed.number() ? past.with(witnessed.released()) : past);
        return new History(next, contents);
    }

    /** {@return the number of the last publication by which something went; empty if none is told of} */
    public OptionalLong publicationOfGoing(PublishedArtifact artifact) {
        for (int i = publications.size() - 1; i >= 0; i--) {
            LedgerRecord.Past past = publications.get(i);
            if (past.went().stream().anyMatch(content -> isOrHas(content, artifact))) {
                return OptionalLong.of(past.number());
            }
        }
        return OptionalLong.empty();
    }

    /** What came in a release went with it. */
    private static boolean isOrHas(ContentView content, PublishedArtifact artifact) {
        return artifact.isMember()
                ? content.file().equals(artifact.inFolder())
                : content.sha256().equals(artifact.sha256());
    }

    private static List<LedgerRecord.Past> added(
            List<LedgerRecord.Past> publications, LedgerRecord.Past past, HistoryLimits limits) {
        List<LedgerRecord.Past> next = new ArrayList<>(publications);
        next.add(past);
        return next.subList(Math.max(0, next.size() - limits.publications()), next.size());
    }

    private List<ContentView> published(List<ContentView> came, HistoryLimits limits) {
        Set<String> again = new HashSet<>();
        came.forEach(content -> again.add(content.sha256()));
        List<ContentView> next = new ArrayList<>(contents);
        next.removeIf(content -> again.contains(content.sha256()));
        next.addAll(came);
        return next.size() > MOST_CONTENTS
                ? latest(next.subList(next.size() - MOST_CONTENTS, next.size()), limits)
                : latest(next, limits);
    }

    /** {@return of each symbolic name as many as are kept, in the same order} */
    private static List<ContentView> latest(List<ContentView> contents, HistoryLimits limits) {
        Map<String, Integer> seen = new HashMap<>();
        List<ContentView> latest = new ArrayList<>();
        for (int i = contents.size() - 1; i >= 0; i--) {
            ContentView content = contents.get(i);
            if (seen.merge(content.symbolicName(), 1, Integer::sum) <= limits.versions()) {
                latest.add(content);
            }
        }
        Collections.reverse(latest);
        return latest;
    }

    /** {@return the contents that are worth keeping, what was published last first} */
    public List<ContentView> newestFirst(HistoryLimits limits) {
        List<ContentView> newest = new ArrayList<>(latest(contents, limits));
        Collections.reverse(newest);
        return newest;
    }
}
