package dev.sluice.unload.culprit.threads;

import dev.sluice.unload.Culprit;
import dev.sluice.unload.Culprit.Kind;
import dev.sluice.unload.culprit.Finding;
import dev.sluice.unload.culprit.ManagedTask;
import dev.sluice.unload.culprit.Opened;
import dev.sluice.unload.culprit.Search;
import dev.sluice.unload.culprit.Suspect;
import dev.sluice.unload.culprit.UnseenException;
import dev.sluice.unload.culprit.Wording;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds live threads of a bundle, and those of others that are inside of it. The bundle's are interrupted, those of executors that
 * the bundle made by the executor's end; one that has been shut down works on until it has done its tasks, and is only named, as
 * to stop it would lose them. Threads of others are only named: an interrupt could come when the thread has already gone
 * on to something else. A thread that doesn't heed the interrupt stays: nothing in Java ends it.
 */
public final class ThreadSearch implements Search {

    private static final String REMEDY =
            "end the thread when the bundle stops, or run what it does in the container's executor, which ends with the bundle";
    private static final String RETURN = "let the call end when the bundle stops: with a deadline, or at an interrupt";

    @Override
    public String name() {
        return "threads";
    }

    @Override
    public List<Finding> search(Suspect suspect) throws UnseenException {
        Opened opened = new Opened("threads");
        ThreadParts parts = new ThreadParts(opened);
        Pools pools = new Pools(opened);
        List<Thread> threads = PlatformThreads.all();
        Map<Thread, StackTraceElement> inside = new Stacks(opened).inside(suspect, threads);
        List<Finding> found = new ArrayList<>();
        Map<Object, List<Thread>> ended = new IdentityHashMap<>();
        Set<Object> handled = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Thread thread : threads) {
            Object pool = pools.of(thread, parts.target(thread));
            if (!thread.isAlive()) {
                continue;
            }
            if (pools.isOf(suspect, pool)) {
                ended.computeIfAbsent(pool, any -> new ArrayList<>()).add(thread);
            } else if (parts.isOf(suspect, thread)) {
                found.add(own(suspect, parts, thread, inside.get(thread)));
            } else if (parts.target(thread) instanceof ManagedTask) {
                if (inside.containsKey(thread) || parts.contextClassLoader(thread) == suspect.loader()) {
                    found.add(managed(Wording.thread(thread), at(parts, thread, inside.get(thread))));
                }
            } else if (inside.containsKey(thread)) {
                found.add(Finding.only(culprit(
                        Wording.thread(thread) + " isn't the bundle's, and is " + parts.state(thread) + " in "
                                + Wording.frame(inside.get(thread)),
                        RETURN)));
            } else if (suspect.owns(parts.handler(thread))) {
                found.add(handler(suspect, parts, thread));
            } else if (pools.handler(suspect, pool) != null && handled.add(pool)) {
                found.add(rejecting(thread, pools.handler(suspect, pool)));
            }
        }
        ended.forEach((pool, its) -> found.add(executor(parts, pools, pool, its, inside)));
        virtual(suspect, parts, opened, found);
        return found;
    }

    private static Culprit culprit(String what, String remedy) {
        return new Culprit(Kind.THREAD, what, remedy);
    }

    private static String at(ThreadParts parts, Thread thread, StackTraceElement frame) {
        return " is " + parts.state(thread) + (frame == null ? "" : " in " + Wording.frame(frame));
    }

    private static Finding own(Suspect suspect, ThreadParts parts, Thread thread, StackTraceElement frame) {
        String who = Wording.thread(thread) + " (" + Wording.type(suspect.owns(thread) ? thread : parts.target(thread))
                + ')';
        return Finding.of(culprit(who + at(parts, thread, frame), REMEDY), () -> {
            parts.interrupt(thread);
            return "interrupted " + who + ", which the middleware has left running";
        });
    }

    private static Finding managed(String thread, String at) {
        return Finding.only(culprit(
                thread + " of the container's executor" + at
                        + ", though it was interrupted when the bundle was released",
                "have the task end when its thread is interrupted"));
    }

    private static Finding executor(
            ThreadParts parts, Pools pools, Object pool, List<Thread> threads, Map<Thread, StackTraceElement> inside) {
        Thread first = threads.get(0);
        String who = Wording.thread(first) + (threads.size() == 1 ? "" : " and " + (threads.size() - 1) + " more")
                + " of an executor (" + Wording.type(pool) + ')';
        String at = who + at(parts, first, inside.get(first));
        switch (pools.state(pool)) {
            case ENDING -> {
                return Finding.only(new Culprit(
                        Kind.ENDING,
                        at + "; the executor has been shut down, and ends when it has done the tasks that it has",
                        "nothing if they end soon; else let them end when the bundle stops"));
            }
            case STOPPED -> {
                return Finding.only(culprit(
                        at + "; the executor has been stopped, and this goes on", "have tasks end at an interrupt"));
            }
            default -> {
                // Left running.
            }
        }
        return Finding.of(culprit(at, "shut the executor down when the bundle stops"), () -> {
            // Shut down in order meanwhile: what waits in it is to be done.
            if (pools.state(pool) != Pools.State.OPEN) {
                return "found shut down the executor of " + Wording.thread(first);
            }
            pools.shutDown(pool);
            return "shut down the executor of " + Wording.thread(first) + ", which the middleware has left running";
        });
    }

    /** Whose executor it is nobody can tell, and others may rely on it: it stays as it is. */
    private static Finding rejecting(Thread thread, Object handler) {
        return Finding.only(culprit(
                "the executor of " + Wording.thread(thread) + " has the bundle's handler of rejected tasks ("
                        + Wording.type(handler) + ')',
                "shut the executor down when the bundle stops if it is yours, else set back the handler that it had"));
    }

    private static Finding handler(Suspect suspect, ThreadParts parts, Thread thread) {
        String handler = Wording.type(parts.handler(thread));
        return Finding.of(
                culprit(
                        Wording.thread(thread) + " isn't the bundle's, and has its handler of uncaught exceptions ("
                                + handler + ')',
                        "set no handler on threads of others"),
                () -> {
                    if (suspect.owns(parts.handler(thread))) {
                        thread.setUncaughtExceptionHandler(null);
                    }
                    return "took the handler of uncaught exceptions " + handler + " from " + Wording.thread(thread)
                            + ", on which the middleware has left it";
                });
    }

    /** Their absence from the finding's list is told: the findings among platform threads come along. */
    private static void virtual(Suspect suspect, ThreadParts parts, Opened opened, List<Finding> found)
            throws UnseenException {
        try {
            VirtualThreads virtual = new VirtualThreads(new Opened("virtual threads"));
            boolean[] isManaged = new boolean[1];
            Walk walk = new Walk(suspect, any -> {
                isManaged[0] |= any instanceof ManagedTask;
                return false;
            });
            for (Thread thread : virtual.all()) {
                isManaged[0] = false;
                Walk.Tie tie = walk.from(virtual.target(thread));
                if (tie != Walk.Tie.NONE && thread.isAlive()) {
                    StackTraceElement frame = virtual.inside(suspect, thread);
                    found.add(
                            isManaged[0]
                                    ? managed("virtual " + Wording.thread(thread), at(parts, thread, frame))
                                    : virtual(parts, thread, frame, tie));
                }
            }
        } catch (UnseenException e) {
            throw new UnseenException(e.getMessage(), found);
        } catch (ReflectiveOperationException e) {
            throw new UnseenException(
                    opened.what() + ": this JVM doesn't list its virtual threads (" + e
                            + "); take a thread dump with jcmd",
                    found);
        }
    }

    private static Finding virtual(ThreadParts parts, Thread thread, StackTraceElement frame, Walk.Tie tie) {
        String who = "virtual " + Wording.thread(thread) + " #" + thread.getId();
        Culprit culprit = culprit(who + at(parts, thread, frame), REMEDY);
        if (tie == Walk.Tie.SHARED) {
            return Finding.only(culprit);
        }
        return Finding.of(culprit, () -> {
            thread.interrupt();
            return "interrupted " + who + ", which the middleware has left running";
        });
    }
}
