package dev.sluice.chain.snapshot;

import dev.sluice.chain.StuckThread;
import dev.sluice.chain.failure.DeadlinePassed;
import dev.sluice.chain.failure.Failures;
import dev.sluice.middleware.Next;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call of a unit that has a deadline, and the rest of the chain as that unit sees it.
 *
 * <p>Two locks. The object's monitor guards the clock and whether the call is over; it is held for moments, also by the timer.
 * {@link #writing} guards the response, and is held while somebody writes, which may take long: the unit through its {@link
 * GuardedResponse}, or after the deadline the thread that answers. The answer is given only with that lock and only while the
 * call isn't left, and whoever leaves it late waits for the lock: so the container gets the response back untouched by any
 * other thread. The interrupt is given only under the monitor and only while the call isn't left, and the step clears it
 * after that: so it never hits what the thread does next.
 */
final class Call implements Next {

    private static final Logger LOG = LoggerFactory.getLogger(Call.class);

    /** Longer than any touch of the response that isn't blocked in the connection. */
    private static final long PATIENCE_MILLIS = 250;

    private static final int FRAMES = 20;

    private final Lease lease;
    private final int number;
    private final Unit unit;
    private final TripSwitch trip;
    private final Next next;
    private final Thread thread = Thread.currentThread();
    private final ReentrantLock writing = new ReentrantLock();

    private final Deadline deadline;
    private final HttpServletResponse original;
    private final GuardedResponse guarded;
    private final long begunNanos;

    // Guarded by this.
    private long own;
    private long since;
    private int outside;
    private ScheduledFuture<?> alarm;
    private boolean left;
    /** Written under the monitor. */
    private volatile boolean passed;

    Call(
            Deadline deadline,
            Lease lease,
            int number,
            Unit unit,
            TripSwitch trip,
            HttpServletResponse response,
            Next next) {
        this.deadline = deadline;
        this.lease = lease;
        this.number = number;
        this.unit = unit;
        this.trip = trip;
        this.next = next;
        this.original = response;
        this.guarded = new GuardedResponse(response, this);
        this.begunNanos = deadline.limiters().now();
    }

    void run(HttpServletRequest request) throws IOException, ServletException {
        begin();
        try {
            unit.middleware().handle(request, guarded, this);
        } catch (Throwable thrown) {
            if (!leave() || !Failures.isContained(thrown)) {
                throw thrown;
            }
            throw late(thrown.getClass().getName());
        }
        if (leave()) {
            throw late("nothing thrown");
        }
    }

