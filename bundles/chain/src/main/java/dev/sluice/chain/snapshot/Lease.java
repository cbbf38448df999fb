package dev.sluice.chain.snapshot;

import dev.sluice.chain.ChainControl;
import dev.sluice.chain.StuckThread;
import dev.sluice.chain.failure.Aborted;
import dev.sluice.chain.failure.Connection;
import dev.sluice.chain.failure.ConnectionFault;
import dev.sluice.chain.failure.Failures;
import dev.sluice.chain.failure.LogText;
import dev.sluice.chain.lease.InFlight;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a request holds from its entry until its response is complete: one route, and so the units on it.
 *
 * <p>It is the request that middleware sees, wrapped around the container's: the steps find it again in whatever wrappers
 * middleware puts around it, and a request costs one object. Given back exactly once, by whichever thread completes the
 * response; the fields that follow the request (step, thread, end) are written by the one thread that runs it at a time,
 * and handed over by the servlet container's own synchronisation.
 */
public final class Lease extends WatchedRequest implements Connection {

    /** The request attribute under which an asynchronous request keeps its lease between dispatches. */
    public static final String ATTRIBUTE = "dev.sluice.chain.lease";

    private static final int SERVER_ERROR = 500;
    private static final int NOWHERE = -1;

    /** Middleware has it, or what stands behind the chain, or whoever goes on with it. */
    private static final int OPEN = 0;
    /** It is answered after a deadline, and not given back yet. */
    private static final int LATE = 1;

    private static final int COMPLETE = 2;

