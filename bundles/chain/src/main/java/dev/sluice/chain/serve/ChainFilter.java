package dev.sluice.chain.serve;

import dev.sluice.chain.snapshot.Entrance;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.osgi.service.servlet.whiteboard.Preprocessor;

/**
 * The one whiteboard filter: every request on the data listener comes through it, before any servlet context is chosen.
 */
public final class ChainFilter implements Preprocessor {

    private final Entrance entrance;

    /**
     * Makes the filter.
     *
     * @param entrance where it hands requests to
     */
    public ChainFilter(Entrance entrance) {
        this.entrance = entrance;
    }

    @Override
    public void init(FilterConfig config) {}

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain behind)
            throws IOException, ServletException {
        entrance.serve((HttpServletRequest) request, (HttpServletResponse) response, behind);
    }

    @Override
    public void destroy() {
        // Felix HTTP calls this while requests are still inside; their leases end by themselves.
    }
}
