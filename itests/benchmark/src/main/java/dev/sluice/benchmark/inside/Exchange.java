package dev.sluice.benchmark.inside;

import jakarta.servlet.FilterChain;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What each request thread has for itself. */
@State(Scope.Thread)
public class Exchange {

    final StillRequest request = new StillRequest("/api/orders/17");
    final StillResponse response = new StillResponse();
    /** How often the end was reached; each benchmark gives it back, so that no call on the way can be left out. */
    long ended;

    final FilterChain end = (request, response) -> ended++;
}
