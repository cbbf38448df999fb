package dev.sluice.sample.requestid;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;

/** One request and its response, as far as this middleware looks at them. */
final class Exchange {

    final Map<String, Object> attributes = new HashMap<>();
    final Map<String, String> responseHeaders = new HashMap<>();
    final HttpServletRequest request;
    final HttpServletResponse response;

    Exchange(Map<String, String> requestHeaders) {
        request = fake(HttpServletRequest.class, (proxy, method, args) -> switch (method.getName()) {
            case "getHeader" -> requestHeaders.get(args[0]);
            case "getAttribute" -> attributes.get(args[0]);
            case "setAttribute" -> attributes.put((String) args[0], args[1]);
            default -> throw new UnsupportedOperationException(method.getName());
        });
        response = fake(HttpServletResponse.class, (proxy, method, args) -> switch (method.getName()) {
            case "setHeader" -> responseHeaders.put((String) args[0], (String) args[1]);
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    private static <T> T fake(Class<T> type, InvocationHandler behaviour) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            Object result = behaviour.invoke(proxy, method, args);
            return method.getReturnType() == void.class ? null : result;
        }));
    }
}
