package dev.sluice.unload.witness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.unload.Culprit;
import dev.sluice.unload.Departure;
import dev.sluice.unload.UnloadView;
import dev.sluice.unload.Verdict;
import dev.sluice.unload.culprit.Finding;
import dev.sluice.unload.culprit.Search;
import dev.sluice.unload.testing.NamedSearch;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.wiring.BundleWiring;

/** With class loaders and full collections of this JVM; only the time is made. */
class TrackerTest {

    private static final Rules RULES = new Rules(false, Duration.ofSeconds(10), Duration.ofSeconds(2), Set.of());

    private static final Culprit CULPRIT = new Culprit(Culprit.Kind.THREAD, "thread \"poller\"", "End it");

    private static final Culprit PATH = new Culprit(Culprit.Kind.REFERENCE, "static field A of class B", "Take it out");

    private final AtomicLong nanos = new AtomicLong(1);
    private final Inbox inbox = new Inbox(() -> Instant.EPOCH, nanos::get);
    private final List<Verdict> told = new ArrayList<>();
    private final List<Search> searches = new ArrayList<>();

    /** What this JVM would keep for a second for each free megabyte; here a test says when a collection clears it. */
    private final List<SoftReference<Canary>> soft = new ArrayList<>();

    private final RecordedCollections collections = new RecordedCollections();
    private Rules rules = RULES;
    private Requests requests = Requests.NONE;
    private Duration patience = Duration.ofSeconds(30);
    private Tracker tracker;

    @Test
    void aCleanOneIsCollectedAndNeverAccused() {
        leaves(new Canary());
        step();
        assertThat(only().verdict()).isEqualTo(Verdict.PENDING);

        for (int collection = 0; collection < 6; collection++) {
            passes(3);
            collect();
            step();
        }

        assertThat(only().verdict()).isEqualTo(Verdict.COLLECTED);
        assertThat(only().took()).contains(Duration.ofSeconds(3));
        assertThat(told).containsExactly(Verdict.PENDING, Verdict.COLLECTED);
    }

    @Test
    void oneThatIsHeldByWhatASearchNamesHasLeakedAfterThreeCollectionsAndMayGoYet() {
        ClassLoader[] held = {new Canary()};
        searches.add(new NamedSearch("threads", suspect -> List.of(Finding.only(CULPRIT))));
        leaves(held[0]);
        step();

        int collections = 0;
        while (only().verdict() == Verdict.PENDING) {
            passes(3);
            step();
            collect();
            assertThat(++collections).isLessThan(20);
        }
        assertThat(only().verdict()).isEqualTo(Verdict.LEAKED);
        assertThat(collections).isGreaterThan(3);
        assertThat(soft).isEmpty();
        assertThat(held).doesNotContainNull();

        held[0] = null;
        awaits(() -> only().verdict() == Verdict.COLLECTED);
        assertThat(told).containsExactly(Verdict.PENDING, Verdict.LEAKED, Verdict.COLLECTED);
    }

    @Test
    void whatSoftReferencesAloneHoldIsNeverAccused() {
        List<SoftReference<ClassLoader>> holder = List.of(new SoftReference<>(new Canary()));
        leaves(holder.get(0).get());
        awaits(() -> only().note().isPresent());

        for (int collection = 0; collection < 10; collection++) {
            passes(60);
            collect();
            step();
            assertThat(only().verdict()).isEqualTo(Verdict.PENDING);
        }
        assertThat(only().note().orElseThrow()).contains("soft references").contains("number=1");
        // The collection that clears the one clears the other, which was asked last before it.
        soft.forEach(SoftReference::clear);
        holder.forEach(SoftReference::clear);
        collect();
        passes(3);
        step();

        assertThat(only().verdict()).isEqualTo(Verdict.COLLECTED);
        assertThat(only().note()).isEmpty();
        assertThat(told).containsExactly(Verdict.PENDING, Verdict.PENDING, Verdict.COLLECTED);
    }

