package dev.sluice.unload.culprit.threads;

import java.util.Arrays;
import java.util.List;

/** All live platform threads. */
final class PlatformThreads {

    private PlatformThreads() {}

    /**
     * Lists them from the thread groups: without their stacks, and so without a stop of all threads. {@code activeCount} isn't asked,
     * as a group of the bundle's may have one of its own.
     *
     * @return the threads
     */
    static List<Thread> all() {
        ThreadGroup root = Thread.currentThread().getThreadGroup();
        while (root.getParent() != null) {
            root = root.getParent();
        }
        Thread[] room = new Thread[256];
        int count = root.enumerate(room, true);
        while (count == room.length) {
            room = new Thread[2 * room.length];
            count = root.enumerate(room, true);
        }
        return List.copyOf(Arrays.asList(room).subList(0, count));
    }
}
