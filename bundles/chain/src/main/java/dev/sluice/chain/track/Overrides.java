package dev.sluice.chain.track;

import dev.sluice.chain.snapshot.PlaceOverride;
import java.io.IOException;
import java.util.Dictionary;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.ConfigurationListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operators' overrides that are in force, from {@code conf/dev.sluice.middleware-<any>.cfg}.
 *
 * <p>They aren't components of their own, because nobody could say when the last of them is there: requests that are admitted
 * before it would run on a chain without it. What ConfigurationAdmin holds is read here at once, and nothing is {@link
 * #whenKnown opened} before. The listener is registered before the first reading, and each event has the present state read
 * and not what the event says; so whatever the order, the last reading is of the last state.
 */
final class Overrides implements ConfigurationListener {

    static final String PID = "dev.sluice.middleware";

    private static final Logger LOG = LoggerFactory.getLogger(Overrides.class);

    private static final String ALL =
            "(|(" + Constants.SERVICE_PID + "=" + PID + ")(" + ConfigurationAdmin.SERVICE_FACTORYPID + "=" + PID + "))";

    private final Consumer<Map<String, PlaceOverride>> chain;
    private final CompletableFuture<Void> known = new CompletableFuture<>();

    // Guarded by this.
    private ConfigurationAdmin source;
    /** By PID, so that it doesn't depend on who was there first which of two counts. */
    private final Map<String, OperatorOverride> inForce = new TreeMap<>();

    /**
     * Knows none yet.
     *
     * @param chain takes all overrides, by middleware, whenever one has changed
     */
    Overrides(Consumer<Map<String, PlaceOverride>> chain) {
        this.chain = chain;
    }

    /** Takes all that is there into force, now and at each change. */
    void readFrom(ConfigurationAdmin admin) {
        synchronized (this) {
            source = admin;
        }
        readAll();
    }

    /** What is in force stays: that nobody can tell of changes is no change. */
    synchronized void forget(ConfigurationAdmin admin) {
        if (source == admin) {
            source = null;
        }
    }

    /** Runs an action as soon as the overrides are in force: at once, unless ConfigurationAdmin couldn't be asked yet. */
    void whenKnown(Runnable action) {
        if (!known.isDone()) {
            LOG.warn("the operator's overrides aren't known yet: requests are admitted when they are");
        }
        known.thenRun(action);
    }

    @Override
    public void configurationEvent(ConfigurationEvent event) {
        if (!PID.equals(event.getPid()) && !PID.equals(event.getFactoryPid())) {
            return;
        }
        if (known.isDone()) {
            readOne(event.getPid());
        } else {
            readAll();
        }
    }

    private void readAll() {
        synchronized (this) {
            Map<String, Map<String, Object>> present = present();
            if (present == null) {
                return;
            }
            inForce.keySet().retainAll(present.keySet());
            present.forEach(this::take);
            apply();
        }
        known.complete(null);
    }

    private synchronized void readOne(String pid) {
        Map<String, Map<String, Object>> present = present();
        if (present == null) {
            return;
        }
        if (present.containsKey(pid)) {
            take(pid, present.get(pid));
        } else {
            OperatorOverride gone = inForce.remove(pid);
            if (gone != null) {
                LOG.info("the override for \"{}\" is taken away", gone.name());
            }
        }
        apply();
    }

    /** {@return each configuration's properties by its PID; null if they can't be read} */
    private Map<String, Map<String, Object>> present() {
        if (source == null) {
            return null;
        }
        try {
            Map<String, Map<String, Object>> present = new TreeMap<>();
            Configuration[] found = source.listConfigurations(ALL);
            for (Configuration one : found == null ? new Configuration[0] : found) {
                Dictionary<String, Object> properties = one.getProperties();
                if (properties != null) {
                    present.put(one.getPid(), map(properties));
                }
            }
            return present;
        } catch (IOException | IllegalStateException e) {
            // The one if the disk fails, the other if a configuration, or the service itself, goes at this moment: then
            // an event, or another service, has it read again.
            LOG.error(
                    "the operator's overrides can't be read, and {}: look at the disk that has data/config",
                    known.isDone() ? "what was in force stays" : "no requests are admitted before they can",
                    e);
            return null;
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, Object> map(Dictionary<String, Object> properties) {
        Map<String, Object> map = new HashMap<>();
        for (Enumeration<String> keys = properties.keys(); keys.hasMoreElements(); ) {
            String key = keys.nextElement();
            map.put(key, properties.get(key));
        }
        return map;
    }

    private void take(String pid, Map<String, Object> properties) {
        String file = String.valueOf(properties.getOrDefault("felix.fileinstall.filename", pid));
        OverrideReading reading = new OverrideReading(properties);
        if (reading.faults().isEmpty()) {
            inForce.put(pid, reading.read());
            LOG.info(
                    "override for \"{}\" from {}: {}",
                    reading.read().name(),
                    file,
                    reading.read().override());
        } else {
            LOG.error(
                    "the override in {} is not taken, and what was in force stays: {}",
                    file,
                    String.join("; ", reading.faults()));
        }
    }

    private void apply() {
        Map<String, PlaceOverride> byName = new HashMap<>();
        inForce.forEach((pid, override) -> {
            if (byName.putIfAbsent(override.name(), override.override()) != null) {
                LOG.error(
                        "two files override \"{}\": {} doesn't count, as the other's name comes first",
                        override.name(),
                        pid);
            }
        });
        chain.accept(byName);
    }
}
