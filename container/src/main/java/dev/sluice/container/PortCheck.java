package dev.sluice.container;

import dev.sluice.container.options.Settings;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;

/**
 * Tries both listeners' addresses before anything is started, so that a taken port is one clear line. Who takes the port
 * between this check and the listener is found by the listener; that's rare, and in the log.
 */
final class PortCheck {

    private PortCheck() {}

    static void check(Settings settings) throws StartFailure {
        if (settings.port() != 0
                && settings.port() == settings.adminPort()
                && overlap(settings.host(), settings.adminHost())) {
            throw StartFailure.usage("--port and --admin-port are both " + settings.port() + ": choose two");
        }
        check(settings.host(), settings.port(), "--host", "--port");
        check(settings.adminHost(), settings.adminPort(), "--admin-host", "--admin-port");
    }

    private static void check(String host, int port, String hostOption, String portOption) throws StartFailure {
        InetAddress address = resolve(host, hostOption);
        try (ServerSocket socket = new ServerSocket()) {
            // As the listener does it: a port in TIME_WAIT after a restart is free.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port));
        } catch (BindException e) {
            throw StartFailure.environment(refusal(host, port, hostOption, portOption, e));
        } catch (IOException e) {
            throw StartFailure.environment("Port " + port + " on " + host + " can't be opened (" + e.getMessage()
                    + "): choose another with " + portOption);
        }
    }

    private static String refusal(String host, int port, String hostOption, String portOption, BindException e) {
        String reason = String.valueOf(e.getMessage());
        if (reason.contains("in use")) {
            return "Port " + port + " on " + host + " is in use: choose another with " + portOption;
        }
        if (reason.contains("assign")) {
            return host + " is no address of this machine: choose another with " + hostOption;
        }
        return "Port " + port + " on " + host + " can't be opened (" + reason + "): choose another with " + portOption;
    }

    private static InetAddress resolve(String host, String hostOption) throws StartFailure {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw StartFailure.environment(
                    "The host " + host + " is unknown: choose an address of this machine with " + hostOption);
        }
    }

    private static boolean overlap(String one, String other) throws StartFailure {
        InetAddress first = resolve(one, "--host");
        InetAddress second = resolve(other, "--admin-host");
        return first.equals(second) || first.isAnyLocalAddress() || second.isAnyLocalAddress();
    }
}
