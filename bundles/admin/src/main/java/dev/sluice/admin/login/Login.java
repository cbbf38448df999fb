package dev.sluice.admin.login;

import dev.sluice.admin.http.AdminPath;
import dev.sluice.admin.http.Answer;
import dev.sluice.admin.http.Check;
import dev.sluice.admin.http.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets the user {@code admin} in, by HTTP Basic (RFC 7617). */
public final class Login implements Check {

    /** The one user. */
    public static final String USER = "admin";

    /** The realm that a browser shows when it asks. */
    public static final String REALM = "Sluice";

    /** Where to look, whichever of them it is; so it tells a stranger nothing of this container. */
    private static final String WHERE = " The password is in the file that --admin-password-file names, else in"
            + " SLUICE_ADMIN_PASSWORD, else in data/admin-password in the container's home.";

    private static final Logger LOG = LoggerFactory.getLogger(Login.class);
    private static final String SCHEME = "basic ";
    private static final Secret USER_NAME = Secret.of(USER);

    private final AdminPassword password;
    private final Throttle throttle;

    Login(AdminPassword password, Throttle throttle) {
        this.password = password;
        this.throttle = throttle;
    }

    /**
     * {@return a login against the password that the operator has set, or that is generated now}
     *
     * @param properties the framework's properties by name; null for one that isn't set
     * @param environment the process's environment by name; null for what isn't set
     */
    public static Login with(UnaryOperator<String> properties, UnaryOperator<String> environment) {
        return new Login(Passwords.choose(properties, environment), new Throttle(System::nanoTime));
    }

    @Override
    public Optional<Answer> stop(HttpServletRequest request, AdminPath path) {
        String header = request.getHeader("Authorization");
        if (header == null) {
            return Optional.of(challenge("Log in as " + USER + "." + WHERE));
        }
        Optional<Secret> expected = password.current();
        if (expected.isEmpty()) {
            return Optional.of(
                    Problem.of(
                            HttpServletResponse.SC_SERVICE_UNAVAILABLE,
                            "No login possible",
                            "The admin password can't be read, so every login is refused. The container's log says what to do."));
        }
        String address = request.getRemoteAddr();
        // The right password is never made to wait: a script with an old one, on the same machine or behind the same
        // proxy,
        // must not keep the operator out.
        if (isRight(header, expected.get())) {
            throttle.succeeded(address);
            return Optional.empty();
        }
        Duration delay = throttle.delay(address);
        if (!delay.isZero()) {
            return Optional.of(tooMany(delay));
        }
        throttle.failed(address);
        LOG.warn("A wrong admin login from {}", address);
        return Optional.of(challenge("The user name or the password is wrong." + WHERE));
    }

    private static boolean isRight(String header, Secret expected) {
        if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return false;
        }
        String pair;
        try {
            byte[] decoded =
                    Base64.getDecoder().decode(header.substring(SCHEME.length()).trim());
            pair = new String(decoded, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return false;
        }
        int colon = pair.indexOf(':');
        if (colon < 0) {
            return false;
        }
        // Both are always compared, so that the time doesn't tell which is wrong.
        boolean user = Secret.of(pair.substring(0, colon)).matches(USER_NAME);
        boolean secret = Secret.of(pair.substring(colon + 1)).matches(expected);
        return user & secret;
    }

    private static Problem challenge(String detail) {
        return Problem.of(HttpServletResponse.SC_UNAUTHORIZED, "Login required", detail)
                .with("WWW-Authenticate", "Basic realm=\"" + REALM + "\", charset=\"UTF-8\"");
    }

    private static Problem tooMany(Duration delay) {
        // Rounded up: who comes back after so many seconds is let in.
        long seconds = Math.max(1, delay.plusMillis(999).toSeconds());
        return Problem.of(429, "Too many wrong logins", "Wait " + seconds + " s, then try again.")
                .with("Retry-After", Long.toString(seconds));
    }
}
