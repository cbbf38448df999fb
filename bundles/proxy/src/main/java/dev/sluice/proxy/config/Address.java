package dev.sluice.proxy.config;

/**
 * Where an upstream is.
 *
 * @param scheme {@code http} or {@code https}
 * @param host a name, an IPv4 address, or an IPv6 address in brackets
 * @param port its port
 * @param basePath what is put before each path: empty, or begins with a slash and doesn't end with one; in the form that
 *     is sent, percent-encoded
 */
public record Address(String scheme, String host, int port, String basePath) {

    /** {@return host and port, as in a Host header: the port is left out where it is the scheme's own} */
    public String authority() {
        boolean isDefault = port == ("https".equals(scheme) ? 443 : 80);
        return isDefault ? host : host + ":" + port;
    }

    /** {@return scheme, host, port and base path, as in a configuration} */
    @Override
    public String toString() {
        return scheme + "://" + authority() + basePath;
    }
}
