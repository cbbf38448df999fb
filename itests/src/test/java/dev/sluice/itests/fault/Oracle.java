package dev.sluice.itests.fault;

import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Client;
import dev.sluice.itests.harness.KeepAlive;
import dev.sluice.itests.harness.KeepAlive.Answer;
import dev.sluice.itests.harness.Load;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Soak;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Clients that ask for the {@link Target}s, some of them almost without a pause, and judge the whole of each answer, and one
 * that asks the admin listener now and then. Says how many failed and how many bypassed; both have to be none.
 */
public final class Oracle implements AutoCloseable {

    private static final int CLIENTS_OF_EACH = 3;

    /** Between two requests of a client; if none paused, they would take the machine from the container. */
    private static final Duration BREATH = Duration.ofMillis(2);

    /** One of each hardly pauses, and in a soak never, to meet the shortest of gaps. */
    private static final Duration EAGER = Soak.isAsked() ? Duration.ZERO : Duration.ofNanos(250_000);

    private static final Duration NOW_AND_THEN = Duration.ofMillis(100);

    /** So many in a row that are right mean that a target is itself again. */
    private static final int CONVINCING = 30;

    private static final int BYPASSES_KEPT = 20;

    /** What is counted of a target. */
    private static final class Count {
        private final AtomicLong answered = new AtomicLong();
        private final AtomicLong right = new AtomicLong();
        private final AtomicLong tolerated = new AtomicLong();
    }

    private final SluiceProcess sluice;
    private final Map<Target, Count> counts = new EnumMap<>(Target.class);
    private final AtomicLong administered = new AtomicLong();
    private final AtomicLong bypassed = new AtomicLong();
    private final Queue<String> bypasses = new ConcurrentLinkedQueue<>();
    private final List<KeepAlive> connections = new ArrayList<>();
    private final Load load;

    private volatile Set<Target> tolerated = Set.of();
    private volatile Set<String> versions;
    private volatile boolean ending;

    private Oracle(SluiceProcess sluice, Set<String> versions) {
        this.sluice = sluice;
        this.versions = Set.copyOf(versions);
        List<Supplier<Optional<String>>> clients = new ArrayList<>();
        for (Target target : Target.values()) {
            counts.put(target, new Count());
            for (int i = 0; i < CLIENTS_OF_EACH; i++) {
                clients.add(client(target, i));
            }
        }
        clients.add(administrator());
        load = Load.of(clients);
    }

    /**
     * Starts the clients.
     *
     * @param versions those of the middleware before the servlet that a request may see
     */
    static Oracle on(SluiceProcess sluice, Set<String> versions) {
        return new Oracle(sluice, versions);
    }

    /** Says which versions a request may see from now on. */
    void expects(Set<String> now) {
        versions = Set.copyOf(now);
    }

    /** Says where 503 is documented from now on. */
    void tolerates(Set<Target> now) {
        tolerated = Set.copyOf(now);
    }

    /** Says that the process is to end: then connections end too, and only what is answered is judged. */
    void expectsTheEnd() {
        ending = true;
        tolerated = Set.of(Target.values());
    }

    /** Waits until each target has been answered so often more, rightly or with a 503 that is documented. */
    public void awaitAnswers(long more) {
        counts.forEach((target, count) -> {
            long goal = count.answered.get() + more;
            Await.until(() -> require(count.answered.get() >= goal, target + " isn't answered any more"));
        });
        long goal = administered.get() + 1;
        Await.until(() -> require(administered.get() >= goal, "the admin listener doesn't answer any more"));
    }

    /** Waits until a target is answered with 503, as documented, and with nothing else. */
    public void awaitRefused(Target target) {
        Count count = counts.get(target);
        Await.until(() -> {
            long right = count.right.get();
            long goal = count.tolerated.get() + CONVINCING;
            Await.until(() -> require(count.tolerated.get() >= goal, target + " isn't refused"));
            require(count.right.get() == right, target + " is still answered");
        });
    }

