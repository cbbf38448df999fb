package dev.sluice.chain.trip;

import dev.sluice.chain.snapshot.TripRules;
import dev.sluice.chain.snapshot.TripSwitch;
import dev.sluice.chain.trip.CallWindow.Count;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The switch of a unit that has a standby. It refuses no call: when it trips it says so, once, and the next generation has
 * the standby in the unit's place.
 */
final class StandbySwitch implements TripSwitch {

    private final TripRules rules;
    private final CallWindow window;
    private final Consumer<Count> tripped;
    private final AtomicBoolean spent = new AtomicBoolean();

    StandbySwitch(TripRules rules, LongSupplier nanoTime, Consumer<Count> tripped) {
        this.rules = rules;
        this.window = new CallWindow(nanoTime, rules);
        this.tripped = tripped;
    }

    /** {@return whether it can still trip, by these rules} */
    boolean isFor(TripRules other) {
        return rules.equals(other) && !spent.get();
    }

    @Override
    public boolean permits() {
        return true;
    }

    @Override
    public void succeeded() {
        window.succeeded();
    }

    @Override
    public void failed() {
        window.failed().filter(count -> spent.compareAndSet(false, true)).ifPresent(tripped);
    }
}
