package dev.sluice.admin.login;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Slows down who guesses passwords: after a few wrong ones from an address, that address alone has to wait a while, longer
 * with each further one. No thread waits for it.
 *
 * <p>One lock around a small map: it is taken once or twice per request on a listener for people.
 */
final class Throttle {

    private static final int FREE_FAILURES = 5;
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration FORGIVEN_AFTER = Duration.ofMinutes(10);
    private static final int ADDRESSES = 1024;

    private final LongSupplier nanoTime;
    private final Map<String, Failures> byAddress = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
            return size() > ADDRESSES;
        }
    };

    private record Failures(int count, long last) {}

    /**
     * Starts with no address known.
     *
     * @param nanoTime the monotonic clock, in nanoseconds
     */
    Throttle(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** {@return how long a client has to wait before its next login is looked at; zero if it need not} */
    synchronized Duration delay(String address) {
        Failures failures = byAddress.get(network(address));
        if (failures == null || failures.count() < FREE_FAILURES) {
            return Duration.ZERO;
        }
        Duration left = window(failures).minus(since(failures));
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** Notes a wrong login. */
    synchronized void failed(String address) {
        byAddress.compute(network(address), (key, before) -> new Failures(countOf(before) + 1, nanoTime.getAsLong()));
    }

    /** Notes a right login: earlier mistakes are forgotten. */
    synchronized void succeeded(String address) {
        byAddress.remove(network(address));
    }

    private int countOf(Failures before) {
        return before == null || since(before).compareTo(FORGIVEN_AFTER) > 0 ? 0 : before.count();
    }

    private Duration since(Failures failures) {
        return Duration.ofNanos(nanoTime.getAsLong() - failures.last());
    }

    private static Duration window(Failures failures) {
        int doublings = Math.min(failures.count() - FREE_FAILURES, 10);
        Duration window = Duration.ofSeconds(1L << doublings);
        return window.compareTo(LONGEST) > 0 ? LONGEST : window;
    }

    /** One who has an IPv6 address has a /64 of them, so that counts as one. */
    private static String network(String address) {
        if (!address.contains(":") || address.contains("::")) {
            return address;
        }
        String[] groups = address.split(":");
        return groups.length < 4 ? address : String.join(":", groups[0], groups[1], groups[2], groups[3]);
    }
}
