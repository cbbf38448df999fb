package dev.sluice.unload.culprit.registry;

/**
 * What the JDK remembers of classes that were serialized. It does so softly, but from JDK 19 on a soft reference of these keeps its
 * class strongly: once cleared it waits in a queue, with the class, until somebody serializes again, which may be never. That is
 * nobody's fault, and takes nothing from anybody who is there: so it isn't found, but emptied, whatever is cleaned up else.
 *
 * <p>Any thread may empty the queue at any time: the JDK does so before each look into the cache.
 */
final class SerialCaches {

    private static final String CACHE = "java.io.ClassCache";

    private SerialCaches() {}

    /** Empties the queues. */
    static void empty(Look look) {
        Class<?> caches = look.type("java.io.ObjectStreamClass$Caches");
        if (caches != null) {
            empty(look, look.get(caches, "localDescs", null));
            empty(look, look.get(caches, "reflectors", null));
        }
    }

    private static void empty(Look look, Object cache) {
        Class<?> type = cache == null ? null : cache.getClass().getSuperclass();
        // Earlier JDKs have maps with weak keys there.
        if (type != null && type.getName().equals(CACHE)) {
            look.call(type, "processQueue", cache);
        }
    }
}
