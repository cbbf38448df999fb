package dev.sluice.unload.culprit.registry;

import dev.sluice.unload.Culprit.Kind;
import dev.sluice.unload.culprit.Finding;
import dev.sluice.unload.culprit.Search;
import dev.sluice.unload.culprit.Suspect;
import dev.sluice.unload.culprit.UnseenException;
import java.util.List;
import java.util.Map;

/**
 * Shutdown hooks. A hook is a thread that hasn't started, so no list of live threads has it. It holds its class, its target, and the
 * context class loader that it took from the thread that made it.
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
        Look look = new Look(name(), suspect);
        try {
            Class<?> registry = Look.type("java.lang.ApplicationShutdownHooks");
            Thread[] hooks = new Thread[0];
            // The lock under which it is changed
            synchronized (registry) {
                // Null once the JVM shuts down
                if (look.get(registry, "hooks", null) instanceof Map<?, ?> map) {
                    hooks = map.keySet().toArray(hooks);
                }
            }
            for (Thread hook : hooks) {
                hook(look, hook);
            }
        } catch (ReflectiveOperationException e) {
            look.unseen(name() + ": " + e);
        }
        return look.end();
    }

    private static void hook(Look look, Thread hook) {
        Object target = target(look, hook);
        if (look.owns((Object) hook) || look.owns(target)) {
            String type = (look.owns((Object) hook) ? hook : target).getClass().getName();
            look.found(Kind.SHUTDOWN_HOOK, "shutdown hook " + type, REMEDY, () -> {
                Runtime.getRuntime().removeShutdownHook(hook);
                return "removed shutdown hook " + type + ", which was left registered";
            });
        } else if (look.get(Thread.class, "contextClassLoader", hook) == look.loader()) {
            // Another's hook, which still has its work to do.
            String type = (target == null ? hook : target).getClass().getName();
            look.found(
                    Kind.SHUTDOWN_HOOK,
                    "shutdown hook " + type + " of others has the bundle's context class loader",
                    "set the thread's context class loader back before you call what adds a hook",
                    () -> {
                        hook.setContextClassLoader(ClassLoader.getSystemClassLoader());
                        return "gave shutdown hook " + type
                                + " the system's context class loader, as it had the bundle's";
                    });
        }
    }

    /** {@return what the thread runs: a field of its own until 17, then one of its holder} */
    private static Object target(Look look, Thread hook) {
        for (java.lang.reflect.Field field : Thread.class.getDeclaredFields()) {
            if (field.getName().equals("holder")) {
                Object holder = look.get(Thread.class, "holder", hook);
                return holder == null ? null : look.get(holder.getClass(), "task", holder);
            }
        }
        return look.get(Thread.class, "target", hook);
    }
}
