package dev.sluice.unload;

/**
 * Something outside of a bundle that holds, or held, its class loader. Has texts alone: it keeps nothing of the bundle.
 *
 * @param kind what sort of thing it is
 * @param what the thing itself by name, as {@code thread "poller" (acme.Poller) is running}
 * @param remedy what the author of the middleware has to do about it
 */
public record Culprit(Kind kind, String what, String remedy) {

    /** {@return the remedy as a sentence, for texts that put it after others} */
    public String advice() {
        String sentence = remedy.isEmpty() ? "" : Character.toUpperCase(remedy.charAt(0)) + remedy.substring(1);
        return sentence.endsWith(".") ? sentence : sentence + ".";
    }

    /** Sorts of things that hold class loaders. */
    public enum Kind {
        /** Requests that are still in it, past the time that was granted to them. It goes when they are over. */
        REQUEST,
        /** A live thread of the bundle: by its class, its target, or its stack. */
        THREAD,
        /** Threads of an executor of the bundle's that was shut down in order, and does the tasks that it has. Then it goes. */
        ENDING,
        /** A thread of others whose context class loader is the bundle's. */
        CONTEXT_CLASS_LOADER,
        /** A value of the bundle's in a thread-local of a thread that lives on. */
        THREAD_LOCAL,
        /** A {@link java.util.Timer} with tasks of the bundle. */
        TIMER,
        /** A task of the bundle that waits in an executor of others. */
        PENDING_TASK,
        /** A JMX MBean. */
        MBEAN,
        /** A driver registered with {@link java.sql.DriverManager}. */
        JDBC_DRIVER,
        /** A shutdown hook of the JVM. */
        SHUTDOWN_HOOK,
        /** A handler, filter or formatter of {@code java.util.logging}. */
        LOG_HANDLER,
        /** A provider registered with {@link java.security.Security}. */
        SECURITY_PROVIDER,
        /** A factory or handler of {@link java.net.URL}, or a default of the JVM's network classes. */
        URL_HANDLER,
        /** A value that a {@link ClassValue} computed for a class of others. */
        CLASS_VALUE,
        /** A cache of the JDK's: resource bundles, bean information. Told only where it isn't cleared: it is nobody's fault. */
        CACHE,
        /** A default of the JVM's that the bundle has set, as the handler of uncaught exceptions. */
        JVM_DEFAULT,
        /** A service, a listener or a tracker that the framework, or another bundle, still has of the bundle. */
        FRAMEWORK,
        /** Anything else, as a static of another bundle: what a path of references in a heap dump starts from. */
        REFERENCE
    }
}
