package dev.sluice.benchmark.inside;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;

/** A servlet container's filter chain as most build it: one for each request, which counts where the request is. */
final class FiltersInTurn implements FilterChain {

    private final Filter[] filters;
    private final FilterChain behind;
    private int next;

    FiltersInTurn(Filter[] filters, FilterChain behind) {
        this.filters = filters;
        this.behind = behind;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response) throws IOException, ServletException {
        if (next == filters.length) {
            behind.doFilter(request, response);
        } else {
            filters[next++].doFilter(request, response, this);
        }
    }
}