    @Override
    public void proceed(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException {
        stand();
        try {
            next.proceed(request, response == guarded ? original : response);
        } finally {
            goOn();
        }
    }

    private synchronized void begin() {
        since = begunNanos;
        setAlarm();
    }

    /** The clock stands from now on: the rest of the chain has the request. */
    private synchronized void stand() {
        if (passed) {
            throw new IllegalStateException(message());
        }
        if (outside++ == 0) {
            own += deadline.limiters().now() - since;
        }
    }

    /** The clock runs from now on. */
    private synchronized void goOn() {
        if (--outside == 0) {
            since = deadline.limiters().now();
            if (alarm == null) {
                setAlarm(); // it went off while the clock stood
            }
        }
    }

    private void setAlarm() {
        if (!left) {
            alarm = deadline.limiters().in(deadline.nanos() - own, this::due);
        }
    }

    /** On the timer's thread. The time outside isn't followed with the timer: it is looked at when the alarm goes off. */
    private synchronized void due() {
        alarm = null;
        if (left || passed || outside > 0) {
            return;
        }
        long now = deadline.limiters().now();
        own += now - since;
        since = now;
        if (own < deadline.nanos()) {
            setAlarm();
            return;
        }
        passed = true;
        deadline.limiters().stuck().add(this);
        if (trip != TripSwitch.NONE) {
            trip.failed();
        }
        deadline.limiters().answer(this::answer);
    }

    /**
     * The unit has come back.
     *
     * @return whether the deadline had passed
     */
    private boolean leave() {
        synchronized (this) {
            left = true;
            if (alarm != null) {
                alarm.cancel(false);
            }
            if (!passed) {
                return false;
            }
        }
        deadline.limiters().stuck().remove(this);
        // Whoever answers at this moment is to be done with the response first.
        writing.lock();
        writing.unlock();
        return true;
    }

    private DeadlinePassed late(String thrown) {
        LOG.warn(
                "incident {}: {} came back from {} after {} ms ({})",
                lease.failures().incident(),
                unit.described(),
                lease.line(),
                ageMillis(),
                thrown);
        DeadlinePassed late = new DeadlinePassed(message());
        lease.failures().deadline(late, number, unit);
        return late;
    }

    /** On a thread of its own: tells the client and the log, and interrupts the stuck thread if it is to. */
    private void answer() {
        String stack = whereItIs();
        String outcome;
        try {
            outcome = tryToAnswer();
        } catch (IOException | RuntimeException e) {
            outcome = "the client couldn't be answered: " + e.getClass().getName();
        }
        LOG.error(
                "incident {}: {} has had {} for longer than its deadline of {} ms; {}. {}",
                lease.failures().incident(),
                unit.described(),
                lease.line(),
                TimeUnit.NANOSECONDS.toMillis(deadline.nanos()),
                outcome,
                stack);
        synchronized (this) {
            if (!left && deadline.interrupt()) {
                thread.interrupt();
            }
        }
    }

    /**
     * Answers may have waited for slow clients, and the thread may have gone on to other requests: a stack is this call's only
     * if the call isn't left afterwards.
     */
    private String whereItIs() {
        StackTraceElement[] frames = thread.getStackTrace();
        synchronized (this) {
            if (left) {
                return "Thread " + thread.getName() + " has come back since";
            }
        }
        return "Thread " + thread.getName() + " is in it:"
                + deadline.limiters()
                        .stacks()
                        .text(unit.described(), frames, lease.failures().incident());
    }

    private String tryToAnswer() throws IOException {
        if (!takeLock()) {
            return "it is writing the response, which can't be taken from it";
        }
        try {
            synchronized (this) {
                if (left) {
                    return "it has come back just now";
                }
            }
            return lease.answerLate("The middleware \"" + unit.name() + "\" took too long.")
                    ? "answered with 504"
                    : "the response is on its way already, or in other hands, and is left as it is until the thread comes"
                            + " back";
        } finally {
            writing.unlock();
        }
    }

    private boolean takeLock() {
        try {
            return writing.tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException containerStops) {
            return false;
        }
    }

    /** Before the unit touches the response. */
    void lock() {
        writing.lock();
        if (passed) {
            writing.unlock();
            throw new IllegalStateException(message());
        }
    }

    /** Something that the unit writes into the response. */
    interface Writing {
        void write() throws IOException;
    }

    /** Has the unit write, with the lock. */
    void write(Writing writing) throws IOException {
        try {
            lock();
        } catch (IllegalStateException e) {
            throw new IOException(e.getMessage());
        }
        try {
            writing.write();
        } finally {
            unlock();
        }
    }

    void unlock() {
        writing.unlock();
    }

    boolean isOver() {
        return passed;
    }

    private String message() {
        return "the deadline of middleware \"" + unit.name() + "\" has passed ("
                + TimeUnit.NANOSECONDS.toMillis(deadline.nanos()) + " ms): the request is no longer its own";
    }

    Unit unit() {
        return unit;
    }

    private long ageMillis() {
        return Duration.ofNanos(deadline.limiters().now() - begunNanos).toMillis();
    }

    /** {@return what keeps its thread now; empty if it has come back} */
    Optional<StuckThread> view() {
        Stream<String> frames = Stream.of(thread.getStackTrace()).limit(FRAMES).map(StackTraceElement::toString);
        StuckThread view = new StuckThread(
                thread.getName(), ageMillis(), lease.line(), lease.failures().incident(), frames.toList());
        synchronized (this) {
            return left ? Optional.empty() : Optional.of(view);
        }
    }
}
