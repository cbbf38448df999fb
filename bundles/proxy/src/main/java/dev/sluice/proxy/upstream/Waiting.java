package dev.sluice.proxy.upstream;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Origin;
import org.eclipse.jetty.client.transport.HttpDestination;
import org.eclipse.jetty.client.transport.HttpExchange;
import org.eclipse.jetty.util.Promise;

/**
 * The requests that wait for a connection to an upstream. Where a connect fails, the library fails all of them, also those that
 * came after it had begun: on a busy machine, where its end is seen late, an upstream that is back would go on to be refused
 * for as long as old connects come to their ends.
 *
 * <p>Here a connect speaks for those that were there when it began. Others wait for the next one: each request sees one fail that
 * began after it came, or gets a connection.
 *
 * <p>Who comes is put into the queue, and looks then how many connects are on their way; one that fails is counted off, and looks
 * then who is in the queue. So of the two at least one sees the other, and nobody waits for a connect that nobody begins.
 */
final class Waiting extends HttpDestination {

    /** Of a request: how many connects had begun when it came. */
    private static final String CAME_AFTER = Waiting.class.getName();

    private final AtomicLong connects = new AtomicLong();

    Waiting(HttpClient client, Origin origin) {
        super(client, origin);
    }

    @Override
    protected boolean enqueue(Queue<HttpExchange> queue, HttpExchange exchange) {
        exchange.getRequest().attribute(CAME_AFTER, connects.get());
        return super.enqueue(queue, exchange);
    }

    @Override
    protected void createConnection(Promise<Connection> promise) {
        long number = connects.incrementAndGet();
        super.createConnection(new Promise.Wrapper<>(promise) {
            @Override
            public void failed(Throwable thrown) {
                super.failed(new FailedConnect(number, thrown));
            }
        });
    }

    /** Called by the pool, which hands on what the promise was told. */
    @Override
    public void failed(Throwable thrown) {
        if (!(thrown instanceof FailedConnect connect)) {
            super.failed(thrown);
            return;
        }
        for (HttpExchange exchange : List.copyOf(getHttpExchanges())) {
            // One that another connection has taken meanwhile isn't in the queue any more.
            if (cameAfter(exchange) < connect.number && remove(exchange)) {
                exchange.getRequest().abort(connect.getCause());
            }
        }
        // It begins another connect for who is left. One more than there are requests, if need be: the pool counts a
        // connect as
        // on its way also while it finds out that there is no room for it.
        send();
    }

    private static long cameAfter(HttpExchange exchange) {
        return (Long) exchange.getRequest().getAttributes().get(CAME_AFTER);
    }

    private static final class FailedConnect extends Exception {

        private static final long serialVersionUID = 1;

        private final long number;

        FailedConnect(long number, Throwable cause) {
            super(null, cause, false, false);
            this.number = number;
        }
    }
}
