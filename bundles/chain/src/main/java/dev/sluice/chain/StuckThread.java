package dev.sluice.chain;

import java.util.List;

/**
 * A thread that is inside a unit past the unit's deadline.
 *
 * @param thread its name
 * @param ageMillis for how long the unit has had the request, the rest of the chain included
 * @param request the request's method and path
 * @param incident under which the log and the client's answer name it
 * @param frames the upper frames of its stack
 */
public record StuckThread(String thread, long ageMillis, String request, String incident, List<String> frames) {

    /** Keeps its own copy of the list. */
    public StuckThread {
        frames = List.copyOf(frames);
    }
}
