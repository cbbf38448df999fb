package dev.sluice.container;

import dev.sluice.conf.OneFile;
import dev.sluice.container.home.Home;
import dev.sluice.container.options.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The framework's properties: its own, those of the bundles from elsewhere, and {@code sluice.*} for the container's. */
final class FrameworkProperties {

    /** By how much longer than the drain SCR waits for its locks. */
    private static final Duration BEYOND_DRAIN = Duration.ofSeconds(30);

    private FrameworkProperties() {}

    static Map<String, String> of(Settings settings, Home home, String version, int highestStartLevel) {
        Map<String, String> properties = new HashMap<>();
        framework(properties, home, highestStartLevel);
        configuration(properties, home);
        sluice(properties, settings, home, version);

        // Draining happens while SCR deactivates components: it must not give up before the drain does.
        String patience = String.valueOf(settings.drainTimeout()
                .plus(settings.shutdownDelay())
                .plus(BEYOND_DRAIN)
                .toMillis());
        properties.put("ds.lock.timeout.milliseconds", patience);
        properties.put("ds.stop.timeout.milliseconds", patience);

        // The default listener would open on 8080 without a gate: listeners come from configurations alone.
        properties.put("org.apache.felix.http.require.config", "true");
        // The console isn't served at all without the admin's own login: its default, admin/admin, never counts.
        properties.put("felix.webconsole.security.providers", "sluice");

        properties.put(
                "org.ops4j.pax.logging.StaticLogbackFile",
                home.conf().resolve("logback.xml").toString());
        // Of the logging bundle's own remarks, made before it's configured and after it has stopped.
        properties.put("org.ops4j.pax.logging.DefaultServiceLog.level", "ERROR");
        // It would keep the last hundred entries, with the bundles that wrote them and what they threw: for nobody, and
        // bundles that have left among them.
        properties.put("org.ops4j.pax.logging.logReaderEnabled", "false");
        return properties;
    }

    private static void framework(Map<String, String> properties, Home home, int highestStartLevel) {
        properties.put(
                "org.osgi.framework.storage", home.cache().resolve("framework").toString());
        // Bundles from the deploy folder come back through the deployer alone, never from the framework's memory.
        properties.put("org.osgi.framework.storage.clean", "onFirstInit");
        properties.put("org.osgi.framework.bsnversion", "multiple");
        properties.put("org.osgi.framework.startlevel.beginning", String.valueOf(highestStartLevel));
        // The level that the deployer wants for bundles, from the start: see where it installs them. What is installed
        // later
        // stops before what it uses, as the framework stops the bundles of a level in the opposite order.
        properties.put("felix.startlevel.bundle", String.valueOf(Math.max(1, highestStartLevel - 1)));
        properties.put("felix.service.urlhandlers", "false");
    }

    private static void configuration(Map<String, String> properties, Home home) {
        properties.put("felix.cm.dir", home.configurations().toString());

        properties.put("felix.fileinstall.dir", home.conf().toString());
        // What there is one of has no instances: a copy of its file would become one, and be taken instead.
        properties.put("felix.fileinstall.filter", "(?!" + OneFile.STRAY + ").*\\.cfg");
        properties.put("felix.fileinstall.subdir.mode", "skip");
        properties.put("felix.fileinstall.poll", "1000");
        properties.put("felix.fileinstall.noInitialDelay", "true");
        properties.put("felix.fileinstall.configEncoding", "UTF-8");
        // It writes on late news, over what an operator has edited since. The admin writes the web console's edits.
        properties.put("felix.fileinstall.enableConfigSave", "false");
        properties.put("felix.fileinstall.log.level", "2");
        properties.put("felix.fileinstall.log.default", "jul");
        properties.put(
                "felix.fileinstall.tmpdir", home.cache().resolve("fileinstall").toString());
    }

    private static void sluice(Map<String, String> properties, Settings settings, Home home, String version) {
        properties.put("sluice.version", version);
        properties.put("sluice.home", home.root().toString());
        properties.put("sluice.deploy.dir", home.deploy().toString());
        properties.put("sluice.data.dir", home.data().toString());
        properties.put("sluice.conf.dir", home.conf().toString());
        properties.put("sluice.logs.dir", home.logs().toString());
        properties.put("sluice.host", settings.host());
        properties.put("sluice.port", String.valueOf(settings.port()));
        settings.upstream().ifPresent(upstream -> properties.put("sluice.upstream", upstream));
        properties.put("sluice.threads", String.valueOf(settings.threads()));
        properties.put("sluice.admin.host", settings.adminHost());
        properties.put("sluice.admin.port", String.valueOf(settings.adminPort()));
        settings.adminPasswordFile().ifPresent(file -> properties.put("sluice.admin.password.file", file.toString()));
        properties.put("sluice.drain.timeout", settings.drainTimeout().toMillis() + "ms");
        properties.put("sluice.shutdown.delay", settings.shutdownDelay().toMillis() + "ms");
    }
}
