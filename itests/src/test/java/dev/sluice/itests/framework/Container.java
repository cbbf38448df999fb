package dev.sluice.itests.framework;

import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;

import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.ShippedBundles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ops4j.pax.exam.Option;

/** The container as the launcher would set it up, as options of Pax Exam. */
final class Container {

    /** The framework property that names the folder with the test's bundles. */
    static final String FIXTURES = "itests.fixtures";

    private Container() {}

    /**
     * {@return the options for a container on a fresh home}
     *
     * @param home a home that doesn't exist yet
     */
    static Option on(Home home) {
        try {
            Files.createDirectories(home.conf());
            home.publishWhole();
            Files.createDirectories(home.data());
            Files.createDirectories(home.path().resolve("logs"));
            Files.createDirectories(fixtures(home));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<Option> options = new ArrayList<>();
        ShippedBundles.all()
                .forEach(shipped ->
                        options.add(bundle(shipped.file().toUri().toString()).startLevel(shipped.startLevel())));
        property(options, "sluice.version", "test");
        property(options, "sluice.home", home.path().toAbsolutePath());
        property(options, "sluice.deploy.dir", home.deploy().toAbsolutePath());
        property(options, "sluice.data.dir", home.data().toAbsolutePath());
        property(options, "sluice.conf.dir", home.conf().toAbsolutePath());
        property(options, "sluice.logs.dir", home.path().resolve("logs").toAbsolutePath());
        property(options, "sluice.host", "127.0.0.1");
        property(options, "sluice.port", "0");
        property(options, "sluice.admin.host", "127.0.0.1");
        property(options, "sluice.admin.port", "0");
        property(options, "sluice.drain.timeout", "5s");
        property(options, "sluice.shutdown.delay", "0s");
        property(options, "felix.cm.dir", home.data().resolve("config").toAbsolutePath());
        property(options, "felix.fileinstall.dir", home.conf().toAbsolutePath());
        property(options, "felix.fileinstall.filter", ".*\\.cfg");
        property(options, "felix.fileinstall.poll", "200");
        property(options, "felix.fileinstall.noInitialDelay", "true");
        property(options, "felix.fileinstall.enableConfigSave", "false");
        property(options, "org.apache.felix.http.require.config", "true");
        property(options, "org.osgi.framework.bsnversion", "multiple");
        property(options, "felix.service.urlhandlers", "false");
        property(options, FIXTURES, fixtures(home).toAbsolutePath());
        options.add(systemProperty("pax.exam.osgi.unresolved.fail").value("true"));
        options.add(
                systemProperty("org.ops4j.pax.logging.DefaultServiceLog.level").value("WARN"));
        options.add(junitBundles());
        return composite(options.toArray(new Option[0]));
    }

    /** Writes a bundle that the test installs by name. */
    static void fixture(Home home, String name, byte[] jar) {
        try {
            Files.write(Files.createDirectories(fixtures(home)).resolve(name), jar);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path fixtures(Home home) {
        return home.path().resolve("fixtures");
    }

    private static void property(List<Option> options, String name, Object value) {
        options.add(frameworkProperty(name).value(value.toString()));
    }
}
