package dev.sluice.sample.securityheaders;

import dev.sluice.middleware.Middleware;
import dev.sluice.middleware.MiddlewareName;
import dev.sluice.middleware.MiddlewarePaths;
import dev.sluice.middleware.Next;
import dev.sluice.middleware.OnFailure;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.propertytypes.ServiceRanking;
import org.osgi.service.metatype.annotations.Designate;

/** Puts the headers into every response that tell a browser to be careful with it. */
@Component(configurationPid = SecurityHeaders.PID)
@Designate(ocd = SecurityHeadersConfig.class)
@MiddlewareName("security-headers")
@MiddlewarePaths("/*")
@ServiceRanking(5_000) // early, so that answers of other middleware carry the headers too
@OnFailure(OnFailure.CLOSED)
public final class SecurityHeaders implements Middleware {

    /** Also the name of the file in conf/, where a hyphen would mean one of several configurations. */
    static final String PID = "dev.sluice.sample.securityheaders";

    /** Requests read it while a configuration replaces it: one reference to a map that never changes. */
    private volatile Map<String, String> headers;

    @Activate
    public SecurityHeaders(SecurityHeadersConfig config) {
        headers = headersOf(config);
    }

    /** Takes a changed configuration without being replaced, so no request notices. */
    @Modified
    void modified(SecurityHeadersConfig config) {
        headers = headersOf(config);
    }

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, Next next)
            throws IOException, ServletException {
        // Before the rest of the chain runs: afterwards the response may be on its way already. So a servlet that
        // sets one of these headers itself has the last word.
        headers.forEach(response::setHeader);
        next.proceed(request, response);
    }

    private static Map<String, String> headersOf(SecurityHeadersConfig config) {
        return Stream.of(
                        Map.entry("X-Content-Type-Options", config.content_type_options()),
                        Map.entry("X-Frame-Options", config.frame_options()),
                        Map.entry("Content-Security-Policy", config.content_security_policy()),
                        Map.entry("Referrer-Policy", config.referrer_policy()),
                        Map.entry("Permissions-Policy", config.permissions_policy()),
                        Map.entry("Strict-Transport-Security", config.strict_transport_security()))
                .filter(header -> !header.getValue().isBlank())
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, header -> header.getValue().strip()));
    }
}
