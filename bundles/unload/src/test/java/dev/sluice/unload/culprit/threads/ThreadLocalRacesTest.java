package dev.sluice.unload.culprit.threads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.unload.culprit.Opened;
import dev.sluice.unload.culprit.Suspect;
import java.lang.ref.Reference;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Drops values while the threads that have them set, get, remove, and make and lose thread-locals by the dozen. */
class ThreadLocalRacesTest {

    private static final ThreadLocal<Object> THEIRS = new ThreadLocal<>();
    private static final ThreadLocal<List<Object>> THEIR_LISTS = ThreadLocal.withInitial(ArrayList::new);

    private static final int DROPS = 500;

    private final Fixture bundle = new Fixture();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong rounds = new AtomicLong();

    @Test
    void noThreadLosesAValueOfItsOwnOrFindsItsMapBroken() throws Exception {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        ExecutorService pool = Executors.newFixedThreadPool(2, task -> {
            Thread thread = new Thread(task);
            threads.add(thread);
            return thread;
        });
        List<Future<?>> owners = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            owners.add(pool.submit(this::own));
        }
        long dropped = 0;
        Suspect suspect = new Suspect(bundle.loader(), "acme 1.0.0");
        ThreadLocals locals = new ThreadLocals(new Opened("thread-locals"));
        Walk walk = new Walk(suspect, any -> false);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (dropped < DROPS && System.nanoTime() - end < 0 && owners.stream().noneMatch(Future::isDone)) {
            for (Thread thread : threads) {
                for (ThreadLocals.Local local : locals.of(thread)) {
                    Walk.Tie tie = walk.from(local.value());
                    if (tie != Walk.Tie.NONE && locals.isSafeToDrop(suspect, local.key(), tie)) {
                        locals.drop(suspect, local);
                        dropped++;
                    }
                }
            }
        }
        over.set(true);
        for (Future<?> owner : owners) {
            owner.get(20, TimeUnit.SECONDS);
        }
        assertThat(dropped).as("dropped in " + rounds + " rounds").isGreaterThanOrEqualTo(DROPS);
        pool.shutdown();
    }

    private Object own() {
        long round = 0;
        List<ThreadLocal<Object>> many = new ArrayList<>();
        while (!over.get()) {
            Object mine = new Object();
            Object its = bundle.call("hostile", null);
            for (int i = 0; i < 1000; i++) {
                THEIRS.set(its);
                THEIRS.set(mine);
                check(THEIRS.get() == mine, "lost its own value");
            }
            bundle.call("plain", null);
            bundle.call("supplied", null);
            THEIRS.set(mine);
            List<Object> list = THEIR_LISTS.get();
            list.clear();
            list.add(mine);
            for (int i = 0; i < 40; i++) {
                ThreadLocal<Object> one = new ThreadLocal<>();
                one.set(mine);
                many.add(one);
            }
            bundle.call("supplied", null);
            check(THEIRS.get() == mine, "lost its own value");
            check(THEIR_LISTS.get() == list && list.get(0) == mine, "lost its own list");
            for (int i = 0; i < many.size(); i++) {
                check(many.get(i).get() == mine || i < many.size() - 40, "lost one of many");
                if (i % 3 != 0) {
                    many.get(i).remove();
                }
            }
            many.clear();
            bundle.call(round % 2 == 0 ? "removed" : "text", null);
            if (++round % 50 == 0) {
                checkMap();
            }
        }
        checkMap();
        return rounds.addAndGet(round);
    }

    /** The table has as many entries as its owner counted, a free place, and each entry where a look-up comes by. */
    private static void checkMap() {
        try {
            Object map = opened(Thread.class, "threadLocals").get(Thread.currentThread());
            Object table = opened(map.getClass(), "table").get(map);
            int length = Array.getLength(table);
            int entries = 0;
            for (int i = 0; i < length; i++) {
                if (Array.get(table, i) instanceof Reference<?> entry) {
                    entries++;
                    Object key = entry.get();
                    if (key != null) {
                        int at = (int) opened(ThreadLocal.class, "threadLocalHashCode")
                                        .get(key)
                                & (length - 1);
                        for (; at != i; at = (at + 1) % length) {
                            check(Array.get(table, at) != null, "an entry can't be found");
                        }
                    }
                }
            }
            check(entries == (int) opened(map.getClass(), "size").get(map), "the count is wrong");
            check(entries < length, "no free place");
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static Field opened(Class<?> type, String name) throws NoSuchFieldException {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    private static void check(boolean right, String wrong) {
        if (!right) {
            throw new AssertionError(wrong);
        }
    }
}
