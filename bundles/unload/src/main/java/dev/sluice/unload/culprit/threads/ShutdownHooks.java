package dev.sluice.unload.culprit.threads;

import dev.sluice.unload.Culprit;
import dev.sluice.unload.Culprit.Kind;
import dev.sluice.unload.culprit.Finding;
import dev.sluice.unload.culprit.Opened;
import dev.sluice.unload.culprit.Search;
import dev.sluice.unload.culprit.Suspect;
import dev.sluice.unload.culprit.UnseenException;
import dev.sluice.unload.culprit.Wording;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Shutdown hooks. A hook is a thread that hasn't started, so no list of live threads has it. It holds its class, its target, and what
 * it took from the thread that made it: the context class loader and, on JDKs before 24, the access control context. A hook of
 * others has its work still to do: it stays, and is only freed of the bundle.
 */
public final class ShutdownHooks implements Search {

    private static final String REMEDY =
            "call Runtime.removeShutdownHook when you stop, or have no hook: a component's deactivation does it";

    /** Made for the list of searches. */
    public ShutdownHooks() {}

    @Override
    public String name() {
        return "hooks";
    }

    @Override
    public List<Finding> search(Suspect suspect) throws UnseenException {
        Opened opened = new Opened("shutdown hooks");
        ThreadParts parts = new ThreadParts(opened);
        InheritedContext inherited = new InheritedContext(opened);
        List<Finding> found = new ArrayList<>();
        for (Thread hook : hooks(opened)) {
            Object target = parts.target(hook);
            if (parts.isOf(suspect, hook)) {
                found.add(own(hook, suspect.owns(hook) ? hook : target));
                continue;
            }
            String name = "shutdown hook " + Wording.type(target == null ? hook : target) + " of others";
            if (parts.contextClassLoader(hook) == suspect.loader()) {
                found.add(context(suspect, parts, hook, name));
            }
            if (inherited.isOf(suspect, hook)) {
                found.add(made(suspect, inherited, hook, name));
            }
        }
        return found;
    }

    private static List<Thread> hooks(Opened opened) throws UnseenException {
        Class<?> registry = opened.type("java.lang.ApplicationShutdownHooks");
        Field hooks = opened.field(registry, "hooks");
        // The lock under which it is changed
        synchronized (registry) {
            // Null once the JVM shuts down
            return Opened.get(hooks, null) instanceof Map<?, ?> map
                    ? map.keySet().stream().map(Thread.class::cast).toList()
                    : List.of();
        }
    }

    private static Finding own(Thread hook, Object part) {
        String what = "shutdown hook " + Wording.type(part);
        return Finding.of(new Culprit(Kind.SHUTDOWN_HOOK, what, REMEDY), () -> {
            boolean done = Runtime.getRuntime().removeShutdownHook(hook);
            return (done ? "removed " : "found removed ") + what + ", which was left registered";
        });
    }

    private static Finding context(Suspect suspect, ThreadParts parts, Thread hook, String name) {
        Culprit culprit = new Culprit(
                Kind.SHUTDOWN_HOOK,
                name + " has the bundle's context class loader",
                "set the thread's context class loader back before you call what adds a hook");
        return Finding.of(culprit, () -> {
            boolean done = parts.replaceContextClassLoader(hook, suspect.loader(), ClassLoader.getSystemClassLoader());
            return (done ? "gave " + name + " the system's" : "found " + name + " with another")
                    + " context class loader, as it had the bundle's";
        });
    }

    private static Finding made(Suspect suspect, InheritedContext inherited, Thread hook, String name) {
        Culprit culprit = new Culprit(
                Kind.SHUTDOWN_HOOK,
                name + " was made in a call of the bundle's, and keeps that in its inherited access control context",
                "call what adds the hook once, before the bundle is on the stack; JDK 24 and later keep no such thing");
        return Finding.of(culprit, () -> {
            boolean done = inherited.forget(suspect, hook);
            return (done ? "took the middleware from" : "found no way to take the middleware from")
                    + " the inherited access control context of " + name + ", which it has made";
        });
    }
}
