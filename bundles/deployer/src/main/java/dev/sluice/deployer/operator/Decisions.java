package dev.sluice.deployer.operator;

import dev.sluice.chain.Operator;
import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.deploy.RollBackNote;
import dev.sluice.deployer.deployed.Deployed;
import dev.sluice.deployer.deployed.Roster;
import dev.sluice.deployer.folder.DeployFolder;
import dev.sluice.deployer.folder.MarkerKind;
import dev.sluice.deployer.leaving.Release;
import dev.sluice.deployer.ledger.Decision;
import dev.sluice.deployer.ledger.Ledger;
import dev.sluice.deployer.ledger.LedgerRecord;
import dev.sluice.deployer.trial.Installation;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down what an operator does to a deployed bundle, so that it outlives a restart. Bundle events are synchronous: they
 * come on the operator's own thread, which the admin listener has marked. A stop by anybody else is no decision.
 *
 * <p>A bundle serves requests a moment before the roster has it as published. What an operator does in that moment waits
 * for {@link #catchUp}. Each word is put down before the roster is asked, and taken by one only, so that none is lost
 * between the two and none is written twice.
 */
public final class Decisions implements SynchronousBundleListener {

    private static final Logger LOG = LoggerFactory.getLogger(Decisions.class);

    private final Bundle framework;
    private final Roster roster;
    private final Ledger ledger;
    private final DeployFolder folder;
    private final Release release;
    private final Clock clock;

    /** The last that an operator did to a bundle of the folder that isn't published yet, by the bundle's id. */
    private final Map<Long, Word> early = new ConcurrentHashMap<>();

    /** @param framework the system bundle: what stops together with it was not taken away */
    public Decisions(
            Bundle framework, Roster roster, Ledger ledger, DeployFolder folder, Release release, Clock clock) {
        this.framework = framework;
        this.roster = roster;
        this.ledger = ledger;
        this.folder = folder;
        this.release = release;
        this.clock = clock;
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        if (event.getType() == BundleEvent.UNINSTALLED) {
            decided(event, this::uninstalled);
            noDecision(event, "uninstalled", "copy its file again to have it back");
            release.bundleGone();
        } else if (event.getType() == BundleEvent.STOPPED && !isToRunAgain(event)) {
            decided(event, this::stopped);
            noDecision(event, "stopped", "start it in the console, or copy its file again");
        } else if (event.getType() == BundleEvent.STARTED) {
            early.remove(event.getBundle().getBundleId());
            decided(event, this::started);
        }
    }

    /** Writes down what operators did to bundles just before they were published; on any thread, now and then. */
    public void catchUp() {
        early.keySet().forEach(this::hear);
    }

    /** By another bundle, mostly: its thread's name may tell which. Status says the same as long as it is away. */
    private void noDecision(BundleEvent event, String what, String wayBack) {
        Bundle bundle = event.getBundle();
        if (Operator.current().isPresent() || framework.getState() != Bundle.ACTIVE) {
            return;
        }
        roster.ofBundle(bundle.getBundleId())
                .filter(deployed -> deployed.entry().state() == DeploymentState.PUBLISHED)
                .ifPresent(deployed -> LOG.warn(
                        "{} ({}) was {} on thread {}, and not by an operator: its places stay, closed where they are"
                                + " fail-closed; {}",
                        deployed.title(),
                        deployed.file(),
                        what,
                        Thread.currentThread().getName(),
                        wayBack));
    }

    /** An update in place stops and starts the bundle, and means neither. */
    private static boolean isToRunAgain(BundleEvent event) {
        BundleStartLevel level = event.getBundle().adapt(BundleStartLevel.class);
        return level != null && level.isPersistentlyStarted();
    }

    private interface Handling {
        void handle(Deployed deployed, String operator, Instant at);
    }

    private record Word(Handling handling, String operator, Instant at) {}

    private void decided(BundleEvent event, Handling handling) {
        long bundle = event.getBundle().getBundleId();
        if (Operator.current().isEmpty()) {
            if (event.getType() == BundleEvent.UNINSTALLED) {
                early.remove(bundle);
            }
        } else if (Installation.isOurs(event.getBundle())) {
            Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
            early.put(bundle, new Word(handling, Operator.current().get(), now));
            hear(bundle);
        }
    }

    /** One thread at a time: of two words about a bundle the later one is written last. */
    private synchronized void hear(long bundle) {
        roster.ofBundle(bundle)
                .filter(deployed -> !deployed.entry().state().isTried())
                .ifPresent(deployed -> {
                    Word word = early.remove(bundle);
                    if (word != null) {
                        word.handling().handle(deployed, word.operator(), word.at());
                    }
                });
    }

    private void stopped(Deployed deployed, String operator, Instant at) {
        if (deployed.entry().advance(DeploymentState.PUBLISHED, DeploymentState.STOPPED)) {
            String message = stoppedMessage(operator, at);
            deployed.entry().because(message);
            write(deployed, Decision.STOPPED, operator, at);
            folder.mark(deployed.file(), MarkerKind.STOPPED, message, at);
        }
    }

    private void uninstalled(Deployed deployed, String operator, Instant at) {
        if (deployed.entry().advance(DeploymentState.PUBLISHED, DeploymentState.REMOVED)
                || deployed.entry().advance(DeploymentState.STOPPED, DeploymentState.REMOVED)) {
            String message = removedMessage(operator, at);
            deployed.entry().because(message);
            roster.bundleGone(deployed.file());
            write(deployed, Decision.REMOVED, operator, at);
            folder.clearMarker(deployed.file());
            folder.mark(deployed.file(), MarkerKind.REMOVED, message, at);
            RollBackNote.tell(folder, deployed);
        }
    }

    private void started(Deployed deployed, String operator, Instant at) {
        if (deployed.entry().advance(DeploymentState.STOPPED, DeploymentState.PUBLISHED)) {
            write(deployed, Decision.STARTED, operator, at);
            folder.clearMarker(deployed.file());
            RollBackNote.tell(folder, deployed);
        }
    }

    private void write(Deployed deployed, Decision decision, String operator, Instant at) {
        LOG.info("{} ({}): {} by operator {}", deployed.title(), deployed.file(), decision, operator);
        try {
            ledger.append(new LedgerRecord.Decided(at, deployed.file(), deployed.sha256(), decision, operator));
        } catch (IOException e) {
            LOG.error(
                    "The decision about {} won't outlive a restart, as the ledger can't be written: {}",
                    deployed.file(),
                    e.toString());
        }
    }

    /** {@return what status and marker say of a stopped bundle} */
    public static String stoppedMessage(String operator, Instant at) {
        return "stopped by operator " + operator + " at " + at + "; start it in the console, or replace the file";
    }

    /** {@return what status and marker say of an uninstalled bundle} */
    public static String removedMessage(String operator, Instant at) {
        return "uninstalled by operator " + operator + " at " + at
                + "; to have it back replace the file, or take it out of the folder and put it there again";
    }
}
