package dev.sluice.unload.witness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.unload.Culprit;
import dev.sluice.unload.culprit.Finding;
import dev.sluice.unload.culprit.Search;
import dev.sluice.unload.testing.NamedSearch;
import java.lang.ref.ReferenceQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Of what hangs nothing is faked: it waits for a latch, as for a lock that a bundle holds. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InquiryTest {

    private static final Duration SHORT = Duration.ofMillis(200);

    private final CountDownLatch lock = new CountDownLatch(1);
    private final AtomicInteger searched = new AtomicInteger();
    private final List<ClassLoader> loaders = new ArrayList<>();
    private long number;

    @AfterEach
    void letGo() {
        lock.countDown();
    }

    @Test
    void aSearchThatHangsIsGivenUpAndNamedWithWhereItIs() {
        Inquiry inquiry = new Inquiry(
                List.of(
                        found("threads", culprits(1)),
                        new NamedSearch("mbeans", suspect -> hang()),
                        found("caches", culprits(1))),
                SHORT);

        Inquiry.Result result = inquiry.run(watched(), "acme.shop 1.0.0", Set.of(), Set.of());

        assertThat(result.culprits()).as("what was found before").hasSize(1);
        assertThat(result.held()).isTrue();
        assertThat(result.unseen()).singleElement().asString().contains("mbeans", "sluice-search-1", "Unsafe.park");
        assertThat(inquiry.alarm().orElseThrow()).contains("acme.shop 1.0.0", "Unsafe.park", "restart");
    }

    @Test
    void aCleanUpThatHangsIsGivenUpAndNothingIsCleanedOnceItComesBack() throws InterruptedException {
        AtomicInteger later = new AtomicInteger();
        CountDownLatch back = new CountDownLatch(1);
        Culprit culprit = culprits(1).get(0);
        Inquiry inquiry = new Inquiry(
                List.of(new NamedSearch(
                        "threads",
                        suspect -> List.of(
                                Finding.of(culprit, () -> "interrupted it"),
                                Finding.of(culprit, () -> {
                                    hang();
                                    back.countDown();
                                    return "came back";
                                }),
                                Finding.of(culprit, () -> "cleaned " + later.incrementAndGet())))),
                SHORT);
        Watched watched = watched();

        Inquiry.Result result = inquiry.run(watched, "acme.shop 1.0.0", Set.of(), Set.of());

        assertThat(result.cleaned()).containsExactly("interrupted it");
        assertThat(result.unseen()).singleElement().asString().startsWith("threads: ");
        lock.countDown();
        assertThat(back.await(30, TimeUnit.SECONDS)).isTrue();
        while (inquiry.alarm().isPresent()) {
            Thread.onSpinWait();
        }
        assertThat(later).hasValue(0);
    }

    @Test
    void whatHangsIsNotSearchedAgainAndTheOthersAre() {
        Inquiry inquiry = new Inquiry(
                List.of(new NamedSearch("mbeans", suspect -> {
                    searched.incrementAndGet();
                    return suspect.name().startsWith("bad") ? hang() : List.of();
                })),
                SHORT);
        Watched bad = watched();

        Inquiry.Result first = inquiry.run(bad, "bad 1.0.0", Set.of(), Set.of());
        Inquiry.Result second = inquiry.run(bad, "bad 1.0.0", Set.of(), Set.of());
        Inquiry.Result other = inquiry.run(watched(), "good 1.0.0", Set.of(), Set.of());

        assertThat(second).isEqualTo(first);
        assertThat(other).isEqualTo(Inquiry.Result.NONE);
        assertThat(searched).hasValue(2);
    }

    @Test
    void soManyMayHangAndNoMore() {
        Inquiry inquiry = new Inquiry(
                List.of(new NamedSearch("mbeans", suspect -> {
                    searched.incrementAndGet();
                    return hang();
                })),
                Duration.ofMillis(50));
        Inquiry.Result last = Inquiry.Result.NONE;
        for (int unload = 0; unload < Inquiry.MOST_HANGING + 3; unload++) {
            last = inquiry.run(watched(), "bad." + unload + " 1.0.0", Set.of(), Set.of());
        }
        assertThat(searched.get()).isLessThanOrEqualTo(Inquiry.MOST_HANGING);
        assertThat(last.unseen()).singleElement().asString().contains("none is run");
    }

    @Test
    void whatHangsWithOneBundlesVersionsLeavesRoomForOthers() {
        Inquiry inquiry = new Inquiry(
                List.of(new NamedSearch("mbeans", suspect -> {
                    searched.incrementAndGet();
                    return suspect.name().startsWith("bad") ? hang() : List.of();
                })),
                Duration.ofMillis(50));
        Inquiry.Result last = Inquiry.Result.NONE;
        for (int unload = 0; unload < 20; unload++) {
            last = inquiry.run(watched(), "bad 1.0." + unload, Set.of(), Set.of());
        }
        assertThat(searched).hasValue(4);
        assertThat(last.looked()).isFalse();
        assertThat(last.unseen())
                .containsExactly("all searches: 4 for other versions of bad hang, so none is run: mend it, and restart"
                        + " the container");
        assertThat(inquiry.run(watched(), "good 1.0.0", Set.of(), Set.of())).isEqualTo(Inquiry.Result.NONE);
    }

    @Test
    void itRunsOnAThreadThatEndsAndInheritsNothing() {
        InheritableThreadLocal<String> inherited = new InheritableThreadLocal<>();
        inherited.set("here");
        List<Object> seen = new ArrayList<>();
        Inquiry inquiry = new Inquiry(List.of(new NamedSearch("threads", suspect -> {
            seen.add(Thread.currentThread());
            seen.add(Thread.currentThread().isDaemon());
            seen.add(inherited.get() == null);
            return List.of();
        })));
        inquiry.run(watched(), "acme.shop 1.0.0", Set.of(), Set.of());
        inherited.remove();

        assertThat(seen.get(0)).isNotSameAs(Thread.currentThread());
        assertThat(seen.subList(1, 3)).containsExactly(true, true);
    }

    @Test
    void ofManyCulpritsSomeOfEachSearchAreToldAndTheRestCounted() {
        Inquiry inquiry = new Inquiry(List.of(found("threads", culprits(300)), found("mbeans", culprits(1))));

        Inquiry.Result result = inquiry.run(watched(), "acme.shop 1.0.0", Set.of(), Set.of());

        assertThat(result.culprits()).hasSize(Fold.MOST + 1);
        assertThat(result.culprits().get(19).what()).startsWith("mbeans 0");
        assertThat(result.culprits().get(20).what()).isEqualTo("and 281 more");
        assertThat(result.cleaned()).hasSize(Fold.MOST + 2).contains("and 280 more");
        assertThat(result.culprits()).allMatch(culprit -> culprit.what().length() < 600);
    }

    private Watched watched() {
        ClassLoader loader = new Canary();
        loaders.add(loader);
        return new Watched(loader, ++number, new ReferenceQueue<>());
    }

    private static List<Culprit> culprits(int many) {
        return IntStream.range(0, many)
                .mapToObj(each -> new Culprit(Culprit.Kind.THREAD, each + "x".repeat(10_000), "end it"))
                .toList();
    }

    private static Search found(String name, List<Culprit> culprits) {
        return new NamedSearch(name, suspect -> culprits.stream()
                .map(culprit -> Finding.of(
                        new Culprit(culprit.kind(), name + ' ' + culprit.what(), culprit.remedy()),
                        () -> "ended " + culprit.what()))
                .toList());
    }

    private List<Finding> hang() {
        boolean interrupted = true;
        while (interrupted) {
            try {
                lock.await();
                interrupted = false;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        return List.of();
    }
}
