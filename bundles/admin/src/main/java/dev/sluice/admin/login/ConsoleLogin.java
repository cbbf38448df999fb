package dev.sluice.admin.login;

import dev.sluice.admin.http.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.felix.webconsole.spi.SecurityProvider;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.propertytypes.ServiceRanking;
import org.osgi.service.servlet.context.ServletContextHelper;

/**
 * The console's own question whether a request is logged in: only if it came through the door.
 *
 * <p>So the console is closed on whatever other path or listener it is reached, also to the right password, as the guard
 * stands at the door; and its default login never counts. With the framework property
 * {@code felix.webconsole.security.providers=sluice} it is not served at all without this component.
 */
@Component(
        service = SecurityProvider.class,
        configurationPolicy = ConfigurationPolicy.IGNORE,
        property = SecurityProvider.PROPERTY_ID + "=sluice")
@ServiceRanking(Integer.MAX_VALUE)
public final class ConsoleLogin implements SecurityProvider {

    @Override
    public Object authenticate(HttpServletRequest request, HttpServletResponse response) {
        if (Admission.isGranted(request)) {
            request.setAttribute(ServletContextHelper.AUTHENTICATION_TYPE, HttpServletRequest.BASIC_AUTH);
            request.setAttribute(ServletContextHelper.REMOTE_USER, Login.USER);
            return Login.USER;
        }
        try {
            Problem.forbidden("The web console is served on the admin listener only.")
                    .write(request, response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return null;
    }

    @Override
    public boolean authorize(Object user, String role) {
        return Login.USER.equals(user);
    }

    @Override
    public void logout(HttpServletRequest request, HttpServletResponse response) {
        // Nothing is kept between requests; the console makes the browser forget.
    }
}
