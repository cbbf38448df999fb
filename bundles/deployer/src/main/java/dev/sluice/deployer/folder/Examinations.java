package dev.sluice.deployer.folder;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The files whose copies are being checked, and when those that are done go on: together, so that what settled together stays
 * together; but for so many windows only, so that a check that hangs for one file doesn't hold up the others. For one thread.
 */
final class Examinations {

    /** As for files that go on changing. */
    private static final int PATIENCE = 10;

    private final LongSupplier nanos;
    private final Map<String, Examination> byFile = new HashMap<>();

    /** Since when one is done while others aren't. */
    private OptionalLong doneSince = OptionalLong.empty();

    Examinations(LongSupplier nanos) {
        this.nanos = nanos;
    }

    void put(String file, Examination examination) {
        byFile.put(file, examination);
    }

    Optional<Examination> find(String file) {
        return Optional.ofNullable(byFile.get(file));
    }

    /** {@return whether the file is being checked, and looks as it did then} */
    boolean isOf(String file, FileStat stat) {
        return find(file).filter(one -> one.stat().equals(stat)).isPresent();
    }

    /** It is over, and what came of it was taken. */
    void end(String file) {
        byFile.remove(file);
    }

    void giveUp(String file) {
        find(file).ifPresent(Examination::giveUp);
        end(file);
    }

    void giveUpAll() {
        Set.copyOf(byFile.keySet()).forEach(this::giveUp);
    }

    boolean isEmpty() {
        return byFile.isEmpty();
    }

    /** {@return those that are done, all together, or none while it is worth waiting for others} */
    Set<String> due(Duration window) {
        Set<String> done = new HashSet<>();
        byFile.forEach((file, examination) -> {
            if (examination.isDone()) {
                done.add(file);
            }
        });
        if (done.isEmpty()) {
            doneSince = OptionalLong.empty();
            return done;
        }
        if (doneSince.isEmpty()) {
            doneSince = OptionalLong.of(nanos.getAsLong());
        }
        return done.size() < byFile.size() && untilImpatient(window) > 0 ? Set.of() : done;
    }

    /** {@return in how many nanoseconds {@link #due} has something new to say, if none ends until then} */
    OptionalLong untilDue(Duration window) {
        return doneSince.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Math.max(0, untilImpatient(window)));
    }

    private long untilImpatient(Duration window) {
        return doneSince.getAsLong() + PATIENCE * window.toNanos() - nanos.getAsLong();
    }
}
