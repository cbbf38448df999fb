package dev.sluice.deployer.deployed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chain.ChainControl;
import dev.sluice.chain.FailureMode;
import dev.sluice.chain.ReservedPlace;
import dev.sluice.deployer.ledger.HistoryLimits;
import dev.sluice.deployer.ledger.Ledger;
import dev.sluice.deployer.ledger.LedgerRecord;
import dev.sluice.deployer.ledger.PublishedPlace;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReservationsTest {

    @TempDir
    Path home;

    /** The names that the chain was told of, each time that it was. */
    private final List<List<String>> told = new ArrayList<>();

    private Ledger ledger;
    private Reservations reservations;

    @BeforeEach
    void begin() throws Exception {
        ledger = Ledger.open(home.resolve("ledger"), () -> HistoryLimits.DEFAULT, warning -> {});
        ledger.append(new LedgerRecord.Reserved(
                Instant.EPOCH,
                "headers.jar",
                "by.headers",
                List.of(new PublishedPlace("headers", 0, List.of("/*"), false))));
        reservations = new Reservations(chain(), ledger, Clock.systemUTC());
        reservations.begin(Map.of(
                "auth.jar", List.of(place("auth")),
                "limits.jar", List.of(place("limits")),
                "edge.release/log.jar", List.of(place("log"))));
        told.clear();
    }

    @AfterEach
    void close() throws Exception {
        ledger.close();
    }

    private ChainControl chain() {
        return (ChainControl) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ChainControl.class}, (self, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("reserve");
                    told.add(((Collection<?>) arguments[0])
                            .stream()
                                    .map(place -> ((ReservedPlace) place).name())
                                    .sorted()
                                    .toList());
                    return null;
                });
    }

    private static ReservedPlace place(String name) {
        return new ReservedPlace(name, "by." + name, 0, List.of("/*"), FailureMode.CLOSED, Optional.empty());
    }

    /** The chain publishes each time that it is told: with a thousand files, a thousand times a thousand places. */
    @Test
    void thoseOfManyFilesAreDroppedAtOnce() {
        reservations.drop(Set.of("auth.jar", "headers.jar", "none.jar"));

        assertThat(told).containsExactly(List.of("limits", "log"));
        assertThat(ledger.state().reserved()).as("nor after a restart").isEmpty();
        assertThat(reservations.has("auth.jar")).isFalse();
        assertThat(reservations.has("limits.jar")).isTrue();
    }

    @Test
    void theChainIsNotToldOfWhatItDoesNotKeep() {
        reservations.drop("none.jar");

        assertThat(told).isEmpty();
    }
}