    /** Waits until every target is answered as if nothing had happened. */
    public void awaitRight() {
        counts.forEach((target, count) -> Await.until(() -> {
            long refused = count.tolerated.get();
            long goal = count.right.get() + CONVINCING;
            Await.until(() -> require(count.right.get() >= goal, target + " isn't answered: " + complaints()));
            require(count.tolerated.get() == refused, target + " is still refused now and then");
        }));
    }

    /** {@return what is wrong so far: bypasses first} */
    public List<String> complaints() {
        List<String> all = new ArrayList<>();
        if (bypassed.get() > 0) {
            all.add(bypassed.get() + " BYPASSED: " + bypasses);
        }
        if (load.failed() > 0) {
            all.add(load.failed() + " failed of " + load.answered() + ": " + load.complaints());
        }
        return all;
    }

    /** {@return how many requests were answered, for the record} */
    public String figures() {
        StringBuilder text = new StringBuilder();
        counts.forEach((target, count) -> text.append(
                target + " " + count.right.get() + " right, " + count.tolerated.get() + " documented 503; "));
        return text + "admin " + administered.get();
    }

    @Override
    public void close() {
        load.close();
        connections.forEach(KeepAlive::close);
    }

    private Supplier<Optional<String>> client(Target target, int number) {
        KeepAlive connection = new KeepAlive(sluice.data());
        connections.add(connection);
        AtomicLong sent = new AtomicLong();
        return () -> {
            LockSupport.parkNanos((number == 0 ? EAGER : BREATH).toNanos());
            String path = target.path() + "/" + number;
            String query = "n=" + sent.incrementAndGet();
            // Read before the request is sent: what is tolerated at any moment of its life is tolerated for it.
            boolean before = tolerated.contains(target);
            Set<String> expected = versions;
            try {
                Answer answer = connection.get(path + "?" + query);
                boolean refusable = before || tolerated.contains(target);
                return judge(target, path, query, answer, expected, refusable);
            } catch (IOException e) {
                if (ending) {
                    LockSupport.parkNanos(NOW_AND_THEN.toNanos());
                    return Optional.empty();
                }
                return Optional.of(target + ": lost: " + e);
            }
        };
    }

    private Optional<String> judge(
            Target target, String path, String query, Answer answer, Set<String> expected, boolean refusable) {
        Count count = counts.get(target);
        count.answered.incrementAndGet();
        if (answer.status() == 503 && refusable) {
            Optional<String> wrong = Judgement.ofRefusal(answer);
            if (wrong.isEmpty()) {
                count.tolerated.incrementAndGet();
            }
            return wrong.map(what -> target + ": " + what);
        }
        Optional<String> bypass = Judgement.bypassOf(target, answer);
        if (bypass.isPresent()) {
            bypassed.incrementAndGet();
            if (bypasses.size() < BYPASSES_KEPT) {
                bypasses.add(bypass.get());
            }
            return bypass;
        }
        Set<String> either = new java.util.HashSet<>(expected);
        either.addAll(versions);
        Optional<String> wrong = Judgement.of(target, path, query, answer, either);
        if (wrong.isEmpty()) {
            count.right.incrementAndGet();
        }
        return wrong.map(what -> target + ": " + what);
    }

    private Supplier<Optional<String>> administrator() {
        Client operator = sluice.operator();
        return () -> {
            LockSupport.parkNanos(NOW_AND_THEN.toNanos());
            if (ending) {
                return Optional.empty();
            }
            HttpResponse<String> status;
            HttpResponse<String> live;
            try {
                status = operator.get(sluice.admin("/api/v1/status"));
                live = operator.get(sluice.admin("/health/live"));
            } catch (UncheckedIOException e) {
                // Between the look above and the request the end may have been asked for, and have come.
                return ending ? Optional.empty() : Optional.of("admin: " + e.getCause());
            }
            administered.incrementAndGet();
            return status.statusCode() == 200 && live.statusCode() == 200
                    ? Optional.empty()
                    : Optional.of("admin: status " + status.statusCode() + ", live " + live.statusCode());
        };
    }

    private static void require(boolean right, String otherwise) {
        if (!right) {
            throw new AssertionError(otherwise);
        }
    }
}
