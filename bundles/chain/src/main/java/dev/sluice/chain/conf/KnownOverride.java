package dev.sluice.chain.conf;

import dev.sluice.chain.snapshot.PlaceOverride;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What is known of one override's file.
 *
 * @param file how operators call it
 * @param seen what it says, or said when it was last there
 * @param state what came of that
 * @param name the middleware it is for; blank if it doesn't say
 * @param override what is in force by it; null where nothing is
 * @param good the texts that {@code override} was read from; none where it wasn't read from any
 * @param faults what is wrong with it; none if it was taken
 * @param goneAt when it was found gone, on a monotonic clock; empty while it is there
 */
record KnownOverride(
        String file,
        Map<String, String> seen,
        State state,
        String name,
        PlaceOverride override,
        Map<String, String> good,
        List<String> faults,
        OptionalLong goneAt) {

    /** What came of a file. */
    enum State {
        /** What it says, or said before it had a mistake in it, is in force. */
        OWN,
        /** It has a mistake in it, and what another file said of the same middleware, which went, stays in force. */
        ADOPTED,
        /** It has a mistake in it, and nothing was in force before. */
        NOTHING,
        /** It has had a mistake in it since the start, and what was in force before isn't known: its place is closed. */
        BLOCKED,
        /** It has a mistake in it, and nobody can tell which middleware it is for. */
        NAMELESS
    }

    boolean isGone() {
        return goneAt.isPresent();
    }

    boolean isInForce() {
        return override != null;
    }

    KnownOverride gone(long now) {
        return new KnownOverride(file, seen, state, name, override, good, faults, OptionalLong.of(now));
    }

    KnownOverride back() {
        return new KnownOverride(file, seen, state, name, override, good, faults, OptionalLong.empty());
    }

    /** The file has a mistake in it now; what is in force stays. */
    KnownOverride faulty(Map<String, String> seen, List<String> faults) {
        return new KnownOverride(file, seen, state, name, override, good, faults, OptionalLong.empty());
    }

    /** What another file has said, which is gone, stays in force in the name of this one. */
    KnownOverride adopting(KnownOverride other) {
        State state = other.state == State.BLOCKED ? State.BLOCKED : State.ADOPTED;
        return new KnownOverride(file, seen, state, name, other.override, other.good, faults, goneAt);
    }

    /** {@return what operators are to be told of it} Only of one with faults. */
    String alarm() {
        String what = "The override in " + file + " is not taken"
                + switch (state) {
                    case OWN, ADOPTED -> ", and what was in force for \"" + name + "\" stays";
                    case NOTHING -> ": \"" + name + "\" runs as it says of itself";
                    case BLOCKED ->
                        ", and what was in force before isn't known: requests on the paths of \"" + name
                                + "\" are answered with 503";
                    case NAMELESS ->
                        ", and nobody can tell which middleware it is for: as long as that is so, no request"
                                + " is admitted after a start";
                };
        return what + ". " + String.join("; ", faults) + ". Mend the file, or delete it.";
    }
}
