package dev.sluice.benchmark.server;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * Takes the time around everything that stands behind it, into a fine histogram; the same in every server. A request for {@link
 * #PATH} gets what came since the last one, and goes no further.
 */
public class Timing implements Filter {

    /** Where the figures are. */
    public static final String PATH = "/benchmark/timing";

    private static final int DIGITS = 3;

    /** Safe from any thread; none waits for another. */
    private final Recorder recorder = new Recorder(DIGITS);

    @Override
    public void init(FilterConfig config) {}

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain behind)
            throws IOException, ServletException {
        long start = System.nanoTime();
        // Of a dozen characters, compared with by their number first.
        if (((HttpServletRequest) request).getRequestURI().equals(PATH)) {
            response.setContentType("application/json");
            response.getWriter().print(json(recorder.getIntervalHistogram()));
            return;
        }
        behind.doFilter(request, response);
        recorder.recordValue(System.nanoTime() - start);
    }

    @Override
    public void destroy() {}

    private static String json(Histogram nanos) {
        return "{\"requests\":" + nanos.getTotalCount()
                + ",\"p50\":" + nanos.getValueAtPercentile(50)
                + ",\"p90\":" + nanos.getValueAtPercentile(90)
                + ",\"p99\":" + nanos.getValueAtPercentile(99)
                + ",\"p999\":" + nanos.getValueAtPercentile(99.9) + "}";
    }
}