    @Test
    void whatNobodyCanNameHasLeakedOnceSoftReferencesWereCleared() {
        ClassLoader held = new Canary();
        leaves(held);
        awaits(() -> only().note().isPresent());

        soft.forEach(SoftReference::clear);
        awaits(() -> only().verdict() == Verdict.LEAKED);

        assertThat(only().culprits()).isEmpty();
        assertThat(only().note()).isEmpty();
        assertThat(told).containsExactly(Verdict.PENDING, Verdict.PENDING, Verdict.LEAKED);
        assertThat(held).isNotNull();
    }

    @Test
    void whatWasLedToBySoftReferencesAloneHasACollectionMoreOnceTheyAreCleared() {
        List<SoftReference<ClassLoader>> holder = List.of(new SoftReference<>(new Canary()));
        ClassLoader[] queued = new ClassLoader[1];
        searches.add(new NamedSearch("caches", suspect -> {
            queued[0] = null;
            return List.of();
        }));
        leaves(holder.get(0).get());
        awaits(() -> only().note().isPresent());

        // As a queue of the JDK's does, which is emptied by the next search.
        queued[0] = holder.get(0).get();
        holder.get(0).clear();
        soft.forEach(SoftReference::clear);
        awaits(() -> queued[0] == null);
        assertThat(only().verdict()).isEqualTo(Verdict.PENDING);
        assertThat(only().note()).isPresent();

        awaits(() -> only().verdict() == Verdict.COLLECTED);
        assertThat(told).doesNotContain(Verdict.LEAKED);
    }

    @Test
    void whatAPathOfReferencesLeadsToHasLeakedAtOnce() {
        ClassLoader[] held = {new Canary()};
        leaves(held[0]);
        awaits(() -> only().note().isPresent());
        passes(1);

        inbox.held(new Held(2, nanos.get(), PATH));
        step();
        assertThat(only().verdict()).as("another's").isEqualTo(Verdict.PENDING);
        inbox.held(new Held(1, nanos.get(), PATH));
        step();

        assertThat(only().verdict()).isEqualTo(Verdict.LEAKED);
        assertThat(only().culprits()).containsExactly(PATH);
        assertThat(only().note()).isEmpty();
        held[0] = null;
        awaits(() -> only().verdict() == Verdict.COLLECTED);
        assertThat(told).containsExactly(Verdict.PENDING, Verdict.PENDING, Verdict.LEAKED, Verdict.COLLECTED);
    }

    @Test
    void aPathThatWasSeenBeforeTheCollectionsProvesNothing() {
        ClassLoader held = new Canary();
        leaves(held);
        step();
        long early = nanos.get();
        inbox.held(new Held(1, early, PATH));
        step();
        awaits(() -> only().note().isPresent());

        inbox.held(new Held(1, early, PATH));
        step();

        assertThat(only().verdict()).isEqualTo(Verdict.PENDING);
        assertThat(only().culprits()).isEmpty();
        assertThat(held).isNotNull();
    }

    @Test
    void aPathToWhatHasLeakedIsTold() {
        ClassLoader held = new Canary();
        searches.add(new NamedSearch("threads", suspect -> List.of(Finding.only(CULPRIT))));
        leaves(held);
        awaits(() -> only().verdict() == Verdict.LEAKED);

        inbox.held(new Held(1, nanos.get(), PATH));
        step();

        assertThat(only().culprits()).containsExactly(CULPRIT, PATH);
        assertThat(told).containsExactly(Verdict.PENDING, Verdict.LEAKED, Verdict.LEAKED);
        assertThat(held).isNotNull();
    }

    @Test
    void aPathThatTheLastSearchCleansUpAccusesNobody() {
        List<ClassLoader> holder = new ArrayList<>(List.of(new Canary()));
        AtomicBoolean isSeen = new AtomicBoolean();
        searches.add(new NamedSearch(
                "threads",
                suspect -> isSeen.get()
                        ? List.of(Finding.of(CULPRIT, () -> {
                            holder.clear();
                            return "it left something behind";
                        }))
                        : List.of()));
        leaves(holder.get(0));
        awaits(() -> only().note().isPresent());
        isSeen.set(true);

        inbox.held(new Held(1, nanos.get(), PATH));
        awaits(() -> only().verdict() == Verdict.COLLECTED);

        assertThat(told).doesNotContain(Verdict.LEAKED);
    }

