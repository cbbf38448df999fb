package dev.sluice.proxy.exchange;

import dev.sluice.proxy.config.Address;
import dev.sluice.proxy.config.Rewriting;
import dev.sluice.proxy.config.Timeouts;
import dev.sluice.proxy.upstream.Deadlines;
import dev.sluice.proxy.upstream.InterimAnswers;
import dev.sluice.proxy.upstream.Pool;
import dev.sluice.proxy.upstream.Upstream;
import java.io.IOException;
import java.net.ProtocolException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.NanoTime;

/**
 * An exchange's request to one upstream. Sent, it is either answered, and then its body goes to the client and no other
 * attempt follows; or it is over without an answer, and the exchange decides. The library calls back on its own threads; of two
 * that come at the same time, one wins {@link #state}.
 */
final class Attempt implements ResponseBody.Ending, Deadlines.Deadline {

    private enum State {
        SENT,
        ANSWERED,
        OVER
    }

    private final Exchange exchange;
    private final Upstream upstream;
    private final Upstream.Call call;
    private final Optional<RequestBody> body;
    private final Request request;
    private final Pool pool;
    private final long queueNanos;
    private final long idleNanos;

    private final AtomicReference<State> state = new AtomicReference<>(State.SENT);
    private final AtomicBoolean settled = new AtomicBoolean();

    // Each is written before the callback that reads it is made.
    private volatile boolean begun;
    private volatile Optional<Connection> usedConnection = Optional.empty();
    private volatile long bytesBefore;
    private volatile ResponseBody answer;

    /** Since when nothing has come or gone, or before it is begun: since when it waits. */
    private volatile long quietSince = NanoTime.now();

    private volatile long bytesSeen;

    Attempt(Exchange exchange, Upstream upstream, Pool pool, long wholeMillis) {
        this.exchange = exchange;
        this.upstream = upstream;
        this.pool = pool;
        Timeouts timeouts = exchange.settings().timeouts();
        this.idleNanos = timeouts.idle().toNanos();
        // A connect that takes too long has a time of its own to end in.
        Duration connect = pool.settings().connectTimeout();
        this.queueNanos = (timeouts.queue().compareTo(connect) > 0 ? timeouts.queue() : connect).toNanos();
        HttpClient client = pool.client();
        RequestHead head = exchange.head();
        this.body = head.hasBody()
                ? Optional.of(new RequestBody(exchange.client(), head, exchange::clientFailed, this::progress))
                : Optional.empty();
        this.request = request(client, head, exchange.settings().rewriting());
        // The library's own would also count the time for which a slow client keeps the upstream waiting.
        request.idleTimeout(0, TimeUnit.MILLISECONDS);
        request.timeout(wholeMillis, TimeUnit.MILLISECONDS);
        body.ifPresent(content -> {
            request.body(content);
            if (head.length() < 0) {
                request.trailersSupplier(content::trailers);
            }
            if (head.expectsContinue()) {
                expectContinue(content);
            }
        });
        // Counted last: nothing above may fail once it is.
        this.call = upstream.begin();
    }

    private Request request(HttpClient client, RequestHead head, Rewriting rewriting) {
        Address address = upstream.address();
        HttpFields fields = head.fieldsFor(address, rewriting, exchange.isVersion2());
        return client.newRequest(address.host(), address.port())
                .scheme(address.scheme())
                .method(head.method())
                .path(address.basePath() + exchange.target())
                .headers(headers -> headers.clear().add(fields))
                .onRequestBegin(this::onBegin)
                .onResponseContentSource(this::onAnswer);
    }

    /**
     * The field is added when the library has looked for it already: otherwise it would wait for 100 itself, for ever. It is
     * the body that waits.
     */
    private void expectContinue(RequestBody content) {
        Patience patience = new Patience(content, pool.deadlines(), () -> state.get() == State.SENT);
        request.onRequestHeaders(sent -> {
            sent.headers(headers -> headers.put("Expect", "100-continue"));
            patience.begin();
        });
        request.attribute(InterimAnswers.ON_CONTINUE, (Runnable) content::proceed);
    }

    void send() {
        progress();
        pool.deadlines().watch(this);
        try {
            request.send(this::onComplete);
        } catch (RuntimeException e) {
            // The client is stopping.
            forget();
            if (state.compareAndSet(State.SENT, State.OVER)) {
                exchange.failed(this, e);
            }
        }
    }

    private void onBegin(Request sent) {
        // (Its attachment is the pool's own.)
        if (sent.getConnection() instanceof Connection connection) {
            bytesSeen = connection.getBytesIn();
            if (connection.getMessagesIn() > 0) {
                bytesBefore = bytesSeen;
                usedConnection = Optional.of(connection);
            }
        }
        progress();
        begun = true;
        // It may be over sooner than what was watched until now.
        pool.deadlines().schedule(this);
    }

