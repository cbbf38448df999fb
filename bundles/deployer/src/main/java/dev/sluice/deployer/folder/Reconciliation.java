package dev.sluice.deployer.folder;

import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.folder.KnownFiles.Known;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the folder with what was handed over from it, one turn after another, and hands over what differs and has
 * settled. It never waits: a turn says when the next one is due.
 *
 * <p>For one thread. A removal is believed only if no file has vanished for the removal window, the folder can be listed,
 * and it was healthy before the file was missed and after it; or if something that was handed over takes its place.
 */
final class Reconciliation {

    private static final Logger LOG = LoggerFactory.getLogger(Reconciliation.class);

    private final DeployFolder folder;
    private final Intake intake;
    private final Supplier<WatchSettings> settings;
    private final BatchListener listener;
    private final LongSupplier nanos;
    private final Settling settling;
    private final Removals removals;
    private final Examinations examinations;
    private final Replacement replacement;
    private final Waits waits;

    private final KnownFiles known;
    private Optional<FolderHealth> health = Optional.empty();
    private OptionalLong lastScan = OptionalLong.empty();

    /** Until what went while nobody looked is told from what is only late: all that differs then is one batch. */
    private boolean comparing = true;

    Reconciliation(
            DeployFolder folder,
            Intake intake,
            Supplier<WatchSettings> settings,
            Map<String, String> deployed,
            BatchListener listener,
            LongSupplier nanos,
            Supplier<Instant> now) {
        this.folder = folder;
        this.intake = intake;
        this.settings = settings;
        this.listener = listener;
        this.nanos = nanos;
        this.settling = new Settling(nanos);
        this.removals = new Removals(nanos);
        this.examinations = new Examinations(nanos);
        this.replacement = new Replacement(intake);
        this.waits = new Waits(folder, nanos, now);
        this.known = new KnownFiles(deployed);
    }

    /**
     * {@return whether all that is in the folder was handed over, but for files that have gone on changing for longer than
     * that} What is being checked counts, however long it takes: it may be what is to guard the first request.
     */
    boolean hasHandedOver(Duration changingFor) {
        return settling.isEmptyBut(changingFor) && examinations.isEmpty();
    }

    /** {@return whether a file is missing that may come back} */
    boolean isMissing() {
        return !removals.isEmpty();
    }

    /** Gives up what is being checked. */
    void close() {
        examinations.giveUpAll();
    }

    /** {@return in how many nanoseconds the next turn is due, if nothing is reported until then} */
    long turn(Changes changes) {
        WatchSettings now = settings.get();
        changes.forgotten().forEach(known::forget);
        if (!isMounted()) {
            return now.scanInterval().toNanos();
        }
        // Before a removal too: it may show that more files are missing, of which no event has told yet.
        if (changes.everything() || untilScan(now) <= 0 || removals.isDue(now.removalWindow())) {
            scan();
        }
        changes.touched().forEach(file -> look(file, true));
        changes.forgotten().forEach(file -> look(file, true));
        comparing &= !removals.isEmpty() && !removals.isDue(now.removalWindow());
        Set<String> due = comparing ? Set.of() : due(now.settleWindow());
        Set<String> removed = removals.due(now.removalWindow());
        if (!due.isEmpty() || !removed.isEmpty()) {
            takeAll(due, removed);
        }
        waits.tell(now.waitingAfter(), listener);
        return LongStream.of(
                        untilScan(now),
                        comparing
                                ? Long.MAX_VALUE
                                : settling.untilDue(now.settleWindow()).orElse(Long.MAX_VALUE),
                        comparing
                                ? Long.MAX_VALUE
                                : examinations.untilDue(now.settleWindow()).orElse(Long.MAX_VALUE),
                        removals.untilDue(now.removalWindow()).orElse(Long.MAX_VALUE),
                        waits.untilTold(now.waitingAfter()).orElse(Long.MAX_VALUE))
                .min()
                .getAsLong();
    }

    /** {@return the files that are at rest, and those that were checked meanwhile and haven't moved} */
    private Set<String> due(Duration window) {
        Set<String> due = new TreeSet<>(settling.due(window));
        examinations.due(window).stream()
                .filter(file -> !settling.contains(file))
                .forEach(due::add);
        return due;
    }

    private boolean isMounted() {
        FolderHealth current = folder.health();
        if (!health.equals(Optional.of(current))) {
            health = Optional.of(current);
            listener.health(current);
        }
        if (current instanceof FolderHealth.Mounted) {
            return true;
        }
        // When it is back nothing that was seen before counts: every file is read again.
        settling.clear();
        examinations.giveUpAll();
        removals.clear();
        known.readAllAgain();
        lastScan = OptionalLong.empty();
        comparing = true;
        return false;
    }

    private long untilScan(WatchSettings now) {
        return lastScan.isEmpty()
                ? 0
                : Math.max(0, lastScan.getAsLong() + now.scanInterval().toNanos() - nanos.getAsLong());
    }

    private void scan() {
        lastScan = OptionalLong.of(nanos.getAsLong());
        if (intake.haveStandardsChanged()) {
            examinations.giveUpAll();
            known.readAllAgain();
            listener.standardsChanged();
        }
        try {
            Set<String> names = new HashSet<>(known.files());
            folder.artifacts().forEach(path -> names.add(path.getFileName().toString()));
            names.forEach(file -> look(file, false));
        } catch (IOException e) {
            removals.postpone();
            LOG.warn(
                    "The deploy folder {} can't be listed now ({}); the next scan tries again",
                    folder.dir(),
                    e.toString());
        }
    }

