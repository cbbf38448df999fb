package dev.sluice.heap.leaks;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A class that stays, and what others leave in it. */
final class Registry {

    static final List<Object> LISTENERS = new ArrayList<>();
    static final Map<String, Object> BY_NAME = new HashMap<>();
    static final ThreadLocal<Object> LOCAL = new ThreadLocal<>();
    static final ClassValue<Object[]> COMPUTED = new ClassValue<>() {
        @Override
        protected Object[] computeValue(Class<?> type) {
            return new Object[1];
        }
    };
    static final List<Object> KEPT = new ArrayList<>();

    private Registry() {}
}