    /** Something has come or gone. */
    @Override
    public void progress() {
        quietSince = NanoTime.now();
    }

    @Override
    public long getExpireNanoTime() {
        return quietSince + (begun ? idleNanos : queueNanos);
    }

    @Override
    public void passed() {
        if (NanoTime.isBefore(NanoTime.now(), getExpireNanoTime())) {
            return;
        }
        if (!begun) {
            forget();
            request.abort(new TimeoutException("no connection after " + queueNanos / 1_000_000 + " ms"));
        } else if (isWaitingForReader() || hasMoved()) {
            progress();
        } else {
            forget();
            request.abort(new TimeoutException("Idle timeout " + idleNanos / 1_000_000 + " ms"));
        }
    }

    /** Some bytes of a head, say, of which nobody is told before it is whole. (A connection of HTTP/2 is that of others, too.) */
    private boolean hasMoved() {
        if (request.getConnection() instanceof Connection connection) {
            long bytes = connection.getBytesIn();
            boolean moved = bytes != bytesSeen;
            bytesSeen = bytes;
            return moved;
        }
        return false;
    }

    private void forget() {
        pool.deadlines().forget(this);
    }

    private void onAnswer(Response response, Content.Source source) {
        Optional<String> fault = ResponseHead.faultOf(response);
        if (fault.isPresent()) {
            request.abort(new ProtocolException(fault.get()));
            return;
        }
        if (!state.compareAndSet(State.SENT, State.ANSWERED)) {
            return;
        }
        progress();
        RequestHead head = exchange.head();
        Rewriting rewriting = exchange.settings().rewriting();
        ClientView view = new ClientView(upstream.address(), exchange.strip(), head.scheme(), head.host());
        ResponseHead passed = new ResponseHead(response, head, rewriting, view);
        answer = new ResponseBody(exchange.client(), source, this, passed.isOfUnknownLength());
        try {
            exchange.client().startWriting(passed::write, answer);
        } catch (IOException | RuntimeException e) {
            exchange.clientFailed(e);
        }
    }

    private void onComplete(Result result) {
        forget();
        if (result.isSucceeded()) {
            return;
        }
        if (state.compareAndSet(State.SENT, State.OVER)) {
            exchange.failed(this, result.getFailure());
        } else if (result.getResponseFailure() != null) {
            // Also where nobody reads at the moment, because the client is slow.
            upstreamFailed(result.getResponseFailure());
        }
    }

    @Override
    public void whole() {
        exchange.answered(this);
    }

    @Override
    public void upstreamFailed(Throwable thrown) {
        exchange.brokenOff(this, thrown);
    }

    @Override
    public void clientFailed(Throwable thrown) {
        exchange.clientLeft(thrown);
    }

    /** Says, once, how the upstream did. */
    void settle(Consumer<Upstream.Call> how) {
        if (settled.compareAndSet(false, true)) {
            how.accept(call);
        }
    }

    /** Breaks off what is still on its way: its connection is closed. Nothing happens if nothing is. */
    void abort(Throwable cause) {
        request.abort(cause);
    }

    Upstream upstream() {
        return upstream;
    }

    /** {@return whether it was given a connection, so that some of it may have been sent} */
    boolean isBegun() {
        return begun;
    }

    /**
     * {@return whether its connection had served another before, and nothing has come since: closed, it may have been so at
     * the same moment}
     */
    boolean isUnansweredOnUsedConnection() {
        return usedConnection
                .filter(connection -> connection.getBytesIn() == bytesBefore)
                .isPresent();
    }

    /** {@return whether something of the client's body may have been read for it} */
    boolean isBodyTouched() {
        return body.map(RequestBody::isTouched).orElse(false);
    }

    /** {@return whether the client still has some of its body to send} */
    boolean isBodyUnfinished() {
        return body.map(content -> !content.isEnded()).orElse(false);
    }

    /** {@return whether no connection was free for it, so that it waited for other requests} */
    boolean isCrowdedOut() {
        return !begun && pool.isFull(upstream.address());
    }

    /** {@return whether the upstream waits for the client to take more of the answer} */
    private boolean isWaitingForReader() {
        ResponseBody writing = answer;
        return writing != null && writing.isWaiting();
    }

    /** {@return whether the answer has waited for its client more than for its upstream} */
    boolean isReadSlowly() {
        ResponseBody writing = answer;
        return writing != null && writing.isSlow();
    }

    /** {@return whether it was the client's body that the upstream waited for} */
    boolean isWaitingForBody() {
        return body.map(RequestBody::isWaiting).orElse(false);
    }
}
