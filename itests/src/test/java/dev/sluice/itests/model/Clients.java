package dev.sluice.itests.model;

import dev.sluice.itests.harness.Await;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Clients that send one request after the other, each on its own path and connection, and judge every answer, whole, by
 * what the timeline allows.
 */
final class Clients implements AutoCloseable {

    static final List<String> PATHS = List.of(
            "/app/x", "/app/forbidden/x", "/app/only/x", "/app/slow", "/app/async", "/app/forbidden/async", "/other/x");

    /** So many never pause, to meet the shortest of gaps; if all did so, they would take the machine from the container. */
    private static final int EAGER = 2;

    private static final int PATIENCE_MILLIS = 30_000;
    private static final int COMPLAINTS_TOLD = 5;
    private static final int DETAIL_TOLD = 300;

    private final Timeline timeline;
    private final Supplier<URI> server;
    private final ConcurrentLinkedQueue<String> complaints = new ConcurrentLinkedQueue<>();
    /** What is allowed only if the change took longer than requests are held. */
    private final ConcurrentLinkedQueue<String> lateOnes = new ConcurrentLinkedQueue<>();

    private final AtomicLong judged = new AtomicLong();
    /** The epoch in which the last judged request of each client began. */
    private final AtomicIntegerArray seen = new AtomicIntegerArray(PATHS.size());

    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean running = true;

    Clients(Timeline timeline, Supplier<URI> server) {
        this.timeline = timeline;
        this.server = server;
        for (int i = 0; i < PATHS.size(); i++) {
            int client = i;
            Thread thread = new Thread(() -> run(client), "client of " + PATHS.get(i));
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    /** {@return what was seen and isn't allowed} */
    Optional<String> complaint() {
        return Optional.ofNullable(complaints.peek());
    }

    /** {@return the first of it} */
    List<String> complaints() {
        return complaints.stream().limit(COMPLAINTS_TOLD).toList();
    }

    /** The change is over, and took so long that a request may have been held as long as it may be; or it did not. */
    void tookLong(boolean did) {
        for (String one = lateOnes.poll(); one != null; one = lateOnes.poll()) {
            if (!did) {
                complaints.add("though nobody was away for long, " + one);
            }
        }
    }

    /** {@return how many answers were judged} */
    long judged() {
        return judged.get();
    }

    /** Waits until each client has had an answer to a request that it sent in this epoch, or one complains. */
    void awaitRound() {
        int epoch = timeline.now();
        Await.until(() -> {
            for (int i = 0; i < PATHS.size() && complaints.isEmpty(); i++) {
                if (seen.get(i) < epoch) {
                    throw new AssertionError("no answer for " + PATHS.get(i));
                }
            }
        });
    }

    @Override
    public void close() {
        running = false;
        threads.forEach(thread -> {
            try {
                thread.join(2 * PATIENCE_MILLIS);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }

    private void run(int client) {
        String path = PATHS.get(client);
        Optional<Connection> connection = Optional.empty();
        while (running) {
            int first = timeline.now();
            URI to = server.get();
            if (connection.isPresent() && !connection.get().server().equals(to)) {
                connection = closed(connection);
            }
            String answer;
            String detail;
            try {
                if (connection.isEmpty()) {
                    connection = Optional.of(new Connection(to, PATIENCE_MILLIS));
                }
                Connection.Answer got = connection.get().get(path);
                answer = told(got);
                detail = got.headers() + " " + got.body();
                if (got.closes()) {
                    connection = closed(connection);
                }
            } catch (IOException e) {
                answer = Timeline.BROKEN;
                detail = e.toString();
                connection = closed(connection);
            }
            judge(client, path, answer, detail, first, timeline.now());
            if (answer.equals(Timeline.BROKEN)) {
                LockSupport.parkNanos(5_000_000); // the server is down: no reason to spin
            } else if (client >= EAGER) {
                LockSupport.parkNanos(500_000);
            }
        }
        closed(connection);
    }

    /** The container's own refusals are told by their status alone, and only if they are problem details. */
    private static String told(Connection.Answer answer) {
        if (answer.headers().containsKey("x-stopped")) {
            return "stopped: " + answer.headers().get("x-stopped");
        }
        if (answer.status() == 503
                && "application/problem+json".equals(answer.headers().get("content-type"))) {
            return "503";
        }
        return answer.status() == 500 ? "500" : answer.status() + " " + answer.body();
    }

    private void judge(int client, String path, String answer, String detail, int first, int last) {
        Set<String> allowed = timeline.allowed(path, first, last);
        if (!allowed.contains(answer)) {
            boolean late = timeline.allowedLate(path, first, last).contains(answer);
            (late ? lateOnes : complaints)
                    .add(path + " was answered \"" + answer + "\", and only " + allowed + " is allowed during ("
                            + timeline.what(first, last) + "); "
                            + detail.substring(0, Math.min(DETAIL_TOLD, detail.length()))
                                    .replaceAll("\\s+", " "));
        }
        judged.incrementAndGet();
        seen.set(client, first);
    }

    private static Optional<Connection> closed(Optional<Connection> connection) {
        connection.ifPresent(open -> {
            try {
                open.close();
            } catch (IOException e) {
                // it is gone, and that is what was wanted
            }
        });
        return Optional.empty();
    }
}
