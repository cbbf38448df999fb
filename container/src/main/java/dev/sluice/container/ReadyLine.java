package dev.sluice.container;

import dev.sluice.container.options.Settings;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** The one line that a started container prints. */
final class ReadyLine {

    private ReadyLine() {}

    static String of(String version, long millis, Settings settings, int port, int adminPort) {
        return "Sluice " + version + " ready in " + millis + " ms | " + url(settings.host(), port) + " | admin "
                + adminUrl(settings, adminPort);
    }

    static String adminUrl(Settings settings, int adminPort) {
        return url(settings.adminHost(), adminPort) + "/system/console";
    }

    static String url(String host, int port) {
        return "http://" + clickable(host) + ":" + port;
    }

    /** All addresses are no address to go to: this machine's name for itself is one that works. */
    private static String clickable(String host) {
        try {
            if (InetAddress.getByName(host).isAnyLocalAddress()) {
                return "localhost";
            }
        } catch (UnknownHostException e) {
            return host;
        }
        return host.contains(":") ? "[" + host + "]" : host;
    }
}
