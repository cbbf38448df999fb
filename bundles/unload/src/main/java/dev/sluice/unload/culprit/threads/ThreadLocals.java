package dev.sluice.unload.culprit.threads;

import dev.sluice.unload.culprit.Opened;
import dev.sluice.unload.culprit.Referents;
import dev.sluice.unload.culprit.Suspect;
import dev.sluice.unload.culprit.UnseenException;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.lang.ref.SoftReference;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The thread-locals of threads, looked at, and emptied, from outside.
 *
 * <p>A thread's map is its own: it is changed without locks, and {@code ThreadLocalMap.remove} or {@code expungeStaleEntries} from
 * another thread, which is what Tomcat offers, may lose entries of others, or have the owner go round for ever in a table without a
 * free place. So the map's table is never touched here. Two things can be done to a single entry at any time:
 *
 * <ul>
 *   <li>its value can be replaced by null, if it is still the one that was found, in one atomic step: an entry whose value is null
 *       is what {@code get} makes of a thread-local without an initial value, so the owner can't tell it from one that was removed.
 *       A value that the owner sets meanwhile is never lost: it is another one, and stays;
 *   <li>its key can be cleared, as a collection does at any time with a key that nobody has: the owner takes the entry for stale,
 *       and drops it. A value that the owner sets at that moment may be lost with it, so this is for the bundle's own keys alone:
 *       the bundle has gone. For them null won't do, as they may have an initial value.
 * </ul>
 *
 * <p>What is left is a thread-local of others that has an initial value: null would be a value that its owner has never seen. That
 * one is only named.
 */
final class ThreadLocals {

    private final List<Field> maps;
    private final Field table;
    private final VarHandle value;
    private final Class<?> supplied;
    private final Field supplier;

    /** Null if nobody can see them. */
    private final Referents referents;

    private final Optional<String> unseen;

    /**
     * @param opened the JDK's private parts
     * @throws UnseenException if thread-locals can't be looked at
     */
    ThreadLocals(Opened opened) throws UnseenException {
        this.maps = List.of(
                opened.field(Thread.class, "threadLocals"), opened.field(Thread.class, "inheritableThreadLocals"));
        this.table = opened.field(opened.type("java.lang.ThreadLocal$ThreadLocalMap"), "table");
        this.value = opened.handle(opened.type("java.lang.ThreadLocal$ThreadLocalMap$Entry"), "value");
        this.supplied = opened.type("java.lang.ThreadLocal$SuppliedThreadLocal");
        this.supplier = opened.field(supplied, "supplier");
        Referents found = null;
        String why = null;
        try {
            found = new Referents(opened);
        } catch (UnseenException e) {
            // What holds strongly can be looked at all the same.
            why = e.getMessage();
        }
        this.referents = found;
        this.unseen = Optional.ofNullable(why);
    }

    /** {@return what a value refers to softly, if it is a reference of the JDK's own class; null if not, or nobody can see it} */
    Object softly(Local local) {
        return referents == null || local.value().getClass() != SoftReference.class
                ? null
                : referents.of(local.value());
    }

    /** {@return why soft references can't be looked at; empty if they can} */
    Optional<String> unseen() {
        return unseen;
    }

    /**
     * One thread-local of one thread.
     *
     * @param entry where it is
     * @param key the thread-local; null if it has been collected, and its value hasn't been dropped yet
     * @param value its value
     */
    record Local(Reference<?> entry, Object key, Object value) {}

    /** {@return the thread-locals of a thread that have a value, as far as they can be seen while the thread goes on} */
    List<Local> of(Thread thread) {
        List<Local> locals = new ArrayList<>();
        for (Field map : maps) {
            Object held = Opened.get(map, thread);
            Object[] entries = held == null ? null : (Object[]) Opened.get(table, held);
            for (int i = 0; entries != null && i < entries.length; i++) {
                if (entries[i] instanceof Reference<?> entry) {
                    Object had = value.getVolatile(entry);
                    if (had != null) {
                        locals.add(new Local(entry, entry.get(), had));
                    }
                }
            }
        }
        return locals;
    }

    /** {@return whether a value with such a tie to the bundle can be dropped without its thread being disturbed} */
    boolean isSafeToDrop(Suspect suspect, Object key, Walk.Tie tie) {
        return key == null || isOf(suspect, key) || tie == Walk.Tie.OWN && !hasInitialValue(key);
    }

    /** Drops a value, if it is still the one that was found. */
    void drop(Suspect suspect, Local local) {
        if (local.key() != null && isOf(suspect, local.key())) {
            local.entry().clear();
        }
        value.compareAndSet(local.entry(), local.value(), null);
    }

    private boolean isOf(Suspect suspect, Object key) {
        return suspect.owns(key) || supplied.isInstance(key) && suspect.owns(Opened.get(supplier, key));
    }

    private static boolean hasInitialValue(Object key) {
        for (Class<?> type = key.getClass(); type != ThreadLocal.class; type = type.getSuperclass()) {
            try {
                type.getDeclaredMethod("initialValue");
                return true;
            } catch (NoSuchMethodException e) {
                continue;
            } catch (LinkageError e) {
                return true;
            }
        }
        return false;
    }
}