    @Test
    void theNameOfACacheIsNoProofAsItMayHoldSoftly() {
        ClassLoader held = new Canary();
        Culprit cache = new Culprit(Culprit.Kind.CACHE, "a cache", "Flush it");
        searches.add(new NamedSearch("caches", suspect -> List.of(Finding.only(cache))));
        leaves(held);

        awaits(() -> only().note().isPresent());

        assertThat(only().verdict()).isEqualTo(Verdict.PENDING);
        assertThat(only().culprits()).containsExactly(cache);
        soft.forEach(SoftReference::clear);
        awaits(() -> only().verdict() == Verdict.LEAKED);
        assertThat(held).isNotNull();
    }

    @Test
    void whatIsFoundAtTheSecondLookIsCleanedUpAndNobodyIsAccused() {
        List<ClassLoader> holder = new ArrayList<>(List.of(new Canary()));
        AtomicBoolean isSeen = new AtomicBoolean();
        searches.add(new NamedSearch(
                "threads",
                suspect -> isSeen.get()
                        ? List.of(Finding.of(CULPRIT, () -> {
                            holder.clear();
                            return "it left something behind";
                        }))
                        : List.of()));
        leaves(holder.get(0));
        awaits(() -> only().note().isPresent());
        isSeen.set(true);

        soft.forEach(SoftReference::clear);
        awaits(() -> only().verdict() == Verdict.COLLECTED);

        assertThat(told).doesNotContain(Verdict.LEAKED);
    }

    @Test
    void collectionsThatClearSoftReferencesAreAskedForSeldomAndForAllAtOnce() {
        List<ClassLoader> held = List.of(new Canary(), new Canary());
        held.forEach(this::leaves);
        awaits(() -> tracker().view().stream().allMatch(view -> view.note().isPresent()));
        rules = new Rules(true, Duration.ofSeconds(10), Duration.ofSeconds(2), Set.of());

        assertThat(minutesOfAsking(3_600)).containsExactly(1, 3, 7, 15, 25, 35, 45, 55);
        assertThat(collections.asking).isFalse();
        assertThat(held).hasSize(2);
    }

    @Test
    void withTheProbeOffNobodyAsksForSoftReferencesEither() {
        ClassLoader held = new Canary();
        leaves(held);
        awaits(() -> only().note().isPresent());

        passes(3_600);

        assertThat(step()).isEqualTo(Long.MAX_VALUE);
        assertThat(collections.begun).isZero();
        assertThat(held).isNotNull();
    }

    @Test
    void withoutACollectionNobodyIsAccusedHoweverLongItTakes() {
        ClassLoader held = new Canary();
        leaves(held);
        for (int hour = 0; hour < 10; hour++) {
            passes(3_600);
            step();
        }
        assertThat(only().verdict()).isEqualTo(Verdict.PENDING);
        assertThat(held).isNotNull();
    }

    @Test
    void whatIsHeldForAMomentIsNotAccused() {
        ClassLoader[] held = {new Canary()};
        leaves(held[0]);
        for (int collection = 0; collection < 2; collection++) {
            passes(3);
            step();
            collect();
        }
        assertThat(only().verdict()).isEqualTo(Verdict.PENDING);
        held[0] = null;
        awaits(() -> only().verdict() == Verdict.COLLECTED);
        assertThat(told).containsExactly(Verdict.PENDING, Verdict.COLLECTED);
    }

