package dev.sluice.unload.culprit.registry;

import dev.sluice.unload.testing.NoDriver;
import java.lang.reflect.Field;
import java.security.NoSuchAlgorithmException;
import java.sql.Driver;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import javax.management.NotificationListener;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;

/** What isn't the fixture's: things of others', by which it leaves its own. */
public final class HarmlessValue {

    /** Has the class itself as its value. */
    public static final ClassValue<Object> VALUE = new ClassValue<>() {
        @Override
        protected Object computeValue(Class<?> type) {
            return type;
        }
    };

    /** A driver. */
    public static final Driver DRIVER = new NoDriver();

    /** A listener. */
    public static final NotificationListener LISTENER = (notification, handback) -> {};

    private HarmlessValue() {}

    /** {@return a hook of others, without the access control context of the fixture, which a thread has on 17} */
    @SuppressWarnings("removal")
    public static Thread hook() {
        return java.security.AccessController.doPrivileged(
                (java.security.PrivilegedAction<Thread>) () -> new Thread((Runnable) null));
    }

    /** {@return the JVM's context for TLS} */
    public static SSLContext tls() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@return a context of others} */
    public static SSLContext tls(SSLContextSpi implementation) {
        return new SSLContext(implementation, null, "others") {};
    }

    /** {@return the handlers that a class of java.net has cached} */
    @SuppressWarnings("unchecked")
    public static Map<String, Object> table(Class<?> owner) throws ReflectiveOperationException {
        return (Map<String, Object>) field(owner, "handlers").get(null);
    }

    /** {@return the factory that there was} */
    public static Object factory(Class<?> owner, Object factory) throws ReflectiveOperationException {
        Field field = field(owner, "factory");
        Object old = field.get(null);
        field.set(null, factory);
        return old;
    }

    /** Has the JDK forget the methods that it has found for its statements. */
    public static void forgetMethods() throws ReflectiveOperationException {
        Object cache = field(Class.forName("com.sun.beans.finder.MethodFinder"), "CACHE")
                .get(null);
        var clear = Class.forName("com.sun.beans.util.Cache").getMethod("clear");
        clear.setAccessible(true);
        clear.invoke(cache);
    }

    /** Calls something on a thread of a group that stays, and has nothing of who made it. */
    @SuppressWarnings("removal")
    public static void inAnotherGroup(Callable<Object> call) throws Exception {
        FutureTask<Object> task = new FutureTask<>(call);
        java.security.AccessController.doPrivileged((java.security.PrivilegedAction<Thread>) () -> {
                    Thread thread = new Thread(GROUP, task);
                    thread.setContextClassLoader(null);
                    thread.start();
                    return thread;
                })
                .join();
        task.get();
    }

    private static final ThreadGroup GROUP = new ThreadGroup("others");

    private static Field field(Class<?> owner, String name) throws ReflectiveOperationException {
        Field field = owner.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }
}
