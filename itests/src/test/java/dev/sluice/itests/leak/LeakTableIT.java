package dev.sluice.itests.leak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.fixture.TestBundle;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Client;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.Load;
import dev.sluice.itests.harness.Shipped;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The table of leak patterns: the verdict on each is right, who holds it is named, and clean-up gets rid of what it may; and the
 * clean twins are collected and not accused. All at once, under traffic and with the status looked at all the time.
 */
@Tag("process")
class LeakTableIT {

    /**
     * What nobody sees has leaked once something held softly has gone, too. Collections for that are asked for a minute after the
     * others, and if those don't do, as on a busy machine, two minutes after that.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(360);

    /**
     * Soft references go with the first collection after they were last used, or the next. Else it is the free memory that says
     * how long they stay: half an hour, or none. What is held softly is collected then, and so has to be on every machine; and
     * what nobody sees is held by something stronger.
     */
    private static final String NO_SPARING_OF_SOFT_REFERENCES = "-XX:SoftRefLRUPolicyMSPerMB=0";

    private static final Duration BREATH = Duration.ofMillis(20);
    private static final int CLIENTS = 3;

    /** So many at a time: the status shows the last fifty that were collected, and all may be so in the same moment. */
    private static final int MOST_AT_A_TIME = 40;

    private static final String CLEAN = "1.0.0";
    private static final String LEAKY = "2.0.0";

    private static final List<String> CLEANING = List.of(
            "threads",
            "context.class.loaders",
            "thread.locals",
            "timers",
            "tasks",
            "mbeans",
            "drivers",
            "hooks",
            "log.handlers",
            "providers",
            "url.handlers",
            "caches",
            "defaults");

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    private final Verdicts verdicts = new Verdicts();
    private final Client client = Client.anonymous();

    @Test
    void whatHoldsABundleIsNamed() throws IOException {
        play(false);
    }

    @Test
    void whatIsSafeToCleanUpIsCleanedUp() throws IOException {
        play(true);
    }

    private void play(boolean cleaning) throws IOException {
        Home home = sluices.home();
        home.configure("dev.sluice.unload", configuration(cleaning));
        SluiceProcess sluice = sluices.start(SluiceProcess.on(home).jvm(NO_SPARING_OF_SOFT_REFERENCES));
        home.copy(application(), "application.jar");
        home.copy(LeakBundles.neighbour().jar(), "neighbour.jar");
        Await.until(() -> assertThat(client.get(sluice.data("/")).statusCode()).isEqualTo(200));
        Await.until(() -> assertThat(sluice.status().stateOf("neighbour.jar")).isEqualTo("PUBLISHED"));

        int java = Shipped.javaFeature();
        List<LeakPattern> clean = LeakPatterns.clean(java);
        List<LeakPattern> leaky = LeakPatterns.leaky(java);
        try (Load load = Load.of(clients(sluice, leaky))) {
            // The clean ones first: what the leaky ones leave behind, others might trip over.
            play(sluice, clean, CLEAN, row -> Expectation.clean(row, CLEAN), row -> false);
            play(sluice, leaky, LEAKY, row -> Expectation.leaky(row, LEAKY, java, cleaning), row -> row.isUnseen(java));
            assertThat(load.stop().complaints()).isEmpty();
        }
    }

    private static String[] configuration(boolean cleaning) {
        return Stream.concat(
                        Stream.of("unload.probe.interval=1s", "unload.grace=1s"),
                        CLEANING.stream().map(search -> "unload.cleanup." + search + "=" + (cleaning ? "on" : "off")))
                .toArray(String[]::new);
    }

    /** Has bundles come and go, and waits for the verdicts: for those that take long at the end. */
    private void play(
            SluiceProcess sluice,
            List<LeakPattern> rows,
            String version,
            Function<LeakPattern, Expectation> expected,
            Predicate<LeakPattern> takesLong) {
        for (int from = 0; from < rows.size(); from += MOST_AT_A_TIME) {
            List<LeakPattern> some = rows.subList(from, Math.min(rows.size(), from + MOST_AT_A_TIME));
            comeAndGo(sluice, some, version);
            awaitVerdicts(some.stream().filter(takesLong.negate()).toList(), expected);
        }
        awaitVerdicts(rows, expected);
    }

    private void awaitVerdicts(List<LeakPattern> rows, Function<LeakPattern, Expectation> expected) {
        Await.until(PATIENCE, () -> assertThat(rows.stream()
                        .map(expected)
                        .map(one -> one.complaint(verdicts))
                        .flatMap(Optional::stream))
                .isEmpty());
    }

    /** Deploys a bundle of each row, has each called, and removes them all. */
    private void comeAndGo(SluiceProcess sluice, List<LeakPattern> rows, String version) {
        for (LeakPattern row : rows) {
            sluice.home().copy(LeakBundles.jar(row, version, version.equals(CLEAN)), file(row));
        }
        for (LeakPattern row : rows) {
            Await.until(PATIENCE, () -> assertThat(call(sluice, row).headers().firstValue("X-" + row.name()))
                    .as("%s: %s", row.name(), sluice.status().stateOf(file(row)))
                    .contains(version));
        }
        // Once more: a pool's threads may have ended since the first of them was called.
        rows.forEach(row -> call(sluice, row));
        rows.forEach(row -> sluice.home().remove(file(row)));
    }

    /** Some that call all rows in turn, and one that asks for the status. */
    private List<Supplier<Optional<String>>> clients(SluiceProcess sluice, List<LeakPattern> rows) {
        List<Supplier<Optional<String>>> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            AtomicInteger next = new AtomicInteger(i);
            clients.add(() -> {
                LockSupport.parkNanos(BREATH.toNanos());
                LeakPattern row = rows.get(next.getAndIncrement() % rows.size());
                int status = call(sluice, row).statusCode();
                boolean mayFail = row.name().equals("exception-of-a-request");
                return status == 200 || mayFail && status == 500
                        ? Optional.empty()
                        : Optional.of("status " + status + " of " + row.name());
            });
        }
        clients.add(() -> {
            LockSupport.parkNanos(BREATH.toNanos());
            verdicts.see(sluice.status());
            return Optional.empty();
        });
        return clients;
    }

    private HttpResponse<String> call(SluiceProcess sluice, LeakPattern row) {
        return client.get(sluice.data("/leak/" + row.name()));
    }

    private static String file(LeakPattern row) {
        return row.name() + ".jar";
    }

    private static byte[] application() {
        return TestBundle.of("test.application", "1.0.0")
                .middleware("application", "/*", -1000, "answer")
                .jar();
    }
}
