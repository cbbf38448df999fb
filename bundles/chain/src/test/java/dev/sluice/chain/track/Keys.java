package dev.sluice.chain.track;

import java.lang.reflect.Proxy;
import java.util.Map;

/** A configuration as SCR would hand it in: what is set, and defaults for the rest. */
final class Keys {

    private Keys() {}

    static <A> A of(Class<A> type, Map<String, String> set) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, called, arguments) -> set.getOrDefault(
                        called.getName().replace('_', '.'), String.valueOf(called.getDefaultValue()))));
    }
}