    @Test
    void whatASearchFindsAndCleansIsToldAndOneThatFailsHindersNoOther() {
        List<ClassLoader> holder = new ArrayList<>(List.of(new Canary()));
        searches.add(new NamedSearch("broken", suspect -> {
            throw new IllegalStateException("search");
        }));
        searches.add(new NamedSearch(
                "threads",
                suspect -> holder.contains(suspect.loader())
                        ? List.of(Finding.of(CULPRIT, () -> {
                            holder.clear();
                            return "it left something behind";
                        }))
                        : List.of()));
        leaves(holder.get(0));

        awaits(() -> only().verdict() == Verdict.COLLECTED);

        assertThat(only().culprits()).containsExactly(CULPRIT);
        assertThat(only().cleaned()).containsExactly("it left something behind");
        assertThat(only().unseen()).singleElement().asString().startsWith("broken: ");
        assertThat(told).containsExactly(Verdict.PENDING, Verdict.COLLECTED);
    }

    @Test
    @Timeout(60)
    void aCleanUpThatHangsHoldsUpNoVerdictAndIsNotTriedAgain() {
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger begun = new AtomicInteger();
        patience = Duration.ofMillis(50);
        searches.add(new NamedSearch(
                "mbeans",
                suspect -> List.of(Finding.of(CULPRIT, () -> {
                    begun.incrementAndGet();
                    end.await();
                    return "never";
                }))));
        ClassLoader held = new Canary();
        leaves(held);

        awaits(() -> only().verdict() == Verdict.LEAKED);

        assertThat(begun).hasValue(1);
        assertThat(only().cleaned()).isEmpty();
        assertThat(only().unseen())
                .singleElement()
                .asString()
                .startsWith("mbeans: a search or clean-up hasn't come back after 50 ms");
        end.countDown();
        assertThat(held).isNotNull();
    }

    @Test
    void ofManyCulpritsOfOneSearchSomeAreToldAndHowManyMoreThereAre() {
        searches.add(new NamedSearch(
                "threads",
                suspect -> java.util.Collections.nCopies(300, Finding.of(CULPRIT, () -> "interrupted a thread"))));
        ClassLoader held = new Canary();
        leaves(held);

        awaits(() -> only().verdict() == Verdict.LEAKED);

        assertThat(only().culprits()).hasSize(21);
        assertThat(only().culprits().get(20).what()).isEqualTo("and 280 more");
        assertThat(only().cleaned()).hasSize(2).contains("and 280 more");
        assertThat(held).isNotNull();
    }

    @Test
    void oneThatRequestsAreInIsInUseAndNotAccusedUntilTheyAreOver() {
        requests = new Requests(List.of("GET /events, since 2026-11-23T17:00:00Z"));
        searches.add(new NamedSearch("tasks", suspect -> List.of(Finding.only(CULPRIT))));
        ClassLoader[] held = {new Canary()};
        leaves(held[0]);
        for (int collection = 0; collection < 10; collection++) {
            passes(3);
            step();
            collect();
        }
        assertThat(only().verdict()).isEqualTo(Verdict.IN_USE);
        assertThat(only().users()).containsExactly("request GET /events, since 2026-11-23T17:00:00Z");
        assertThat(only().culprits()).singleElement().satisfies(culprit -> {
            assertThat(culprit.kind()).isEqualTo(Culprit.Kind.REQUEST);
            assertThat(culprit.what()).isEqualTo("a request is still in it: GET /events, since 2026-11-23T17:00:00Z");
        });

        requests.over();
        held[0] = null;
        awaits(() -> only().verdict() == Verdict.COLLECTED);
        assertThat(told).doesNotContain(Verdict.LEAKED);
    }

    @Test
    void oneThatIsHeldStillWhenItsRequestsAreOverHasLeaked() {
        requests = new Requests(List.of("GET /events"));
        searches.add(new NamedSearch("tasks", suspect -> List.of(Finding.only(CULPRIT))));
        ClassLoader held = new Canary();
        leaves(held);
        awaits(() -> only().verdict() == Verdict.IN_USE);

        requests.over();
        awaits(() -> only().verdict() == Verdict.LEAKED);
        assertThat(held).isNotNull();
    }

