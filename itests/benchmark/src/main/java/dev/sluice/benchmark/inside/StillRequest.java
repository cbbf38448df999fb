package dev.sluice.benchmark.inside;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.lang.reflect.Proxy;

/** A request of which nothing but what the chain looks at is there. For one thread. */
final class StillRequest extends HttpServletRequestWrapper {

    private static final HttpServletRequest NOTHING = (HttpServletRequest) Proxy.newProxyInstance(
            StillRequest.class.getClassLoader(),
            new Class<?>[] {HttpServletRequest.class},
            (proxy, method, arguments) -> {
                throw new UnsupportedOperationException(
                        method + ": the benchmark's request lacks what the chain asks for");
            });

    private final String path;
    private String attribute;
    private Object value;

    StillRequest(String path) {
        super(NOTHING);
        this.path = path;
    }

    @Override
    public String getMethod() {
        return "GET";
    }

    @Override
    public String getServletPath() {
        return "";
    }

    @Override
    public String getPathInfo() {
        return path;
    }

    @Override
    public DispatcherType getDispatcherType() {
        return DispatcherType.REQUEST;
    }

    @Override
    public boolean isAsyncStarted() {
        return false;
    }

    /** One attribute is all that is set on the way. Only once: what a container takes for it is no cost of the chain. */
    @Override
    public void setAttribute(String name, Object value) {
        if (this.value != value) {
            this.attribute = name;
            this.value = value;
        }
    }

    @Override
    public Object getAttribute(String name) {
        return name.equals(attribute) ? value : null;
    }

    /** By nothing that a rule would go by: a number decides. */
    @Override
    public String getHeader(String name) {
        return null;
    }
}
