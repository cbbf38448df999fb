package dev.sluice.chain.snapshot;

import dev.sluice.middleware.Next;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** What a fail-open middleware has done to one request, so that it can be told whether that can go on without it. */
final class Witness extends WatchedResponse implements Next {

    private final HttpServletResponse original;
    private final Next next;

    private boolean touched;
    private boolean called;
    private boolean answered;
    private boolean toGoOn;

    Witness(HttpServletResponse original, Next next) {
        super(original);
        this.original = original;
        this.next = next;
    }

    @Override
    void before() {
        touched = true;
    }

    @Override
    void after() {}

    @Override
    public void proceed(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException {
        called = true;
        answered = false;
        next.proceed(request, response == this ? original : response);
        // Behind a wrapper of its own it may have held back a part, or all, of the answer.
        answered = response == this;
    }

    /** {@return whether a failure of the middleware leaves a request that can go on, or an answer that can stand} */
    boolean permits(Lease lease, HttpServletRequest request, int bodyReadsBefore) {
        if (called) {
            return answered;
        }
        // After an asynchronous dispatch the middleware has the container's own request: nobody sees what it reads.
        boolean unread = lease.sees(request) && lease.bodyReads() == bodyReadsBefore;
        boolean untouched = !touched && unread && !isCommitted() && !lease.isAsyncStarted();
        toGoOn = untouched;
        return untouched;
    }

    boolean hasAnswer() {
        return called;
    }

    /** The middleware isn't called. */
    void goOn() {
        toGoOn = true;
    }

    boolean isToGoOn() {
        return toGoOn;
    }
}