    /** @param touched whether the file system reported a change, which the file's looks needn't show */
    private void look(String file, boolean touched) {
        FileStat stat;
        try {
            stat = FileStat.withSidecars(folder.dir().resolve(file));
        } catch (IOException e) {
            // That is not the same as missing.
            removals.end(file);
            LOG.warn("Can't look at {} in {} ({}); the next scan tries again", file, folder.dir(), e.toString());
            return;
        }
        Optional<Known> old = known.find(file);
        if (stat.isAbsent()) {
            if (settling.contains(file)) {
                settling.take(file);
            }
            examinations.giveUp(file);
            if (old.isPresent()) {
                removals.missed(file, touched);
            }
            return;
        }
        removals.end(file);
        boolean looksSame = (old.isPresent() && old.get().looksLike(stat)) || examinations.isOf(file, stat);
        if (touched) {
            settling.touch(file, stat);
        } else if (settling.contains(file) || !looksSame) {
            settling.observe(file, stat);
        }
        if (!looksSame
                && !waits.contains(file)
                && !old.map(known -> known.isOnlyReadAgain() || known.differsInSidecarsOnly(stat))
                        .orElse(false)) {
            waits.begin(file);
            known.seen(file);
            listener.seen(file);
        }
    }

    private void takeAll(Set<String> due, Set<String> removed) {
        KnownFiles before = known.copy();
        Taken taken = new Taken(known, waits);
        Set<String> gone = new HashSet<>();
        for (String file : due) {
            FileStat stat = settling.contains(file)
                    ? settling.take(file)
                    : examinations.find(file).orElseThrow().stat();
            Path path = folder.dir().resolve(file);
            if (hasMoved(file, path, stat)) {
                examinations.giveUp(file);
                continue;
            }
            Intake.Outcome outcome = intake.take(path, stat, known.of(file).unlessRefused(), examinations.find(file));
            if (outcome instanceof Intake.Outcome.Begun begun) {
                examinations
                        .find(file)
                        .filter(other -> other != begun.examination())
                        .ifPresent(Examination::giveUp);
                examinations.put(file, begun.examination());
                waits.forCheck(file);
                continue;
            }
            examinations.giveUp(file);
            if (outcome instanceof Intake.Outcome.Changed) {
                look(file, true);
            } else if (outcome instanceof Intake.Outcome.Unchanged) {
                audit(file);
                taken.unchanged(file, stat);
            } else if (outcome instanceof Intake.Outcome.Judged judged) {
                taken.judged(file, stat, judged.verdict());
            }
        }
        Set<String> replaced = replacedBy(taken.accepted(), before);
        Stream.concat(removed.stream(), replaced.stream())
                .filter(this::isStillMissing)
                .forEach(gone::add);
        // Again, after the looking: a folder that went away meanwhile has shown files as missing, or others as there.
        if (!isMounted()) {
            known.goBackTo(before);
            return;
        }
        gone.forEach(known::remove);
        gone.forEach(removals::end);
        gone.forEach(folder::clearMarker);
        gone.forEach(waits::end);
        taken.accepted().forEach(artifact -> waits.end(artifact.file()));
        taken.refused().forEach(refusal -> waits.end(refusal.file()));
        taken.unchanged().forEach(this::sayUnchanged);
        Batch batch = new Batch(taken.accepted(), taken.refused(), gone);
        if (!batch.isEmpty()) {
            listener.settled(batch);
        }
    }

    /** An operator hears of what is against it at the start and when rules change: a sidecar is there before its next JAR. */
    private void audit(String file) {
        Known deployed = known.of(file);
        boolean raise = deployed.stat().isEmpty();
        deployed.sha256().ifPresent(sha256 -> intake.audit(file, sha256)
                .ifPresent(audit -> listener.audited(file, sha256, audit, raise)));
    }

    private void sayUnchanged(String file) {
        boolean told = waits.contains(file);
        waits.end(file);
        if (told) {
            listener.unchanged(file);
        }
    }

    private Set<String> replacedBy(List<Artifact> accepted, KnownFiles before) {
        List<Artifact> arrived = accepted.stream()
                .filter(artifact -> before.of(artifact.file()).sha256().isEmpty())
                .toList();
        return removals.missing().stream()
                .filter(file -> known.of(file)
                        .sha256()
                        .filter(sha256 -> replacement.isRenamed(sha256, accepted)
                                || replacement.isSucceeded(file, sha256, arrived))
                        .isPresent())
                .collect(Collectors.toSet());
    }

    private boolean isStillMissing(String file) {
        look(file, false);
        return removals.missing().contains(file);
    }

    private boolean hasMoved(String file, Path path, FileStat stat) {
        try {
            FileStat current = FileStat.withSidecars(path);
            if (current.equals(stat)) {
                return false;
            }
            if (current.isAbsent()) {
                removals.missed(file, true);
            } else {
                settling.observe(file, current);
            }
        } catch (IOException e) {
            LOG.warn("Can't look at {} ({}); the next scan tries again", path, e.toString());
            known.readAgain(file);
        }
        return true;
    }
}
