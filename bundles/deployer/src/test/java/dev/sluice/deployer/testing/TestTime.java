package dev.sluice.deployer.testing;

import static dev.sluice.deployer.testing.Eventually.eventually;

import dev.sluice.deployer.trial.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Time that passes for trials only when a test says so: however slow the machine, nobody is too late by it. */
public final class TestTime implements Timer {

    private record Alarm(long at, CompletableFuture<Void> future) {}

    // Guarded by this, as is what follows.
    private final List<Alarm> alarms = new ArrayList<>();
    private long nanos;

    @Override
    public synchronized long nanos() {
        return nanos;
    }

    @Override
    public synchronized CompletableFuture<Void> after(Duration time) {
        Alarm alarm = new Alarm(nanos + time.toNanos(), new CompletableFuture<>());
        alarms.add(alarm);
        return alarm.future();
    }

    /** Waits until somebody waits for just so long a time, and then lets more of it pass. */
    public void passOnceAwaited(Duration awaited, Duration passes) {
        eventually("somebody waits for " + awaited, () -> isAwaited(awaited));
        pass(passes);
    }

    private synchronized boolean isAwaited(Duration time) {
        return alarms.stream()
                .anyMatch(alarm ->
                        alarm.at() - nanos == time.toNanos() && !alarm.future().isDone());
    }

    public void pass(Duration time) {
        due(time).forEach(alarm -> alarm.future().complete(null));
    }

    private synchronized List<Alarm> due(Duration time) {
        nanos += time.toNanos();
        List<Alarm> due = alarms.stream().filter(alarm -> alarm.at() <= nanos).toList();
        alarms.removeAll(due);
        return due;
    }
}
