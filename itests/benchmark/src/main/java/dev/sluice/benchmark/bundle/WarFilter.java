package dev.sluice.benchmark.bundle;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** The stamping filter as a web application has it: what it does stands in {@code web.xml}. */
public final class WarFilter implements Filter {

    private Stamp stamp;

    @Override
    public void init(FilterConfig config) {
        stamp = new Stamp(
                config.getInitParameter("header"),
                config.getInitParameter("version"),
                Boolean.parseBoolean(config.getInitParameter("denies")));
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (stamp.lets((HttpServletResponse) response)) {
            chain.doFilter(request, response);
        }
    }
}
