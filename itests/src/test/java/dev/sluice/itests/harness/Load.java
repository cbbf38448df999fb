package dev.sluice.itests.harness;

import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Keep-alive clients that send one request after the other, some of them without a pause, and judge each answer. Close it to
 * stop the load; then it says what went wrong.
 */
public final class Load implements AutoCloseable {

    /** As many clients as the tests of the promises ask for. */
    public static final int CLIENTS = 8;

    /** So many of these never pause, to meet the shortest of gaps, and in a soak none does. */
    private static final int EAGER = 2;

    /** Between two requests of the others; if none paused, they would take the machine from the container. */
    private static final Duration BREATH = Duration.ofMillis(2);

    private static final int COMPLAINTS_KEPT = 20;

    private final AtomicBoolean running = new AtomicBoolean(true);
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final ConcurrentLinkedQueue<String> complaints = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    private Load(List<Supplier<Optional<String>>> clients) {
        CountDownLatch flowing = new CountDownLatch(clients.size());
        for (int i = 0; i < clients.size(); i++) {
            Supplier<Optional<String>> client = clients.get(i);
            Thread thread = new Thread(() -> run(client, flowing), "load-" + i);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
        try {
            if (!flowing.await(30, TimeUnit.SECONDS)) {
                throw new AssertionError("the load doesn't flow: " + complaints);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Starts the load, and returns when each client has had its first answer.
     *
     * @param judge says what is wrong with an answer, if anything is
     */
    public static Load on(URI uri, Function<HttpResponse<String>, Optional<String>> judge) {
        return new Load(IntStream.range(0, CLIENTS)
                .<Supplier<Optional<String>>>mapToObj(number -> {
                    Client client = Client.anonymous();
                    boolean pauses = number >= EAGER && !Soak.isAsked();
                    return () -> {
                        if (pauses) {
                            LockSupport.parkNanos(BREATH.toNanos());
                        }
                        return judge.apply(client.get(uri));
                    };
                })
                .toList());
    }

    /**
     * Starts clients that each do as they are told, and returns when each of them has done it once.
     *
     * @param clients each sends one request, and says what is wrong with the answer, if anything is; it is asked by a
     *     thread of its own
     */
    public static Load of(List<Supplier<Optional<String>>> clients) {
        return new Load(clients);
    }

    /** {@return how many answers came} */
    public long answered() {
        return answered.get();
    }

    /** {@return how many requests failed or were answered wrongly} */
    public long failed() {
        return failed.get();
    }

    /** {@return the first complaints} */
    public List<String> complaints() {
        return List.copyOf(complaints);
    }

    /** Waits until so many more answers came: for what must see traffic before the test goes on. */
    public void awaitAnswers(long more) {
        long goal = answered.get() + more;
        Await.until(() -> {
            if (answered.get() < goal) {
                throw new AssertionError("answered " + answered.get() + " of " + goal);
            }
        });
    }

    /** Stops the load and waits for the last answers: only after that all complaints are known. */
    public Load stop() {
        running.set(false);
        for (Thread thread : threads) {
            try {
                thread.join(TimeUnit.SECONDS.toMillis(40));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            if (thread.isAlive()) {
                complain(thread.getName() + " still waits for its last answer");
            }
            // Said once, however often it is stopped.
            threads.remove(thread);
        }
        return this;
    }

    /** Stops the load. */
    @Override
    public void close() {
        stop();
    }

    private void run(Supplier<Optional<String>> client, CountDownLatch flowing) {
        while (running.get()) {
            try {
                Optional<String> complaint = client.get();
                answered.incrementAndGet();
                complaint.ifPresent(this::complain);
            } catch (RuntimeException e) {
                complain(e.toString());
            }
            flowing.countDown();
        }
    }

    private void complain(String complaint) {
        failed.incrementAndGet();
        if (complaints.size() < COMPLAINTS_KEPT) {
            complaints.add(complaint);
        }
    }
}
