package dev.sluice.heap.leaks;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.sluice.unload.witness.Watched;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.ref.SoftReference;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/** Leaks a class loader in one way, and dumps its heap: a program of its own, for the JDK that is to be looked at. */
public final class Leaks {

    private static final class Loader extends ClassLoader {

        Loader() {
            super(Leaks.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(Leaky.class.getName())) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? define(name) : loaded;
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream bytes = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] all = bytes.readAllBytes();
                return defineClass(name, all, 0, all.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    private Leaks() {}

    public static void main(String[] arguments) throws Exception {
        leak(arguments[0]);
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(arguments[1], true);
        // Threads that leak would keep the process.
        Runtime.getRuntime().halt(0);
    }

    /** Nothing of it may be on this thread's stack afterwards. */
    private static void leak(String way) throws Exception {
        Loader loader = new Loader();
        CountDownLatch parked = new CountDownLatch(1);
        Runnable leaky = (Runnable) loader.loadClass(Leaky.class.getName())
                .getConstructor(CountDownLatch.class)
                .newInstance(parked);
        Registry.KEPT.add(new Watched(loader, 7));
        switch (way) {
            case "static" -> Registry.LISTENERS.add(leaky);
            case "map" -> Registry.BY_NAME.put("leaky", leaky);
            case "inner" ->
                Registry.LISTENERS.add(leaky.getClass().getMethod("inner").invoke(leaky));
            case "array" -> Registry.KEPT.add(java.lang.reflect.Array.newInstance(leaky.getClass(), 0));
            case "class" -> Registry.KEPT.add(leaky.getClass());
            case "soft" -> Registry.KEPT.add(new SoftReference<>(leaky));
            case "class value" -> Registry.COMPUTED.get(String.class)[0] = leaky;
            case "local" -> standing("pooled-1", () -> Registry.LOCAL.set(leaky));
            case "context" -> standing("pooled-1", () -> Thread.currentThread().setContextClassLoader(loader));
            case "stack" -> start(new Thread(leaky, "poller"), parked);
            case "virtual" -> virtual(leaky, parked);
            case "two" -> {
                Registry.LISTENERS.add(leaky);
                standing("pooled-1", () -> Registry.LOCAL.set(leaky));
            }
            case "nothing" -> {}
            default -> throw new IllegalArgumentException(way);
        }
    }

    private static void standing(String name, Runnable before) throws InterruptedException {
        Runnable[] once = {before};
        CountDownLatch done = new CountDownLatch(1);
        Thread thread = new Thread(() -> stand(once, done), name);
        thread.setContextClassLoader(null);
        thread.start();
        done.await();
    }

    private static void stand(Runnable[] once, CountDownLatch done) {
        once[0].run();
        once[0] = null;
        done.countDown();
        while (once[0] == null) {
            LockSupport.park();
        }
    }

    private static void start(Thread thread, CountDownLatch parked) throws InterruptedException {
        thread.start();
        parked.await();
    }

    private static void virtual(Runnable leaky, CountDownLatch parked) throws Exception {
        Thread thread = (Thread)
                Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, leaky);
        parked.await();
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
    }
}
