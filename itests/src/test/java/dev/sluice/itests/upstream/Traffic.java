package dev.sluice.itests.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.KeepAlive;
import dev.sluice.itests.harness.KeepAlive.Answer;
import dev.sluice.itests.harness.Load;
import dev.sluice.itests.harness.SluiceProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Clients that ask for one path, each on a connection of its own, and repeat nothing. */
final class Traffic implements AutoCloseable {

    private static final int CLIENTS = 8;

    /** Without it they would take the machine from those who are to be tested. */
    private static final Duration BREATH = Duration.ofMillis(1);

    private final Map<Integer, AtomicLong> statuses = new ConcurrentHashMap<>();
    private final AtomicLongArray answered = new AtomicLongArray(CLIENTS);
    private final List<KeepAlive> connections = new ArrayList<>();
    private final Load load;

    /** @param judge says what is wrong with an answer, if anything is */
    Traffic(SluiceProcess sluice, String path, Function<Answer, Optional<String>> judge) {
        List<Supplier<Optional<String>>> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            int client = i;
            KeepAlive connection = new KeepAlive(sluice.data());
            connections.add(connection);
            clients.add(() -> {
                LockSupport.parkNanos(BREATH.toNanos());
                try {
                    Answer answer = connection.get(path);
                    statuses.computeIfAbsent(answer.status(), any -> new AtomicLong())
                            .incrementAndGet();
                    answered.incrementAndGet(client);
                    return judge.apply(answer);
                } catch (IOException e) {
                    return Optional.of("lost: " + e);
                }
            });
        }
        load = Load.of(clients);
    }

    /** {@return how many answers with a status there were} */
    long answered(int status) {
        AtomicLong count = statuses.get(status);
        return count == null ? 0 : count.get();
    }

    /** Waits until so many more answers came. */
    void await(long more) {
        load.awaitAnswers(more);
    }

    /** Waits until each client has had an answer more: what it was sent before is counted then. */
    void awaitEach() {
        List<Long> before = IntStream.range(0, CLIENTS).mapToObj(answered::get).toList();
        Await.until(() -> {
            for (int i = 0; i < CLIENTS; i++) {
                assertThat(answered.get(i)).as("answers to client %d", i).isGreaterThan(before.get(i));
            }
        });
    }

    /** {@return what is wrong so far} */
    List<String> complaints() {
        return load.complaints();
    }

    /** Stops, and says what went wrong, also with the requests that were on their way. */
    List<String> end() {
        return load.stop().complaints();
    }

    @Override
    public void close() {
        load.close();
        connections.forEach(KeepAlive::close);
    }
}