    @Test
    void aCacheThatIsClearedAccusesNobodyAndPutsOffTheVerdict() {
        Culprit cache = new Culprit(Culprit.Kind.CACHE, "a resource bundle", "Clear it");
        List<ClassLoader> holder = new ArrayList<>(List.of(new Canary()));
        int[] cleared = {0};
        searches.add(new NamedSearch(
                "caches",
                suspect -> holder.contains(suspect.loader())
                        ? List.of(Finding.of(cache, () -> {
                            // Filled again after the first time: the second is right before the verdict.
                            if (++cleared[0] == 2) {
                                holder.clear();
                            }
                            return "cleared it";
                        }))
                        : List.of()));
        leaves(holder.get(0));

        awaits(() -> only().verdict() == Verdict.COLLECTED);

        assertThat(cleared[0]).isEqualTo(2);
        assertThat(only().culprits()).isEmpty();
        assertThat(only().cleaned()).isEmpty();
        assertThat(told).containsExactly(Verdict.PENDING, Verdict.COLLECTED);
    }

    @Test
    void aCacheThatIsNotToBeClearedIsNamed() {
        rules = new Rules(false, RULES.interval(), RULES.grace(), Set.of("caches"));
        Culprit cache = new Culprit(Culprit.Kind.CACHE, "a resource bundle", "Clear it");
        ClassLoader held = new Canary();
        searches.add(new NamedSearch("caches", suspect -> List.of(Finding.of(cache, () -> "cleared it"))));
        leaves(held);

        // It may hold softly: so it is no proof until what is held softly would have gone.
        awaits(() -> !soft.isEmpty());
        soft.forEach(SoftReference::clear);
        awaits(() -> only().verdict() == Verdict.LEAKED);

        assertThat(only().culprits()).containsExactly(cache);
        assertThat(held).isNotNull();
    }

    @Test
    void whatIsNotToBeCleanedUpIsNamedAlone() {
        rules = new Rules(false, RULES.interval(), RULES.grace(), Set.of("threads"));
        ClassLoader held = new Canary();
        searches.add(new NamedSearch(
                "threads",
                suspect -> List.of(Finding.of(CULPRIT, () -> {
                    throw new AssertionError("cleaned up all the same");
                }))));
        leaves(held);

        awaits(() -> only().verdict() == Verdict.LEAKED);

        assertThat(only().culprits()).containsExactly(CULPRIT);
        assertThat(only().cleaned()).isEmpty();
        assertThat(only().unseen()).isEmpty();
        assertThat(held).isNotNull();
    }

    @Test
    void collectionsAreAskedForOnlyWhileSomebodyNeedsOneAndAtMostSoOften() {
        rules = new Rules(true, Duration.ofSeconds(10), Duration.ofSeconds(2), Set.of());
        step();
        assertThat(collections.begun).isZero();

        ClassLoader held = new Canary();
        leaves(held);
        step();
        assertThat(collections.begun).as("at once").isZero();
        passes(1);
        step();
        assertThat(collections.begun).isEqualTo(1);
        for (int second = 0; second < 9; second++) {
            passes(1);
            step();
        }
        assertThat(collections.begun).as("within the interval").isEqualTo(1);
        assertThat(collections.asking).isFalse();
        passes(1);
        step();
        assertThat(collections.begun).isEqualTo(2);
        assertThat(held).isNotNull();
    }

    @Test
    void onceLeakedCollectionsAreAskedForSeldomAndThenNoMore() {
        ClassLoader held = new Canary();
        leaves(held);
        awaits(() -> only().note().isPresent());
        soft.forEach(SoftReference::clear);
        awaits(() -> only().verdict() == Verdict.LEAKED);
        rules = new Rules(true, Duration.ofSeconds(10), Duration.ofSeconds(2), Set.of());

        assertThat(minutesOfAsking(3_600)).containsExactly(1, 3, 7, 15);
        assertThat(collections.asking).isFalse();
        passes(3_600);
        assertThat(step()).isEqualTo(Long.MAX_VALUE);
        assertThat(held).isNotNull();
    }

