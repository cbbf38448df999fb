package dev.sluice.chain.track;

import dev.sluice.middleware.Middleware;
import dev.sluice.middleware.Next;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Map;

/** A servlet filter as a middleware. */
final class FilterMiddleware implements Middleware {

    private static final String INIT_PREFIX = "filter.init.";

    private final Filter filter;

    private FilterMiddleware(Filter filter) {
        this.filter = filter;
    }

    /**
     * Initialises a filter.
     *
     * @param filter the filter
     * @param name its name
     * @param properties the service's properties: those that begin with {@code filter.init.} are its parameters
     * @return the filter as a middleware
     */
    static FilterMiddleware init(Filter filter, String name, Map<String, String> properties) throws ServletException {
        filter.init(new Config(name, properties));
        return new FilterMiddleware(filter);
    }

    void destroy() {
        filter.destroy();
    }

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, Next next)
            throws IOException, ServletException {
        filter.doFilter(
                request, response, (req, res) -> next.proceed((HttpServletRequest) req, (HttpServletResponse) res));
    }

    private record Config(String name, Map<String, String> properties) implements FilterConfig {

        @Override
        public String getFilterName() {
            return name;
        }

        @Override
        public ServletContext getServletContext() {
            throw new UnsupportedOperationException(
                    "a middleware runs before a servlet context is chosen: ask the request for it");
        }

        @Override
        public String getInitParameter(String parameter) {
            return properties.get(INIT_PREFIX + parameter);
        }

        @Override
        public Enumeration<String> getInitParameterNames() {
            return Collections.enumeration(properties.keySet().stream()
                    .filter(key -> key.startsWith(INIT_PREFIX))
                    .map(key -> key.substring(INIT_PREFIX.length()))
                    .toList());
        }
    }
}
