package dev.sluice.unload.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.unload.Culprit;
import dev.sluice.unload.Explanation;
import dev.sluice.unload.RootPath;
import dev.sluice.unload.Verdict;
import dev.sluice.unload.witness.Watched;
import java.io.IOException;
import java.lang.ref.ReferenceQueue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A class loader of this very JVM, explained. */
class ExplainerTest {

    private static final long NUMBER = 7;
    private static final long ROOM = 1L << 40;

    /** What holds it. */
    private static final List<Object> LEFT = new ArrayList<>();

    private static final List<Watched> WATCHED = new ArrayList<>();

    private static final class Gone extends ClassLoader {}

    @TempDir
    Path home;

    private final HeapPathProgram program = new HeapPathProgram();
    private Executor threads = Explainer::onItsOwnThread;
    private ExplainSettings settings = ExplainSettings.DEFAULT;
    private Explainer.Known known = Explainer.Known.IN_MEMORY;
    private final List<String> proofs = new CopyOnWriteArrayList<>();
    private volatile long proven;
    private Path folder;

    @BeforeEach
    void leak() {
        folder = home.resolve("heap-dumps");
        LEFT.clear();
        LEFT.add(new Gone());
        WATCHED.clear();
        WATCHED.add(new Watched((ClassLoader) LEFT.get(0), NUMBER, new ReferenceQueue<>()));
    }

    @Test
    void thePathSaysWhereItEntersTheBundleAndNothingIsLeftOnTheDisk() throws Exception {
        long before = System.nanoTime();
        List<Long> dumped = new ArrayList<>();
        Explanation explanation = explain(
                explainer(file -> {
                    dumped.add(System.nanoTime());
                    HeapDumps.ofTheJvm().dump(file);
                }),
                false);
        assertThat(proofs)
                .containsExactly(NUMBER + ": REFERENCE static field LEFT of class " + ExplainerTest.class.getName()
                        + ", which leads to " + Gone.class.getName());
        assertThat(proven - before).isNotNegative();
        assertThat(dumped.get(0) - proven).as("what the dump has, is as old").isNotNegative();
        assertThat(explanation).isInstanceOfSatisfying(Explanation.Held.class, held -> {
            assertThat(held.dump()).isEmpty();
            RootPath path = held.paths().get(0);
            assertThat(path.steps()).contains(new RootPath.Step("static field LEFT", "java.util.ArrayList", "", false));
            assertThat(path.lines())
                    .contains("=> element 0: " + Gone.class.getName() + "  <= here it enters the bundle");
        });
        assertThat(files()).isEmpty();
    }

