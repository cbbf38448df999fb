package dev.sluice.admin.door;

import dev.sluice.admin.console.ConsoleSettings;
import jakarta.servlet.Servlet;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.servlet.whiteboard.HttpWhiteboardConstants;

/**
 * Knows whether the console is served. While it isn't, its path would lead to whatever servlet of others is on every
 * listener, so nothing is passed on.
 */
@Component(service = ConsolePresence.class, configurationPolicy = ConfigurationPolicy.IGNORE)
public class ConsolePresence {

    @Reference(
            service = Servlet.class,
            target = "(&(manager.root=/system/console)(osgi.http.whiteboard.servlet.pattern=/))",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile ServiceReference<Servlet> console;

    boolean isServed() {
        ServiceReference<Servlet> servlet = console;
        return servlet != null
                && ConsoleSettings.ADMIN_TARGET.equals(
                        servlet.getProperty(HttpWhiteboardConstants.HTTP_WHITEBOARD_TARGET));
    }
}
