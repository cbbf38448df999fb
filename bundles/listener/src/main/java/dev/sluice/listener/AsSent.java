package dev.sluice.listener;

import java.util.Set;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;

/**
 * What Jetty lets through of a request as its client sent it, where Jetty's own settings would refuse or change it, and Felix
 * HTTP has no setting for that alone.
 *
 * <p>A percent sign in a path ({@code %25}) is one: {@code /100%25.txt}. It is ambiguous only to those who decode twice, and
 * the chain refuses what these would read in another way ({@code /%252e}). All else that is ambiguous stays refused here; so
 * nothing ambiguous is left that the servlet API's methods would have to refuse.
 *
 * <p>And well-known values of fields keep their upper case.
 */
final class AsSent {

    private AsSent() {}

    /** For each request, or each connection, from now on: the server may be running. */
    static void letThrough(ServletContextHandler context) {
        context.getServletHandler().setDecodeAmbiguousURIs(true);
        for (Connector connector : context.getServer().getConnectors()) {
            HttpConnectionFactory http = connector.getConnectionFactory(HttpConnectionFactory.class);
            if (http != null) {
                HttpConfiguration settings = http.getHttpConfiguration();
                settings.setUriCompliance(new UriCompliance("SLUICE", Set.of(Violation.AMBIGUOUS_PATH_ENCODING)));
                settings.setHeaderCacheCaseSensitive(true);
            }
        }
    }
}
