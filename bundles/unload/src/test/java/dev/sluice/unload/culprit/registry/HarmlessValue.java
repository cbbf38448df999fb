package dev.sluice.unload.culprit.registry;

/** A {@link ClassValue} and a hook that aren't the fixture's. */
public final class HarmlessValue {

    /** Has the class itself as its value. */
    public static final ClassValue<Object> VALUE = new ClassValue<>() {
        @Override
        protected Object computeValue(Class<?> type) {
            return type;
        }
    };

    private HarmlessValue() {}

    /** {@return a hook of others, without the access control context of the fixture, which a thread has on 17} */
    @SuppressWarnings("removal")
    public static Thread hook() {
        return java.security.AccessController.doPrivileged(
                (java.security.PrivilegedAction<Thread>) () -> new Thread((Runnable) null));
    }
}
