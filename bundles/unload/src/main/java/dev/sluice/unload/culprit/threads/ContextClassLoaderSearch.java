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
import java.util.List;
import java.util.Map;

/**
 * Finds threads of others that keep a bundle's class loader as their context class loader, or among what they inherited from who
 * made them. A thread that is inside of the bundle at the moment is named and left alone: the bundle's code may need both.
 *
 * <p>The context class loader becomes that of the code which the thread was made to run, as Jetty has it for its own threads; where
 * that code is the JDK's, the application's, as a thread has it that the JVM starts. It is replaced in one step and only if it is
 * still the bundle's, so never one that a request has set meanwhile.
 */
public final class ContextClassLoaderSearch implements Search {

    @Override
    public String name() {
        return "context.class.loaders";
    }

    @Override
    public List<Finding> search(Suspect suspect) throws UnseenException {
        Opened opened = new Opened("context class loaders");
        ThreadParts parts = new ThreadParts(opened);
        Pools pools = new Pools(opened);
        InheritedContext inherited = new InheritedContext(opened);
        List<Thread> held = PlatformThreads.all().stream()
                .filter(thread ->
                        parts.contextClassLoader(thread) == suspect.loader() || inherited.isOf(suspect, thread))
                .filter(thread -> !parts.isOf(suspect, thread) && !(parts.target(thread) instanceof ManagedTask))
                .filter(thread -> !pools.isOf(suspect, pools.of(thread, parts.target(thread))))
                .filter(Thread::isAlive)
                .toList();
        Map<Thread, StackTraceElement> inside = new Stacks(opened).inside(suspect, held);
        List<Finding> found = new ArrayList<>();
        for (Thread thread : held) {
            boolean free = !inside.containsKey(thread);
            if (parts.contextClassLoader(thread) == suspect.loader()) {
                found.add(context(suspect, parts, thread, free));
            }
            if (inherited.isOf(suspect, thread)) {
                found.add(made(suspect, inherited, thread, free));
            }
        }
        return found;
    }

    private static Finding context(Suspect suspect, ThreadParts parts, Thread thread, boolean free) {
        Culprit culprit = new Culprit(
                Kind.CONTEXT_CLASS_LOADER,
                Wording.thread(thread) + " isn't the bundle's, and has its class loader as context class loader",
                "set the context class loader back in a finally block, and have none set while others make threads");
        return free ? Finding.of(culprit, () -> reset(suspect, parts, thread)) : Finding.only(culprit);
    }

    private static String reset(Suspect suspect, ThreadParts parts, Thread thread) {
        Object target = parts.target(thread);
        ClassLoader code = (target == null ? thread : target).getClass().getClassLoader();
        ClassLoader other = code == null || code == ClassLoader.getPlatformClassLoader()
                ? ClassLoader.getSystemClassLoader()
                : code;
        boolean done = parts.replaceContextClassLoader(thread, suspect.loader(), other);
        return (done ? "reset the context class loader of " : "found reset the context class loader of ")
                + Wording.thread(thread) + ", on which the middleware has left its own";
    }

    private static Finding made(Suspect suspect, InheritedContext inherited, Thread thread, boolean free) {
        Culprit culprit = new Culprit(
                Kind.CONTEXT_CLASS_LOADER,
                Wording.thread(thread)
                        + " was made in a call of the bundle's, and keeps that in its inherited access control context",
                "end the thread when the bundle stops; if it is of a pool of others, nothing: JDK 24 and later keep no such thing");
        return free
                ? Finding.of(culprit, () -> {
                    boolean done = inherited.forget(suspect, thread);
                    return (done ? "took the middleware from" : "found no way to take the middleware from")
                            + " the inherited access control context of " + Wording.thread(thread)
                            + ", which it has made";
                })
                : Finding.only(culprit);
    }
}
