package dev.sluice.unload.culprit.registry;

/**
 * What the JDK remembers of classes that were serialized. It does so softly, but the soft reference itself has the class too: once
 * cleared it waits in a queue, which holds it, until somebody serializes again, and that may be never. It is nobody's fault, and
 * nobody who is there loses anything: so it isn't found, but emptied, whatever is cleaned up else.
 *
 * <p>Any thread may empty the queues at any time: the JDK does so before each look into its cache.
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
        // 17 had maps with weak keys there before its updates.
        if (type != null && type.getName().equals(CACHE)) {
            look.call(type, "processQueue", cache);
        }
    }
}