    private static final VarHandle STATE;
    private static final VarHandle FAILURES;
    private static final VarHandle THREAD;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Lease.class, "state", int.class);
            FAILURES = MethodHandles.lookup().findVarHandle(Lease.class, "failures", Failures.class);
            THREAD = MethodHandles.lookup().findVarHandle(Lease.class, "thread", Thread.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private record Moved(Route route, int token) {}

    private final Route route;
    private final InFlight<Lease> register;
    private final int slot;
    private final String method;
    private final String path;
    private final long startNanos;
    /** The context class loader outside the chain, which what stands behind it runs with again. */
    private final ClassLoader outside;

    private FilterChain behind;
    /** The container's own, which the chain answers on: what middleware has put around it may hold back. */
    private HttpServletResponse response;
    /** Whether it has been behind the chain before: a middleware may try again. */
    private boolean wasBehind;

    private int step;
    private final int token;
    /** Where it is counted since it had to give up a unit; null while that is its route. */
    private volatile Moved moved;
    /** Written without the fence of a volatile write: whoever else looks at it only tells of it. */
    private volatile Thread thread;

    /** Whose answer it is, if it is that of a unit: whoever had the request last, or made another answer of it. */
    private Unit answerer;
    /** Whether it had answered with an error when it was done. */
    private boolean hasErred;
    /** The step of one that wasn't done when it came back, as the request is asynchronous; it may hand it on still. */
    private int suspendedAt = NOWHERE;

    /** Null as long as nothing has failed. */
    private volatile Failures failures;
    /** OPEN at first, as a field is zero: written there, it would cost a fence. It never falls. */
    private volatile int state;

    Lease(HttpServletRequest request, String path, Route route, int token, InFlight<Lease> register, long startNanos) {
        super(request);
        this.route = route;
        this.token = token;
        this.method = request.getMethod();
        this.path = path;
        this.startNanos = startNanos;
        Thread current = Thread.currentThread();
        THREAD.setRelease(this, current);
        this.outside = current.getContextClassLoader();
        this.register = register;
        this.slot = register.add(this);
    }

    /**
     * Finds the lease of a request.
     *
     * @param request the request that the container gave, or any wrappers around it
     * @return its lease
     * @throws IllegalStateException if it isn't a request of this chain
     */
    static Lease of(ServletRequest request) {
        ServletRequest inner = request;
        while (!(inner instanceof Lease)) {
            if (!(inner instanceof ServletRequestWrapper wrapper)) {
                return pinned(request)
                        .orElseThrow(() -> new IllegalStateException(
                                "next.proceed wants the request that the middleware received, or a wrapper around it"));
            }
            inner = wrapper.getRequest();
        }
        return (Lease) inner;
    }

    /** {@return the lease that an earlier dispatch of the request has left on it} */
    public static Optional<Lease> pinned(ServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof Lease lease ? Optional.of(lease) : Optional.empty();
    }

    /**
     * Runs the request through its whole route.
     *
     * @param response the response
     * @param behind what stands behind the chain
     */
    public void run(HttpServletResponse response, FilterChain behind) throws IOException, ServletException {
        this.behind = behind;
        this.response = response;
        route.step(0).proceed(this, response);
    }

    /**
     * Continues the request after an asynchronous dispatch, at the step that it reached last: the steps before it have run.
     *
     * @param request the request as it is dispatched
     * @param response the response
     * @param behind what stands behind the chain
     */
    public void resume(HttpServletRequest request, HttpServletResponse response, FilterChain behind)
            throws IOException, ServletException {
        this.behind = behind;
        this.response = response;
        THREAD.setRelease(this, Thread.currentThread());
        route.step(step).proceed(request, response);
    }

    /** Notes that no thread of the container runs the request for now. */
    public void park() {
        THREAD.setRelease(this, null);
    }

    void reach(int number) {
        if (isOver()) {
            throw new IllegalStateException("the request is complete: nothing can be served for it any more");
        }
        step = number;
    }

    /** {@return whether nobody has had the request after a step} */
    boolean endsAt(int number) {
        return step == number;
    }

    /**
     * A unit's own answer is there, or will be.
     *
     * @param response as the unit sees it: what stands before it may have put something around it
     */
    void answeredBy(Unit unit, HttpServletResponse response) {
        answerer = unit;
        suspendedAt = isAsyncStarted() ? step : NOWHERE;
        hasErred = statusOn(response) >= SERVER_ERROR;
    }

    /** {@return the status of a response, as somebody on the request's way sees it} */
    int statusOn(HttpServletResponse seen) {
        return Refusal.status((HttpServletRequest) getRequest(), seen);
    }

    /** {@return whether what is done to a request is seen here} Not to one that the container has dispatched as its own. */
    boolean sees(ServletRequest request) {
        ServletRequest inner = request;
        while (inner != this && inner instanceof ServletRequestWrapper wrapper) {
            inner = wrapper.getRequest();
        }
        return inner == this;
    }

    /** {@return what has failed on this request} */
    Failures failures() {
        Failures made = failures;
        if (made == null) {
            FAILURES.compareAndSet(this, null, new Failures());
            made = failures;
        }
        return made;
    }

    @Override
    public Optional<Throwable> connectionFault(Throwable thrown) {
        return connectionFault(thrown, response.isCommitted());
    }

    /**
     * The same, where more may be known of the response.
     *
     * @param thrown what was thrown
     * @param begun whether what doesn't show where it comes from can come from the connection
     */
    Optional<Throwable> connectionFault(Throwable thrown, boolean begun) {
        return ConnectionFault.in(thrown, getRequest().getClass().getClassLoader(), begun)
                // Once sendError was called nothing more is written: it is known who has closed the response.
                .filter(fault -> !ConnectionFault.isClosed(fault)
                        || !Refusal.isErrorAskedFor((HttpServletRequest) getRequest()));
    }

    /** Logs what has failed since this was called last. */
    void reportFailures() {
        Failures made = failures;
        if (made != null) {
            made.report(line(), route.stacks());
        }
    }

    /**
     * Answers in place of a middleware that has the request for too long. Called on another thread than that of the request,
     * which the caller keeps away from the response.
     *
     * @param detail a sentence for the client
     * @return whether that was possible: not if the response has begun, or has been handed to a thread of its own
     */
    boolean answerLate(String detail) throws IOException {
        if (response.isCommitted() || isAsyncStarted()) {
            return false;
        }
        STATE.compareAndSet(this, OPEN, LATE);
        Refusal.DEADLINE.send(response, detail, failures().incident());
        try {
            response.getOutputStream().close();
        } catch (IllegalStateException writerInUse) {
            response.getWriter().close();
        }
        return true;
    }

    /** {@return whether nothing more can be served for it: it is answered after a deadline, or complete} */
    boolean isOver() {
        return state != OPEN;
    }

    /** Hands the request on to what stands behind the chain. */
    void leaveChain(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException {
        request.setAttribute(ChainControl.ADMITTED_ATTRIBUTE, Boolean.TRUE);
        if (wasBehind && request.getDispatcherType() != DispatcherType.ERROR) {
            // Of the attempt before: it says nothing of this one.
            request.removeAttribute(RequestDispatcher.ERROR_EXCEPTION);
        }
        wasBehind = true;
        Thread current = Thread.currentThread();
        ClassLoader before = current.getContextClassLoader();
        current.setContextClassLoader(outside);
        try {
            behind.doFilter(request, response);
        } finally {
            current.setContextClassLoader(before);
            Step.clearInterrupt(current);
        }
        // Felix HTTP keeps a servlet's exception to itself, and then ends a response that was on its way as if it were
        // whole.
        if (response.isCommitted()
                && !Refusal.isErrorAskedFor(request)
                && request.getDispatcherType() != DispatcherType.ERROR
                && request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) != null) {
            throw new Aborted(failures().incident());
        }
    }

    /** Gives the lease back. Does nothing the second time. */
    public void close() {
        if ((int) STATE.getAndSet(this, COMPLETE) != COMPLETE) {
            THREAD.setRelease(this, null);
            try {
                tell();
                reportFailures(); // runs code of the units' bundles, which are held until it has
            } finally {
                register.remove(this, slot);
                counted().gate().leave(token());
            }
        }
    }

    /** Before the lease is given back, so that the figures are whole when a drain is over. */
    private void tell() {
        Observed observed = route.observed();
        if (observed != null) {
            observed.count(route.now() - startNanos, isServerError(), failures);
        }
        Unit own = suspendedAt == NOWHERE || suspendedAt == step ? answerer : null;
        if (own != null) {
            own.ownAnswers().answered((hasErred || suspendedAt == step) && isServerError() && !isMeant());
        }
        boolean isSampled = OwnAnswers.isSampled(startNanos);
        Failures made = failures;
        if (isSampled || made != null || route.isYoung()) {
            for (Unit unit : route.units()) {
                if (made != null && made.isCharged(unit)) {
                    unit.ownAnswers().failed();
                } else if (unit != own) {
                    unit.ownAnswers().handedOn(isSampled);
                }
            }
        }
    }

    /** Whoever says when to come back means it. */
    private boolean isMeant() {
        try {
            return statusOn(response) == HttpServletResponse.SC_SERVICE_UNAVAILABLE
                    && response.containsHeader("Retry-After");
        } catch (RuntimeException over) {
            return false;
        }
    }

    private boolean isServerError() {
        try {
            return response != null && statusOn(response) >= SERVER_ERROR;
        } catch (RuntimeException over) {
            // The container has its response back already: so it has broken the connection, and no status tells of
            // that.
            return false;
        }
    }

    /** {@return the units that the request holds} */
    public List<Unit> units() {
        return counted().units();
    }

    /** {@return the route that it is counted on} */
    Route counted() {
        Moved other = moved;
        return other == null ? route : other.route;
    }

    /** {@return its token there} */
    private int token() {
        Moved other = moved;
        return other == null ? token : other.token;
    }

    /** {@return whether the calling thread is the one that runs the request} */
    boolean isMine() {
        return thread == Thread.currentThread();
    }

    /**
     * Counts the request elsewhere from now on. Only for the thread that runs the request, which is why it can't meet {@link
     * #close}: the container completes a request after that thread has come back (Servlet specification 2.3.3.3).
     *
     * @param other a route on which the request is counted already
     * @param otherToken its token there
     */
    void moveTo(Route other, int otherToken) {
        Route before = counted();
        int tokenBefore = token();
        moved = new Moved(other, otherToken);
        before.gate().leave(tokenBefore);
    }

    /** {@return whether the request had to let go of a unit of its route, whose bundle may have stopped since} */
    boolean hasGivenUp(Unit unit) {
        Moved now = moved;
        return now != null && !now.route.units().contains(unit);
    }

    /**
     * {@return the unit that has the request, on a thread of the container; empty if it is suspended, behind the chain, or
     * its answer has begun, which may be a stream} What a unit does when the rest of the chain has returned to it isn't seen:
     * nothing is noted on that way. For any thread.
     */
    Optional<Unit> inside() {
        int reached = step;
        HttpServletResponse answer = response;
        if (thread == null
                || isOver()
                || answer == null
                || reached >= route.units().size()) {
            return Optional.empty();
        }
        try {
            return answer.isCommitted()
                    ? Optional.empty()
                    : Optional.of(route.units().get(reached));
        } catch (RuntimeException completedMeanwhile) {
            return Optional.empty();
        }
    }

    /** {@return for how long it is there} */
    Duration age(long nowNanos) {
        return Duration.ofNanos(nowNanos - startNanos);
    }

    /** {@return the thread that runs it, for observers; empty if none does} */
    Optional<StuckThread> view(long nowNanos) {
        Thread running = thread;
        return Optional.ofNullable(running)
                .map(one -> new StuckThread(
                        one.getName(),
                        age(nowNanos).toMillis(),
                        line(),
                        "",
                        Stream.of(one.getStackTrace())
                                .limit(30)
                                .map(String::valueOf)
                                .toList()));
    }

    /** {@return the request's method and path, as they may stand in the log} */
    String line() {
        return LogText.line(method + " " + path, 500);
    }

    /** {@return the request as a line for the log: method, path, age and thread} */
    String describe(long nowNanos) {
        Thread running = thread;
        return line() + ", "
                + Duration.ofNanos(nowNanos - startNanos).toMillis() + " ms old, "
                + (running == null ? "asynchronous, on no thread of the container" : "on thread " + running.getName());
    }

    /** {@return the stack of the thread that runs the request; empty if none does} */
    StackTraceElement[] stack() {
        Thread running = thread;
        return running == null ? new StackTraceElement[0] : running.getStackTrace();
    }
}
