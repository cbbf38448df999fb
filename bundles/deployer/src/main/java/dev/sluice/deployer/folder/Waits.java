package dev.sluice.deployer.folder;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The files that are not complete yet, and who was told of it. For one thread. */
final class Waits {

    private static final class Wait {
        private final long since;
        private final Instant at;
        private String message = incomplete("it is still being written");
        private boolean atOnce;
        private String shown = "";
        private String told = "";

        private Wait(long since, Instant at) {
            this.since = since;
            this.at = at;
        }
    }

    private final DeployFolder folder;
    private final LongSupplier nanos;
    private final Supplier<Instant> now;
    private final Map<String, Wait> waits = new LinkedHashMap<>();

    Waits(DeployFolder folder, LongSupplier nanos, Supplier<Instant> now) {
        this.folder = folder;
        this.nanos = nanos;
        this.now = now;
    }

    void begin(String file) {
        waits.computeIfAbsent(file, any -> new Wait(nanos.getAsLong(), now.get()));
    }

    void because(String file, String reason) {
        begin(file);
        waits.get(file).message = incomplete(reason);
        waits.get(file).atOnce = false;
    }

    private static String incomplete(String reason) {
        return Markers.INCOMPLETE + reason + ". If nothing copies it any more, copy it again.";
    }

    /** It is complete, and waits for something beside it: that is shown at once. */
    void forRule(String file, String reason) {
        begin(file);
        waits.get(file).message = Markers.WAITING + reason + ".";
        waits.get(file).atOnce = true;
    }

    /** It is complete, and being checked: that is shown if it takes long. */
    void forCheck(String file) {
        begin(file);
        waits.get(file).message = Markers.WAITING + "it is being checked.";
        waits.get(file).atOnce = false;
    }

    boolean contains(String file) {
        return waits.containsKey(file);
    }

    /** The file is complete, unchanged or gone. */
    void end(String file) {
        waits.remove(file);
        // Also one that an earlier run of the container left.
        folder.clearWaitingMarker(file);
    }

    /** Tells of the files that have waited for so long, and of those where the reason is another than was told. */
    void tell(Duration after, BatchListener listener) {
        waits.forEach((file, wait) -> {
            if (nanos.getAsLong() - wait.since >= after.toNanos() && !wait.told.equals(wait.message)) {
                wait.told = wait.message;
                wait.shown = wait.message;
                folder.markFailed(file, wait.message, wait.at);
                listener.waiting(file, wait.message);
            } else if (wait.atOnce && !wait.shown.equals(wait.message)) {
                wait.shown = wait.message;
                listener.held(file, wait.message);
            }
        });
    }

    /** {@return in how many nanoseconds somebody is to be told, if nothing changes until then} */
    OptionalLong untilTold(Duration after) {
        return waits.values().stream()
                .filter(wait -> wait.told.isEmpty())
                .mapToLong(wait -> Math.max(0, wait.since + after.toNanos() - nanos.getAsLong()))
                .min();
    }
}