    @Test
    void whatEndsByItselfIsNotAccusedForTenMinutes() {
        Culprit ending = new Culprit(Culprit.Kind.ENDING, "an executor that was shut down", "Nothing");
        List<ClassLoader> held = new ArrayList<>(List.of(new Canary(), new Canary()));
        searches.add(new NamedSearch("threads", suspect -> List.of(Finding.only(ending))));
        held.forEach(this::leaves);
        awaits(() -> tracker().view().stream().allMatch(view -> view.note().isPresent()));
        assertThat(tracker().view()).allSatisfy(view -> {
            assertThat(view.verdict()).isEqualTo(Verdict.PENDING);
            assertThat(view.culprits()).containsExactly(ending);
            assertThat(view.note().orElseThrow()).startsWith("its executor has been shut down");
        });
        int told = this.told.size();

        for (int minute = 0; minute < 4; minute++) {
            passes(60);
            step();
            collect();
            step();
        }
        assertThat(this.told).as("each once").hasSize(told);
        held.remove(1);
        awaits(() -> tracker().view().get(0).verdict() == Verdict.COLLECTED);
        passes(600);
        awaits(() -> tracker().view().get(1).verdict() == Verdict.LEAKED);
        assertThat(tracker().view().get(1).culprits()).containsExactly(ending);
        assertThat(tracker().view().get(1).note()).isEmpty();
    }

    @Test
    void ofThoseThatHaveGoneTheLastFiftyAreShown() {
        for (int unload = 0; unload < 60; unload++) {
            leaves(new Canary());
        }
        awaits(() -> tracker().view().stream().allMatch(view -> view.verdict() == Verdict.COLLECTED));
        assertThat(tracker().view()).hasSize(50);
        assertThat(tracker().view().get(0).number())
                .isGreaterThan(tracker().view().get(49).number());
    }

    private void leaves(ClassLoader loader) {
        inbox.left(
                loader,
                new Users(new WeakReference<BundleWiring>(null), requests),
                new Canary(),
                7,
                "acme.shop",
                "1.2.0",
                Optional.of(new Departure("shop.jar", "ab", List.of("shop"))));
    }

    private Tracker tracker() {
        if (tracker == null) {
            tracker = new Tracker(
                    inbox.collected(),
                    () -> rules,
                    nanos::get,
                    new Inquiry(searches, patience),
                    new Probe(collections, nanos::get),
                    canary -> {
                        soft.add(new SoftReference<>(canary));
                        return soft.get(soft.size() - 1);
                    },
                    (before, view) -> told.add(view.verdict()));
        }
        return tracker;
    }

    private long step() {
        return tracker().step(inbox.take());
    }

    private UnloadView only() {
        assertThat(tracker().view()).hasSize(1);
        return tracker().view().get(0);
    }

    /** {@return in which minutes collections were asked for} */
    private List<Integer> minutesOfAsking(long most) {
        List<Integer> minutes = new ArrayList<>();
        for (long seconds = 0; seconds < most; ) {
            int before = collections.begun;
            long wait = Math.min(most, Math.max(1, Duration.ofNanos(step()).toSeconds()));
            if (collections.begun > before) {
                minutes.add((int) (seconds / 60));
            }
            passes(wait);
            seconds += wait;
        }
        return minutes;
    }

    private void passes(long seconds) {
        nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }

    private void awaits(BooleanSupplier condition) {
        for (int collection = 0; collection < 30; collection++) {
            passes(3);
            step();
            if (condition.getAsBoolean()) {
                return;
            }
            collect();
        }
        throw new AssertionError("not after thirty collections: " + tracker().view());
    }

    /** A full collection: whether it was one is seen by something that only a collection takes. */
    private static void collect() {
        WeakReference<Canary> canary = new WeakReference<>(new Canary());
        for (int attempt = 0; attempt < 100 && !canary.refersTo(null); attempt++) {
            System.gc();
        }
        assertThat(canary.refersTo(null)).as("a full collection").isTrue();
    }

    private static final class RecordedCollections implements Collections {

        private int begun;
        private boolean asking;

        @Override
        public void begin() {
            begun++;
            asking = true;
        }

        @Override
        public void end() {
            asking = false;
        }

        @Override
        public long count() {
            return 0;
        }
    }
}
