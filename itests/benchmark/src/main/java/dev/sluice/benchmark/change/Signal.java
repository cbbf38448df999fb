package dev.sluice.benchmark.change;

import java.io.IOException;

/** Signals that Java can't send. */
final class Signal {

    private Signal() {}

    static void send(String name, long pid) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + name, String.valueOf(pid))
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("no signal " + name + " for process " + pid + ": it is gone");
        }
    }
}
