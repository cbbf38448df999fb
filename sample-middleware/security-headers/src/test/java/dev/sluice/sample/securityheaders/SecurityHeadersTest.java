package dev.sluice.sample.securityheaders;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SecurityHeadersTest {

    @Test
    void withoutAConfigurationTheDefaultsAreSent() throws Exception {
        assertThat(headersSeenByTheRest(new SecurityHeaders(config(Map.of()))))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "X-Content-Type-Options", "nosniff",
                        "X-Frame-Options", "DENY",
                        "Content-Security-Policy", "frame-ancestors 'none'",
                        "Referrer-Policy", "strict-origin-when-cross-origin",
                        "Permissions-Policy", "geolocation=(), camera=(), microphone=()"));
    }

    @Test
    void aConfiguredValueReplacesTheDefault() throws Exception {
        assertThat(headersSeenByTheRest(new SecurityHeaders(config(
                        Map.of("frame_options", "SAMEORIGIN", "strict_transport_security", "max-age=31536000")))))
                .containsEntry("X-Frame-Options", "SAMEORIGIN")
                .containsEntry("Strict-Transport-Security", "max-age=31536000");
    }

    @Test
    void anEmptyValueSwitchesAHeaderOff() throws Exception {
        assertThat(headersSeenByTheRest(
                        new SecurityHeaders(config(Map.of("permissions_policy", "", "referrer_policy", " ")))))
                .doesNotContainKeys("Permissions-Policy", "Referrer-Policy")
                .containsKey("X-Content-Type-Options");
    }

    @Test
    void aChangedConfigurationCountsForTheNextRequest() throws Exception {
        SecurityHeaders middleware = new SecurityHeaders(config(Map.of()));

        middleware.modified(config(Map.of("frame_options", "SAMEORIGIN")));

        assertThat(headersSeenByTheRest(middleware)).containsEntry("X-Frame-Options", "SAMEORIGIN");
    }

    /** Runs one request; the headers are taken when the rest of the chain begins, as it may commit the response. */
    private static Map<String, String> headersSeenByTheRest(SecurityHeaders middleware) throws Exception {
        Map<String, String> headers = new HashMap<>();
        Map<String, String> seen = new HashMap<>();
        HttpServletResponse response = fake(HttpServletResponse.class, (proxy, method, args) -> {
            assertThat(method.getName()).isEqualTo("setHeader");
            headers.put((String) args[0], (String) args[1]);
            return null;
        });
        HttpServletRequest request = fake(HttpServletRequest.class, (proxy, method, args) -> {
            throw new UnsupportedOperationException(method.getName());
        });
        middleware.handle(request, response, (onward, back) -> seen.putAll(headers));
        return seen;
    }

    /** A configuration as Declarative Services makes it: what isn't given has the annotation's default. */
    private static SecurityHeadersConfig config(Map<String, String> given) {
        return fake(
                SecurityHeadersConfig.class,
                (proxy, method, args) -> given.getOrDefault(method.getName(), (String) method.getDefaultValue()));
    }

    private static <T> T fake(Class<T> type, InvocationHandler behaviour) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, behaviour));
    }
}
