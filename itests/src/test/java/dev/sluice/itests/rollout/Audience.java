package dev.sluice.itests.rollout;

import dev.sluice.itests.harness.KeepAlive;
import dev.sluice.itests.harness.KeepAlive.Answer;
import dev.sluice.itests.harness.Load;
import dev.sluice.itests.harness.SluiceProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Many users, whose requests a seed decides, on keep-alive connections. Their answers are counted by the version that has
 * stamped them. No client repeats anything: a response that is lost is a complaint.
 */
final class Audience implements AutoCloseable {

    /** What is counted where no version of the middleware has stamped the answer. */
    static final String NO_VERSION = "none";

    private static final int USERS = 100_000;

    private final Map<String, LongAdder> byVersion = new ConcurrentHashMap<>();
    private final String stamp;
    private final Load load;

    /**
     * Sends requests, one after the other on each connection.
     *
     * @param stamp the header by which answers tell their version
     * @param connections how many connections
     * @param seed which users ask for what
     * @param judge says what is wrong with the answer to a target, if anything is
     * @param targets what they ask for, one as often as the other
     */
    Audience(
            SluiceProcess sluice,
            String stamp,
            int connections,
            long seed,
            BiFunction<String, Answer, Optional<String>> judge,
            String... targets) {
        this.stamp = stamp;
        this.load = Load.of(IntStream.range(0, connections)
                .mapToObj(number -> client(sluice, new Random(seed * connections + number), judge, List.of(targets)))
                .toList());
    }

    private Supplier<Optional<String>> client(
            SluiceProcess sluice,
            Random random,
            BiFunction<String, Answer, Optional<String>> judge,
            List<String> targets) {
        KeepAlive connection = new KeepAlive(sluice.data());
        return () -> {
            String target = targets.get(random.nextInt(targets.size()));
            try {
                Answer answer = connection.get(target, "X-User-Id: user-" + random.nextInt(USERS));
                byVersion
                        .computeIfAbsent(answer.header(stamp).orElse(NO_VERSION), any -> new LongAdder())
                        .increment();
                return judge.apply(target, answer);
            } catch (IOException e) {
                throw new UncheckedIOException("lost: " + target, e);
            }
        };
    }

    /** {@return how many answers came} */
    long answered() {
        return load.answered();
    }

    /** {@return how many answers a version has stamped, or none has} */
    long of(String version) {
        LongAdder count = byVersion.get(version);
        return count == null ? 0 : count.sum();
    }

    /** Waits until so many more answers came. */
    void await(long more) {
        load.awaitAnswers(more);
    }

    /** {@return what went wrong so far} */
    List<String> complaints() {
        return load.complaints();
    }

    /** Stops, and says what went wrong. */
    List<String> end() {
        load.stop();
        return load.complaints();
    }

    @Override
    public void close() {
        load.close();
    }
}
