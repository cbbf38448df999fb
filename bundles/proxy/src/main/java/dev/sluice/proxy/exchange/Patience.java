package dev.sluice.proxy.exchange;

import dev.sluice.proxy.upstream.Deadlines;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.util.NanoTime;

/** How long a client that expects 100 waits for an upstream that says nothing of it: then its body is sent all the same. */
final class Patience implements Deadlines.Deadline {

    /** RFC 9110, 10.1.1 leaves it open. */
    private static final long CONTINUE_MILLIS = 1000;

    private final RequestBody content;
    private final Deadlines deadlines;
    private final BooleanSupplier unanswered;
    private volatile long until;

    /**
     * Doesn't wait yet.
     *
     * @param content the body that waits
     * @param deadlines tell when the time is over
     * @param unanswered whether there is no answer yet: answered without a 100, the upstream doesn't want the body
     */
    Patience(RequestBody content, Deadlines deadlines, BooleanSupplier unanswered) {
        this.content = content;
        this.deadlines = deadlines;
        this.unanswered = unanswered;
    }

    void begin() {
        until = NanoTime.now() + TimeUnit.MILLISECONDS.toNanos(CONTINUE_MILLIS);
        deadlines.watch(this);
    }

    @Override
    public long getExpireNanoTime() {
        return until;
    }

    @Override
    public void passed() {
        deadlines.forget(this);
        if (unanswered.getAsBoolean()) {
            content.proceed();
        }
    }
}
