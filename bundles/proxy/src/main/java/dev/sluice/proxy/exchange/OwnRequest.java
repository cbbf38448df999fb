package dev.sluice.proxy.exchange;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Tells what the client has sent from what middleware, by wrapping the request, has made of it. */
final class OwnRequest {

    private final HttpServletRequest wrapped;
    private final HttpServletRequest own;

    OwnRequest(HttpServletRequest wrapped) {
        this.wrapped = wrapped;
        ServletRequest inner = wrapped;
        while (inner instanceof ServletRequestWrapper wrapper) {
            inner = wrapper.getRequest();
        }
        this.own = inner instanceof HttpServletRequest http ? http : wrapped;
    }

    /** {@return the values of a field that the client has sent, as it sent them} */
    List<String> sent(String name) {
        return Collections.list(own.getHeaders(name));
    }

    /**
     * {@return the values of a field that middleware has added or changed} Compared by identity: a client that guesses what
     * middleware is going to set (its own name, say) hasn't sent that very string.
     */
    List<String> added(String name) {
        Set<String> sent = Collections.newSetFromMap(new IdentityHashMap<>());
        sent.addAll(sent(name));
        return Collections.list(wrapped.getHeaders(name)).stream()
                .filter(value -> !sent.contains(value))
                .toList();
    }

    /** {@return whether the target, where it has a scheme, has one that is forwarded} */
    boolean isHttp() {
        String scheme = own.getScheme();
        return "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
    }

    /**
     * {@return http or https: the connection's own} Neither getScheme() nor isSecure() will do: both say what an absolute
     * target says, and that is the client's to choose. What middleware says instead of them is believed.
     */
    String scheme() {
        String said = wrapped.getScheme();
        if (!said.equals(own.getScheme())) {
            return said;
        }
        return own.getServletConnection().isSecure() ? "https" : "http";
    }

    /** {@return the port that the client asked for: that of its Host, or the scheme's} */
    int port() {
        if (wrapped.getServerPort() != own.getServerPort()) {
            return wrapped.getServerPort();
        }
        String host = Forwarding.host(wrapped);
        if (host.isEmpty()) {
            return own.getLocalPort();
        }
        String port = host.substring(host.lastIndexOf(':') + 1);
        boolean isPort = host.indexOf(':') >= 0 && port.matches("\\d{1,5}");
        return isPort ? Integer.parseInt(port) : scheme().equals("https") ? 443 : 80;
    }
}
