package dev.sluice.benchmark.gate;

import dev.sluice.chain.lease.InFlight;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Entering, looking whether that was in time, and leaving; and the same with the register of the requests in flight. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class GateBenchmark {

    /** One count for all threads. */
    @State(Scope.Benchmark)
    public static class Shared {

        @Param({"Stripes", "OneWord", "Adder", "Epochs"})
        String by;

        Counter counter;

        /** What stands for the current snapshot: whoever has entered looks whether it is still the one that was found. */
        volatile Object current = new Object();

        /** Makes it. */
        @Setup(Level.Trial)
        public void make() {
            counter = counter(by);
        }

        /** Tells of one that counts wrong: its figure would be worth nothing. */
        @TearDown(Level.Trial)
        public void isBackAtZero() {
            if (!counter.isEmpty()) {
                throw new IllegalStateException(by + " isn't empty though all have left");
            }
        }
    }

    /** The chain's own, with its register. */
    @State(Scope.Benchmark)
    public static class Registered {

        final Counter counter = new Stripes();
        volatile Object current = new Object();
        final InFlight<Object> register = new InFlight<>();
    }

    /** What stands for a thread's request. */
    @State(Scope.Thread)
    public static class Request {
        final Object request = new Object();
    }

    static Counter counter(String by) {
        return switch (by) {
            case "Stripes" -> new Stripes();
            case "OneWord" -> new OneWord();
            case "Adder" -> new Adder();
            case "Epochs" -> new Epochs();
            default -> throw new IllegalArgumentException("no counter \"" + by + "\": see GateBenchmark.Shared");
        };
    }

    /** {@return whether the snapshot is still the same} */
    @Benchmark
    public boolean gate(Shared shared) {
        Object found = shared.current;
        int token = shared.counter.enter();
        boolean isCurrent = found == shared.current;
        shared.counter.leave(token);
        return isCurrent;
    }

    /** {@return whether the snapshot is still the same} */
    @Benchmark
    public boolean gateWithRegister(Registered shared, Request thread) {
        Object found = shared.current;
        int token = shared.counter.enter();
        boolean isCurrent = found == shared.current;
        int slot = shared.register.add(thread.request);
        shared.register.remove(thread.request, slot);
        shared.counter.leave(token);
        return isCurrent;
    }
}
