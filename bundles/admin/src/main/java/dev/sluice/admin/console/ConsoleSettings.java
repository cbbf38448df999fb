package dev.sluice.admin.console;

import dev.sluice.admin.http.AdminPath;
import dev.sluice.admin.login.Login;
import java.io.IOException;
import java.util.Hashtable;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;

/**
 * Binds the web console to the admin listener, and leaves out its page for stopping the framework.
 *
 * <p>The console takes these from ConfigurationAdmin only, and before it has them would appear on every listener; in that
 * moment {@link dev.sluice.admin.login.ConsoleLogin} keeps it closed.
 */
@Component(service = ConsoleSettings.class, immediate = true, configurationPolicy = ConfigurationPolicy.IGNORE)
public final class ConsoleSettings {

    /** Chooses the admin listener. */
    public static final String ADMIN_TARGET = "(org.apache.felix.http.name=sluice-admin)";

    private static final String PID = "org.apache.felix.webconsole.internal.servlet.OsgiManager";
    private static final String[] PAGES = {
        "org.apache.felix.webconsole.internal.configuration.ConfigManager",
        "org.apache.felix.webconsole.internal.compendium.LogServlet",
        "org.apache.felix.webconsole.internal.core.BundlesServlet",
        "org.apache.felix.webconsole.internal.core.ServicesServlet",
        "org.apache.felix.webconsole.internal.misc.LicenseServlet"
    };

    /**
     * Writes the configuration, unless it is there.
     *
     * @param configurations where to
     * @throws IOException if it can't be written
     */
    @Activate
    public ConsoleSettings(@Reference ConfigurationAdmin configurations) throws IOException {
        Hashtable<String, Object> settings = new Hashtable<>();
        settings.put("manager.root", AdminPath.CONSOLE);
        settings.put("http.service.filter", ADMIN_TARGET);
        settings.put("realm", Login.REALM);
        settings.put("plugins", PAGES);
        configurations.getConfiguration(PID, "?").updateIfDifferent(settings);
    }
}
