package dev.sluice.unload.culprit.registry;

/** A {@link ClassValue} that isn't the fixture's. */
public final class HarmlessValue {

    /** Has the class itself as its value. */
    public static final ClassValue<Object> VALUE = new ClassValue<>() {
        @Override
        protected Object computeValue(Class<?> type) {
            return type;
        }
    };

    private HarmlessValue() {}
}