    @Test
    void aDumpIsKeptForItsOwnerAloneIfAskedAndDoesNotReplaceAnother() throws Exception {
        for (String name : List.of("unload-7.hprof", "unload-7-2.hprof")) {
            Explanation.Held held = (Explanation.Held) explain(explainer(HeapDumps.ofTheJvm()), true);
            assertThat(held.dump()).contains(folder.resolve(name).toString());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))))
                    .isEqualTo("rw-------");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
        assertThat(files()).containsExactlyInAnyOrder("unload-7.hprof", "unload-7-2.hprof");
    }

    @Test
    void theFolderHasItsRightsBeforeTheDumpIsWrittenIntoIt() throws Exception {
        List<String> rights = new ArrayList<>();
        explain(
                explainer(file -> {
                    rights.add(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())));
                    throw new IOException("enough seen");
                }),
                false);
        assertThat(rights).containsExactly("rwx------");
    }

    @Test
    void whatACrashLeftIsDeletedAndWhatIsKeptIsNot() throws Exception {
        Files.createDirectory(folder);
        Files.writeString(folder.resolve("work-dump.hprof"), "left");
        Files.writeString(folder.resolve("unload-3.hprof"), "kept");
        new HeapDumps(folder, HeapDumps.ofTheJvm(), HeapDumps.ON_DISK).clear();
        assertThat(files()).containsExactly("unload-3.hprof");
        new HeapDumps(home.resolve("none"), HeapDumps.ofTheJvm(), HeapDumps.ON_DISK).clear();
        assertThat(home.resolve("none")).as("nothing is made of it").doesNotExist();
    }

    @Test
    void oneIsExplainedAtATimeAndTheNextWhenItHasEnded() throws Exception {
        CountDownLatch dumping = new CountDownLatch(1);
        CountDownLatch enough = new CountDownLatch(1);
        Explainer explainer = explainer(file -> {
            dumping.countDown();
            await(enough);
            Files.writeString(file, "half of it");
            throw new IOException("the disk has failed");
        });
        var first = explainer.explain(NUMBER, false);
        await(dumping);
        assertThat(explainer.explain(NUMBER, false)).isCompletedWithValue(new Explanation.Busy());
        enough.countDown();
        assertThat(first.get(60, TimeUnit.SECONDS)).isEqualTo(new Explanation.Failed("the disk has failed"));
        assertThat(files()).as("half a dump is deleted").isEmpty();
        assertThat(explain(explainer, false)).isInstanceOf(Explanation.Failed.class);
    }

    @Test
    void whereNoThreadCanBeStartedTheNextOneIsTriedAllTheSame() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        threads = task -> {
            if (asked.incrementAndGet() == 1) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            Explainer.onItsOwnThread(task);
        };
        Explainer explainer = explainer(file -> {
            throw new IOException("enough seen");
        });
        assertThat(explain(explainer, false))
                .isEqualTo(new Explanation.Failed("no thread can be started for it: unable to create native thread"));
        assertThat(explain(explainer, false)).isEqualTo(new Explanation.Failed("enough seen"));
    }

    @Test
    void anErrorIsAnAnswerTooAndTheNextMayAsk() throws Exception {
        Explainer explainer = explainer(file -> {
            throw new OutOfMemoryError("Java heap space");
        });
        for (int time = 0; time < 2; time++) {
            assertThat(explain(explainer, false))
                    .isEqualTo(new Explanation.Failed("java.lang.OutOfMemoryError: Java heap space"));
        }
    }

    @Test
    void nothingIsDumpedForANumberThatIsUnknownOrHasBeenCollected() {
        Explainer explainer = explainer(file -> {
            throw new AssertionError("dumped");
        });
        known = Explainer.Known.NO;
        assertThat(explainer.explain(NUMBER, false)).isCompletedWithValue(new Explanation.Unknown());
        known = Explainer.Known.COLLECTED;
        assertThat(explainer.explain(NUMBER, false)).isCompletedWithValue(new Explanation.Collected());
    }

    @Test
    void whatHasNotBeenCollectedMayBeInMemory() {
        for (Verdict verdict : Verdict.values()) {
            assertThat(Explainer.Known.of(verdict))
                    .isEqualTo(verdict == Verdict.COLLECTED ? Explainer.Known.COLLECTED : Explainer.Known.IN_MEMORY);
        }
    }

    @Test
    void theDumpKnowsWhatNobodyElseDoes() throws Exception {
        LEFT.clear();
        assertThat(explain(explainer(HeapDumps.ofTheJvm()), false)).isEqualTo(new Explanation.Collected());
        assertThat(proofs).isEmpty();
        WATCHED.clear();
        assertThat(explain(explainer(HeapDumps.ofTheJvm()), false)).isEqualTo(new Explanation.Unknown());
    }

    @Test
    void nothingIsDumpedWithoutRoom() throws Exception {
        HeapDumps full = new HeapDumps(
                folder,
                file -> {
                    throw new AssertionError("dumped");
                },
                on -> 1 << 20);
        assertThat(explain(explainer(full), false))
                .isInstanceOfSatisfying(Explanation.Failed.class, failed -> assertThat(failed.reason())
                        .contains("no room", folder.toString(), "1 MB are free"));
    }

    @Test
    void whatTakesTooLongOrTooMuchSaysWhichSettingToChange() throws Exception {
        settings = new ExplainSettings(0, Duration.ofMillis(1));
        assertThat(reason(HeapDumps.ofTheJvm())).contains("unload.explain.timeout");
        settings = new ExplainSettings(6, Duration.ofMinutes(1));
        assertThat(reason(HeapDumps.ofTheJvm())).contains("unload.explain.memory");
        assertThat(files()).isEmpty();
    }

    @Test
    void aDumpThatCanNotBeReadIsTold() throws Exception {
        assertThat(reason(file -> Files.writeString(file, "no dump"))).contains("can't be read");
    }

    @Test
    void nothingStartsAnyMoreWhenTheContainerStops() throws Exception {
        program.stop();
        assertThat(reason(HeapDumps.ofTheJvm())).isEqualTo("the container is stopping");
    }

    private String reason(HeapDumps.Dumper dumper) throws Exception {
        return ((Explanation.Failed) explain(explainer(dumper), false)).reason();
    }

    private Explanation explain(Explainer explainer, boolean keep) throws Exception {
        return explainer.explain(NUMBER, keep).get(60, TimeUnit.SECONDS);
    }

    private Explainer explainer(HeapDumps.Dumper dumper) {
        return explainer(new HeapDumps(folder, dumper, on -> ROOM));
    }

    private Explainer explainer(HeapDumps dumps) {
        return new Explainer(dumps, program, number -> known, () -> settings, this::proven, System::nanoTime, threads);
    }

    private void proven(long number, long nanos, Culprit culprit) {
        proofs.add(number + ": " + culprit.kind() + " " + culprit.what());
        proven = nanos;
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
