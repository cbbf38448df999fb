package dev.sluice.chain.trip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chain.FailureMode;
import dev.sluice.chain.path.PathPattern;
import dev.sluice.chain.snapshot.Chain;
import dev.sluice.chain.snapshot.Place;
import dev.sluice.chain.snapshot.Provider;
import dev.sluice.chain.snapshot.Spec;
import dev.sluice.chain.snapshot.Unit;
import dev.sluice.chain.snapshot.UnitVersion;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Trips, deployments, retirements, updates in place and resets at the same time, on threads as they come. */
@Timeout(60)
class TripRacesTest {

    private static final Set<String> NAMES = Set.of("a", "b");
    private static final int ROUNDS = 1_500;

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final Trips trips = new Trips(System::nanoTime, InstantSource.system(), timer);
    private final Chain chain = new Chain(System::nanoTime, timer, timer, trips);
    private final AtomicReference<Throwable> wrong = new AtomicReference<>();

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    private Unit join(String name, int major) {
        Unit unit = new Unit(
                name,
                new UnitVersion(major, 0, 0, ""),
                "by." + name,
                major,
                (request, response, next) -> next.proceed(request, response),
                getClass().getClassLoader());
        Spec spec = new Spec(0, List.of(PathPattern.parse("/*")), FailureMode.CLOSED);
        chain.change(roster -> roster.join(new Provider(unit, spec)), unit + " joins");
        return unit;
    }

    private Thread thread(Runnable body) {
        Thread thread = new Thread(() -> {
            try {
                body.run();
            } catch (Throwable e) {
                wrong.compareAndSet(null, e);
            }
        });
        thread.start();
        return thread;
    }

    @Test
    void nothingMixesUpWhoServes() throws Exception {
        NAMES.forEach(name -> join(name, 1));
        AtomicBoolean over = new AtomicBoolean();
        Set<String> seenTripped = ConcurrentHashMap.newKeySet();
        List<Thread> requests = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            // All versions but the first fail always.
            requests.add(thread(() -> {
                while (!over.get()) {
                    for (Place place : chain.current().places()) {
                        Unit unit = place.serving().orElseThrow();
                        if (unit.version().major() > 1) {
                            unit.tripSwitch().failed();
                        } else {
                            unit.tripSwitch().succeeded();
                        }
                        if (unit.version().major() == 1 && !place.standbys().isEmpty()) {
                            seenTripped.add(place.name());
                        }
                    }
                    LockSupport.parkNanos(1_000);
                }
            }));
        }
        List<Thread> writers =
                NAMES.stream().map(name -> thread(() -> change(name))).toList();
        Thread resetting = thread(() -> {
            while (!over.get()) {
                NAMES.forEach(name -> trips.reset(chain, name, "2.0.0"));
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
        });
        for (Thread writer : writers) {
            writer.join();
        }
        over.set(true);
        resetting.join();
        for (Thread request : requests) {
            request.join();
        }
        assertThat(wrong.get()).isNull();
        assertThat(seenTripped).as("the switches did trip").isEqualTo(NAMES);

        // Whatever has happened: what comes now trips as ever, and goes behind the first; and again after a reset.
        for (String name : NAMES) {
            Unit last = join(name, 3);
            tripsBehindTheFirst(name, last);
            assertThat(trips.reset(chain, name, "3.0.0")).isTrue();
            assertThat(major(name)).as("after a reset").isEqualTo(3);
            tripsBehindTheFirst(name, last);
        }
    }

    private void tripsBehindTheFirst(String name, Unit last) throws Exception {
        for (int i = 0; i < 20; i++) {
            last.tripSwitch().failed();
        }
        timer.submit(() -> {}).get();
        assertThat(major(name)).as("after its trip").isEqualTo(1);
    }

    private int major(String name) {
        return chain.roster().serving(name).orElseThrow().version().major();
    }

    /** A second version comes, is updated in place and goes; now and then the first one, too, while there is another. */
    private void change(String name) {
        for (int round = 0; round < ROUNDS; round++) {
            Unit two = join(name, 2);
            Thread.yield();
            if (round % 3 == 0) {
                chain.change(roster -> roster.away(two).endHolds(hold -> true), "update");
                Unit again = join(name, 2);
                Thread.yield();
                chain.change(roster -> roster.leave(again), "leaves");
            } else if (round % 3 == 1) {
                Unit one = serving(name, 1);
                chain.change(roster -> roster.leave(one), "the standby leaves");
                Thread.yield();
                join(name, 1);
                chain.change(roster -> roster.leave(two), "leaves");
            } else {
                LockSupport.parkNanos(200_000);
                chain.change(roster -> roster.leave(two), "leaves");
            }
        }
    }

    private Unit serving(String name, int major) {
        return chain.roster()
                .units()
                .filter(unit -> unit.name().equals(name) && unit.version().major() == major)
                .findFirst()
                .orElseThrow();
    }
}
