package dev.sluice.benchmark.bundle;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Writes its version into a header, and hands the request on; or denies it. */
final class StampingFilter implements Filter {

    private final Stamp stamp;

    StampingFilter(Stamp stamp) {
        this.stamp = stamp;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (stamp.lets((HttpServletResponse) response)) {
            chain.doFilter(request, response);
        }
    }
}
