package dev.sluice.proxy.exchange;

import dev.sluice.proxy.route.Router;
import dev.sluice.proxy.route.Visit;
import dev.sluice.proxy.route.Way;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.Locale;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.propertytypes.ServiceRanking;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletAsyncSupported;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletName;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardTarget;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of the chain: forwards along a route, or answers 404. Ranked above the chain's own end, which is there for as long as
 * this bundle isn't; servlets of other bundles, whose patterns say more than {@code /}, come first.
 */
@Component(service = Servlet.class, configurationPolicy = ConfigurationPolicy.IGNORE)
@HttpWhiteboardTarget("(org.apache.felix.http.name=sluice-data)")
@HttpWhiteboardServletPattern("/")
@HttpWhiteboardServletName("dev.sluice.proxy")
@HttpWhiteboardServletAsyncSupported
@ServiceRanking(100)
public final class ProxyServlet extends HttpServlet {

    private static final long serialVersionUID = 1;

    private static final Logger LOG = LoggerFactory.getLogger(ProxyServlet.class);

    /** By which the listener is asked to have a request fail when its client leaves. */
    private static final String WATCHED_ATTRIBUTE = "dev.sluice.client.watched";

    /** Several containers in a row may have the same name in Via; so many have not. */
    private static final int MOST_TIMES_THROUGH = 10;

    private static final RefusedPaths REFUSED = new RefusedPaths(LOG, System::nanoTime);

    private final transient Router router;

    /**
     * Makes the servlet.
     *
     * @param router finds routes
     */
    @Activate
    public ProxyServlet(@Reference Router router) {
        this.router = router;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String info = request.getPathInfo();
        String parts = request.getServletPath() + (info == null ? "" : info);
        // Felix HTTP has neither for the root.
        String path = parts.isEmpty() ? "/" : parts;
        Way way = router.enter(path);
        if (way instanceof Way.Along along) {
            forward(along.visit(), path, request, response);
        } else if (way instanceof Way.Refused) {
            Refusal.NOT_CONFIGURED.send(response, "");
        } else {
            Refusal.NOT_FOUND.send(response, "");
        }
    }

    /** Leaves the visit exactly once, whatever happens: here, or at the end of the exchange. */
    private static void forward(Visit visit, String path, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Optional<Exchange> exchange = Optional.empty();
        Refusal refusal = Refusal.FAILED;
        try {
            Optional<String> target = TargetPath.of(request.getRequestURI(), path, visit.strip());
            if (target.isEmpty()) {
                REFUSED.refused(visit.settings().name(), request.getRequestURI());
            }
            Optional<Refusal> refused =
                    target.isEmpty() ? Optional.of(Refusal.AMBIGUOUS_PATH) : refusalOf(request, visit);
            if (refused.isPresent()) {
                refusal = refused.get();
            } else {
                String query = TargetPath.query(request.getQueryString());
                exchange = Optional.of(exchange(visit, path, target.get() + query, request, response));
            }
        } catch (RuntimeException e) {
            LOG.error(
                    "A request can't be forwarded along route {}",
                    visit.settings().name(),
                    e);
        }
        if (exchange.isPresent()) {
            exchange.get().begin();
        } else {
            visit.leave();
            refusal.send(response, "");
        }
    }

    private static Exchange exchange(
            Visit visit, String path, String target, HttpServletRequest request, HttpServletResponse response) {
        RequestHead head = new RequestHead(request, visit.settings().rewriting(), visit.strip());
        // The last that may fail (a filter that doesn't support it): a request that is asynchronous must be completed.
        AsyncContext async = request.startAsync();
        async.setTimeout(0);
        Exchange exchange =
                new Exchange(visit, head, path, target, new ClientSide(request, response, async), System::nanoTime);
        async.addListener(exchange);
        // The exchange hears of a client that leaves, and nothing writes for it afterwards.
        request.setAttribute(WATCHED_ATTRIBUTE, Boolean.TRUE);
        return exchange;
    }

    private static Optional<Refusal> refusalOf(HttpServletRequest request, Visit visit) {
        if (!new OwnRequest(request).isHttp()) {
            return Optional.of(Refusal.AMBIGUOUS);
        }
        // Its length can't be trusted, and so where the next request begins can't (RFC 9112, 6.1).
        if (request.getProtocol().equals("HTTP/1.0") && request.getHeader("Transfer-Encoding") != null) {
            return Optional.of(Refusal.BAD_LENGTH);
        }
        boolean isWebSocket = Collections.list(request.getHeaders("Upgrade")).stream()
                .anyMatch(upgrade -> upgrade.toLowerCase(Locale.ROOT).contains("websocket"));
        // Of another coding the upstream wouldn't learn, and would take what is coded for the body (RFC 9112, 6.1).
        boolean isOnlyChunked = Collections.list(request.getHeaders("Transfer-Encoding")).stream()
                .allMatch(coding -> coding.strip().equalsIgnoreCase("chunked"));
        // Any other Upgrade may be ignored, and is (RFC 9110, 7.8).
        if (isWebSocket || !isOnlyChunked || request.getMethod().equals("CONNECT")) {
            return Optional.of(Refusal.NOT_IMPLEMENTED);
        }
        String via = visit.settings().rewriting().via();
        if (Forwarding.timesThrough(via, Collections.list(request.getHeaders("Via"))) > MOST_TIMES_THROUGH) {
            LOG.warn(
                    "route {}: 508, as \"{}\" stands more than {} times in Via: its upstream leads back to here",
                    visit.settings().name(),
                    via,
                    MOST_TIMES_THROUGH);
            return Optional.of(Refusal.LOOP);
        }
        return RequestHead.maxForwards(request) == 0 ? Optional.of(Refusal.NO_FURTHER) : Optional.empty();
    }
}
