package dev.sluice.proxy.exchange;

import dev.sluice.proxy.config.PoolSettings;
import dev.sluice.proxy.config.RouteSettings;
import dev.sluice.proxy.route.Visit;
import dev.sluice.proxy.upstream.NeverSentException;
import dev.sluice.proxy.upstream.Upstream;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * One request on its way: attempts, one after the other, until one is answered or none is left. It ends once, whoever ends
 * it: {@link #ended} decides, as the client, the upstream and the container may do so at the same time. A new attempt
 * begins in the callback that ended the one before, so what only attempts use needs no lock.
 */
final class Exchange implements AsyncListener {

    /** A pool may have many connections that the upstream has closed just now; each can take only one request with it. */
    private static final int MOST_STALE = 10;

    private final Visit visit;
    private final RequestHead head;
    private final String path;
    private final String target;
    private final ClientSide client;
    private final LongSupplier nanoTime;
    private final long begun;

    private final AtomicBoolean ended = new AtomicBoolean();
    private final List<Upstream> tried = new ArrayList<>();
    private int retries;
    private int stale;
    private volatile Attempt attempt;

    /**
     * Makes it.
     *
     * @param visit the route, which it leaves at its end
     * @param head the request's head
     * @param path the path that the chain has matched, for the log
     * @param target path and query for upstreams, base path excluded
     * @param client the container's side
     * @param nanoTime a monotonic clock
     */
    Exchange(Visit visit, RequestHead head, String path, String target, ClientSide client, LongSupplier nanoTime) {
        this.visit = visit;
        this.head = head;
        this.path = path;
        this.target = target;
        this.client = client;
        this.nanoTime = nanoTime;
        this.begun = nanoTime.getAsLong();
    }

    /** Begins. From here on it ends by itself. */
    void begin() {
        visit.retryBudget().request();
        visit.upstreams()
                .choose(tried)
                .ifPresentOrElse(this::attempt, () -> refuse(Refusal.UNAVAILABLE, "the route has no upstream"));
    }

    private void attempt(Upstream upstream) {
        tried.add(upstream);
        Attempt next;
        try {
            next = new Attempt(this, upstream, visit.pool(), wholeMillis());
        } catch (RuntimeException e) {
            refuse(Refusal.FAILED, "the request to " + upstream.address() + " can't be made: " + e);
            return;
        }
        attempt = next;
        next.send();
        // The client may have left in between, and have found the attempt before.
        if (ended.get()) {
            abandon(next);
        }
    }

    /** What is left of the time for the whole; 0 for any time. */
    private long wholeMillis() {
        long whole = settings().timeouts().whole().toMillis();
        return whole == 0 ? 0 : Math.max(1, whole - (nanoTime.getAsLong() - begun) / 1_000_000);
    }

    /** An attempt is over without an answer. */
    void failed(Attempt over, Throwable thrown) {
        Failure failure = over.isCrowdedOut() ? Failure.ofCrowd(thrown) : Failure.of(thrown);
        if (ended.get()) {
            over.settle(Upstream.Call::abandoned);
            return;
        }
        // Not begun, it was a connection that it waited for.
        if (failure.refusal() == Refusal.SLOW_UPSTREAM && over.isBegun() && over.isWaitingForBody()) {
            over.settle(Upstream.Call::abandoned);
            if (end()) {
                slowClient();
                visit.leave();
            }
            return;
        }
        if (isStale(over, failure, thrown)) {
            over.settle(Upstream.Call::abandoned);
            stale++;
            attempt(over.upstream());
            return;
        }
        settle(over, failure);
        Optional<Upstream> next = another(over);
        if (next.isPresent()) {
            log().triedAgain(
                            over.upstream().address(),
                            failure.reason(),
                            next.get().address());
            retries++;
            attempt(next.get());
        } else {
            refuse(failure.refusal(), over.upstream().address() + ": " + failure.reason());
        }
    }

    private static void settle(Attempt over, Failure failure) {
        over.settle(call -> {
            if (failure.isUpstreams()) {
                call.failed(failure.reason());
            } else {
                call.abandoned();
            }
        });
    }

    /**
     * Whether its kept connection was closed at the moment at which it was used again, as it is when the upstream is restarted
     * or its keep-alive time is over. That says nothing of the upstream: the same is asked again, and neither it nor the
     * budget is charged. One that was silent, or on which something came, does say something.
     */
    private boolean isStale(Attempt over, Failure failure, Throwable thrown) {
        boolean unsent = isUnsent(thrown);
        return failure.refusal() == Refusal.BAD_UPSTREAM
                && (unsent || over.isUnansweredOnUsedConnection())
                && stale < MOST_STALE
                && settings().retries().max() > 0
                && (unsent && !over.isBodyTouched() || isSafe(over));
    }

    private static boolean isUnsent(Throwable thrown) {
        return thrown instanceof NeverSentException || thrown.getCause() instanceof NeverSentException;
    }

    /** Without a connection nothing was sent; with one it is for the method to say whether twice is as good as once. */
    private boolean isSafe(Attempt over) {
        boolean safe = over.isBegun() ? head.isIdempotent() && !head.hasBody() : !over.isBodyTouched();
        long whole = settings().timeouts().whole().toNanos();
        return safe && (whole == 0 || nanoTime.getAsLong() - begun < whole);
    }

    /** Where to send the request once more: only if that is safe, and the budget allows it. */
    private Optional<Upstream> another(Attempt over) {
        return isSafe(over) && retries < settings().retries().max()
                ? visit.upstreams().choose(tried).filter(any -> visit.retryBudget()
                        .tryRetry())
                : Optional.empty();
    }

    /** The client has got the whole answer. */
    void answered(Attempt over) {
        if (!end()) {
            return;
        }
        over.settle(Upstream.Call::succeeded);
        boolean early = over.isBodyUnfinished();
        client.complete();
        visit.leave();
        if (early) {
            // Nobody needs the rest of the request's body, and without it the connection can't be used again.
            over.abort(new IOException("Answered before the request's end"));
        }
    }

    /** The upstream has failed in the midst of its answer. */
    void brokenOff(Attempt over, Throwable thrown) {
        if (!end()) {
            // Whoever ended it says how the upstream did: it may be this very failure, told a second time.
            return;
        }
        Failure failure = Failure.of(thrown);
        String incident = ExchangeLog.incident();
        boolean isWaitingForBody = failure.refusal() == Refusal.SLOW_UPSTREAM && over.isWaitingForBody();
        if (over.isReadSlowly() || isWaitingForBody) {
            over.settle(Upstream.Call::abandoned);
            log().cutOff(
                            isWaitingForBody
                                    ? "its client doesn't send the rest of its body"
                                    : "its client takes too long to read it",
                            failure.reason());
        } else {
            settle(over, failure);
            log().brokeOff(incident, over.upstream().address(), failure.reason());
        }
        client.refuse(failure.refusal(), incident);
        visit.leave();
        over.abort(thrown);
    }

    /** The client's body can't be read, or its connection has failed. */
    void clientFailed(Throwable thrown) {
        if (!end()) {
            return;
        }
        log().clientFailed(thrown);
        abandon(attempt);
        if (thrown instanceof TimeoutException) {
            slowClient();
        } else if (thrown instanceof RequestBody.Missing) {
            answer(Refusal.FAILED, thrown.toString());
        } else if (head.expectsContinue() && client.isUnheard() && isEnd(thrown)) {
            client.goneUntold();
        } else {
            // Where an answer is on its way it is cut off. Most of these clients are gone, and read neither.
            client.refuse(Refusal.BAD_BODY, "");
        }
        visit.leave();
    }

    /** The answer can't be written: the client has left. */
    void clientLeft(Throwable thrown) {
        if (end()) {
            if (isTimeout(thrown)) {
                log().cutOff("its client takes nothing of it", thrown.toString());
            } else {
                log().clientLeft(thrown);
            }
            abandon(attempt);
            client.left();
            visit.leave();
        }
    }

    private static boolean isTimeout(Throwable thrown) {
        return thrown instanceof TimeoutException || thrown.getCause() instanceof TimeoutException;
    }

    private static boolean isEnd(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof EOFException) {
                return true;
            }
        }
        return false;
    }

    private void slowClient() {
        log().slowClient();
        client.refuse(Refusal.SLOW_CLIENT, "");
    }

    private void refuse(Refusal refusal, String reason) {
        if (end()) {
            answer(refusal, reason);
            visit.leave();
        }
    }

    private void answer(Refusal refusal, String reason) {
        if (reason.isEmpty()) {
            client.refuse(refusal, "");
            return;
        }
        String incident = ExchangeLog.incident();
        log().refused(incident, refusal, reason);
        client.refuse(refusal, incident);
    }

    private static void abandon(Attempt open) {
        if (open != null) {
            open.abort(new IOException("The client has left"));
            open.settle(Upstream.Call::abandoned);
        }
    }

    private boolean end() {
        return ended.compareAndSet(false, true);
    }

    private ExchangeLog log() {
        return new ExchangeLog(settings().name(), head.method(), path);
    }

    @Override
    public void onError(AsyncEvent event) {
        clientFailed(event.getThrowable() == null ? new IOException("The connection failed") : event.getThrowable());
    }

    @Override
    public void onComplete(AsyncEvent event) {
        // Usually by the exchange itself. Not if the chain has answered in its place, after a deadline.
        client.gone();
        if (end()) {
            abandon(attempt);
            visit.leave();
        }
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        // There is none: the route's own timeouts are in force.
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // Started once.
    }

    /** {@return whether the upstream may be spoken to in HTTP/2} */
    boolean isVersion2() {
        return settings().pool().http() == PoolSettings.Http.HTTP_2;
    }

    RouteSettings settings() {
        return visit.settings();
    }

    RequestHead head() {
        return head;
    }

    String target() {
        return target;
    }

    String strip() {
        return visit.strip();
    }

    ClientSide client() {
        return client;
    }
}
