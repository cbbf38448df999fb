package dev.sluice.proxy.exchange;

import dev.sluice.proxy.upstream.LogText;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the log says of an exchange that didn't go well. Made when there is something to say: most exchanges have none.
 *
 * @param route the route's name
 * @param method the request's method
 * @param path its path, as the chain has matched it
 */
record ExchangeLog(String route, String method, String path) {

    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    /** As much of a path as goes into the log. */
    private static final int LONGEST_PATH = 500;

    /** Keeps of the path what may stand in a line. */
    ExchangeLog {
        path = LogText.line(path, LONGEST_PATH);
    }

    /** {@return what a client may name, so that its operator finds the line} */
    static String incident() {
        return Long.toHexString(ThreadLocalRandom.current().nextLong() | Long.MIN_VALUE)
                .substring(0, 12);
    }

    void triedAgain(Object upstream, String reason, Object next) {
        LOG.info("route {}: {} {} got no answer from {} ({}); trying {}", route, method, path, upstream, reason, next);
    }

    void brokeOff(String incident, Object upstream, String reason) {
        LOG.warn(
                "incident {}: route {}: the answer to {} {} from {} broke off: {}",
                incident,
                route,
                method,
                path,
                upstream,
                reason);
    }

    void cutOff(String why, String reason) {
        LOG.info("route {}: the answer to {} {} was cut off, as {}: {}", route, method, path, why, reason);
    }

    void refused(String incident, Refusal refusal, String reason) {
        LOG.warn("incident {}: route {}: {} for {} {}: {}", incident, route, refusal.status(), method, path, reason);
    }

    void slowClient() {
        LOG.info("route {}: 408 for {} {}: the client's body didn't come in time", route, method, path);
    }

    void clientFailed(Throwable thrown) {
        LOG.debug("route {}: the client of {} {} failed", route, method, path, thrown);
    }

    void clientLeft(Throwable thrown) {
        LOG.debug("route {}: the client of {} {} has left", route, method, path, thrown);
    }
}
