package dev.sluice.chain.track;

import dev.sluice.chain.conf.ChainConfiguration;
import dev.sluice.chain.conf.Configured;
import dev.sluice.chain.conf.Ownership;
import dev.sluice.chain.snapshot.Bounded;
import dev.sluice.chain.snapshot.Chain;
import dev.sluice.conf.InForce;
import dev.sluice.conf.LastGood;
import dev.sluice.conf.SettingsReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What operators have configured for the chain, as it is now. */
final class Settings {

    private static final Logger LOG = LoggerFactory.getLogger(Settings.class);

    // Guarded by this.
    private final InForce inForce;

    /** Replaced as a whole by the thread that writes. */
    private volatile Configured now = Configured.DEFAULT;

    /** Likewise: why a restart wouldn't know what is in force. */
    private volatile Optional<String> unsaved = Optional.empty();

    /** @param kept the folder for what is in force, so that a restart knows of it */
    Settings(Path kept) {
        this.inForce = new InForce(
                Configured.KEYS,
                new LastGood(kept, "chain's configuration", "nothing new would be let in from the deploy folder"));
    }

    Configured now() {
        return now;
    }

    /** Takes over what is configured, and logs what is wrong with it, unless that was so before. */
    synchronized Configured take(ChainConfiguration configuration, Map<String, ?> properties) {
        SettingsReader reader = inForce.reader(properties);
        Configured next = Configured.read(configuration, properties, reader);
        Map<String, String> changed = inForce.keep(reader);
        unsaved = inForce.unsaved();
        List<String> before = now.alarms();
        now = next;
        next.alarms().stream().filter(alarm -> !before.contains(alarm)).forEach(LOG::error);
        if (!changed.isEmpty()) {
            LOG.info("The configuration {} is in force: {}", Configured.PID, changed);
        }
        return next;
    }

    /** Keeps on the disk what couldn't be kept there, so that a restart knows of it. */
    synchronized void saveAgain() {
        if (inForce.saveAgain()) {
            unsaved = Optional.empty();
            LOG.info("The configuration {} is kept now", Configured.PID);
        }
    }

    /** {@return what an operator has to be told of it} */
    List<String> alarms() {
        return Stream.concat(now.alarms().stream(), unsaved.stream()).toList();
    }

    Ownership ownership() {
        return now.ownership();
    }

    Duration overrideSettle() {
        return now.overrideSettle();
    }

    Duration holdTimeout() {
        return now.holdTimeout();
    }

    Duration longestHold() {
        return now.longestHold();
    }

    /** Blocks until no request holds a unit of the bundle that has left, or until the deadline for changes in place. */
    void awaitDrain(Chain chain, long bundleId) {
        chain.drains().await(bundleId, now.inplaceDrainTimeout());
    }

    /** Lets no request in any more, and blocks until all are complete, or until the deadline for changes in place. */
    void awaitRefused(Chain chain) {
        var refused = chain.refuse();
        // A request may ask for the stop of the chain that it is in.
        chain.drains().giveUpOwn();
        if (!Bounded.await(refused, now.inplaceDrainTimeout())) {
            chain.drains().giveUp();
        }
    }
}
