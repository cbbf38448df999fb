package dev.sluice.admin;

import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.function.Function;

/** An interface of which only a few methods are ever called. */
public final class Fake {

    private Fake() {}

    /** {@return an instance that answers the named methods, and fails the test at any other} */
    public static <T> T of(Class<T> type, Map<String, Function<Object[], Object>> methods) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    Function<Object[], Object> answer = methods.get(method.getName());
                    if (answer == null) {
                        throw new AssertionError("Not expected: " + method);
                    }
                    return answer.apply(arguments);
                }));
    }
}
