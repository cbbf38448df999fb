package dev.sluice.unload.witness;

import java.time.Duration;

/**
 * The stage that one unload is in: since when, for how long at least, and when it needs collections to get on. Used by one thread.
 * Times are in nanoseconds.
 */
final class Turn {

    /** How soon it is looked again whether others use it still, or threads have ended, at first, and after it has been so for long. */
    private static final long USE = Duration.ofSeconds(2).toNanos();

    private static final long LONGEST_USE = Duration.ofMinutes(1).toNanos();

    /** So often it is looked whether what has leaked was let go: for a quarter of an hour. Then others' collections have to do. */
    private static final int ASKS_ONCE_LEAKED = 4;

    private final long left;
    private final SeldomAsked asking = new SeldomAsked();
    private Stage stage = Stage.LEFT;
    private long since;

    /** How often it is still asked for collections, once it has leaked. */
    private int asksLeft;

    /** @param left when the bundle has left */
    Turn(long left) {
        this.left = left;
        this.since = left;
    }

    Stage stage() {
        return stage;
    }

    /** The next stage begins. */
    void to(Stage next, long now) {
        if (!stage.mayBecome(next)) {
            throw new IllegalStateException(stage + " can't become " + next);
        }
        stage = next;
        since = now;
        asksLeft = next == Stage.LEAKED ? ASKS_ONCE_LEAKED : 0;
        if (asksSeldom()) {
            asking.begin(now);
        }
    }

    /** {@return whether this was while the stage lasted} */
    boolean has(long time) {
        return time - since >= 0;
    }

    /** {@return whether the stage has lasted as long as it has to} */
    boolean hasRested(long now, Rules rules) {
        return now - since >= rest(now, rules);
    }

    private long rest(long now, Rules rules) {
        return switch (stage) {
            // The longer it has lasted, the longer it may last.
            case USED -> seldom(now - since);
            case ENDING -> seldom(since - left);
            default -> rules.rest(stage).toNanos();
        };
    }

    private static long seldom(long passed) {
        return Math.min(LONGEST_USE, Math.max(USE, passed));
    }

    /**
     * {@return whether a collection should be asked for now}
     *
     * @param awaited whether a canary was let go, and is still there
     */
    boolean needsCollection(long now, Rules rules, boolean awaited) {
        if (asksSeldom() && !asking.isDue(now)) {
            return false;
        }
        return switch (stage) {
            case LEAKED -> asksLeft > 0;
            // A request's last steps, and those of the thread that has uninstalled it, need a moment.
            case LEFT -> now - since >= rest(now, rules) / 2;
            default -> stage.awaitsCanary() && awaited;
        };
    }

    /** Collections were asked for, for as long as that is done at a time. */
    void asked(long now) {
        if (asksSeldom()) {
            asksLeft -= asking.isDue(now) ? 1 : 0;
            asking.asked(now);
        }
    }

    private boolean asksSeldom() {
        return stage == Stage.UNEXPLAINED || stage == Stage.LEAKED;
    }

    /** {@return how long until it may go on, or needs a collection; for ever if nothing comes by itself} */
    long wait(long now, Rules rules) {
        long rest = rest(now, rules);
        long passed = now - since;
        return switch (stage) {
            case COLLECTED -> Long.MAX_VALUE;
            case LEAKED -> rules.probe() && asksLeft > 0 ? asking.untilDue(now) : Long.MAX_VALUE;
            // Each step looks, so it is from now on.
            case USED -> rest;
            case LEFT -> passed < rest / 2 ? rest / 2 - passed : until(rest, passed);
            case UNEXPLAINED -> passed >= rest && rules.probe() ? asking.untilDue(now) : until(rest, passed);
            default -> until(rest, passed);
        };
    }

    private static long until(long rest, long passed) {
        return passed < rest ? rest - passed : Long.MAX_VALUE;
    }
}
