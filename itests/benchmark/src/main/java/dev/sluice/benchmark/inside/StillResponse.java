package dev.sluice.benchmark.inside;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.lang.reflect.Proxy;

/** A response that nobody writes. For one thread. */
final class StillResponse extends HttpServletResponseWrapper {

    private static final HttpServletResponse NOTHING = (HttpServletResponse) Proxy.newProxyInstance(
            StillResponse.class.getClassLoader(),
            new Class<?>[] {HttpServletResponse.class},
            (proxy, method, arguments) -> {
                throw new UnsupportedOperationException(
                        method + ": the benchmark's response lacks what the chain asks for");
            });

    StillResponse() {
        super(NOTHING);
    }

    @Override
    public boolean isCommitted() {
        return false;
    }

    @Override
    public int getStatus() {
        return SC_OK;
    }
}
