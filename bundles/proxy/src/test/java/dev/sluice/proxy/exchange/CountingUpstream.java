package dev.sluice.proxy.exchange;

import dev.sluice.proxy.config.Address;
import dev.sluice.proxy.upstream.Upstream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Remembers what it is told. */
final class CountingUpstream implements Upstream {

    private final Address address;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final List<String> said = new CopyOnWriteArrayList<>();

    CountingUpstream(Address address) {
        this.address = address;
    }

    @Override
    public Address address() {
        return address;
    }

    @Override
    public Call begin() {
        inFlight.incrementAndGet();
        AtomicBoolean told = new AtomicBoolean();
        return new Call() {
            private void say(String what) {
                said.add(told.getAndSet(true) ? "TWICE " + what : what);
                inFlight.decrementAndGet();
            }

            @Override
            public void succeeded() {
                say("succeeded");
            }

            @Override
            public void failed(String reason) {
                say("failed");
            }

            @Override
            public void abandoned() {
                say("abandoned");
            }
        };
    }

    List<String> said() {
        return said;
    }

    int inFlight() {
        return inFlight.get();
    }
}
