package dev.sluice.itests.wire;

import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.SluiceProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.function.Consumer;

/** One process for all tests of a class, configured beforehand, with what they deploy left in it from one to the next. */
final class Stand implements AutoCloseable {

    private final Home home;
    private final SluiceProcess sluice;
    private boolean failed;

    private Stand(Home home, SluiceProcess sluice) {
        this.home = home;
        this.sluice = sluice;
    }

    /** Starts it, and waits until it is ready. */
    static Stand start(String name, Consumer<Home> configured, String... arguments) {
        Home home = Home.fresh(name);
        configured.accept(home);
        return new Stand(home, SluiceProcess.on(home).args(arguments).start());
    }

    /** {@return the process} */
    SluiceProcess sluice() {
        return sluice;
    }

    /** {@return a scene in it} */
    Scene scene(List<String> behaviours) {
        try {
            return new Scene(
                    sluice,
                    Files.createTempDirectory(home.path().toAbsolutePath().getParent(), "signals-"),
                    behaviours);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a test; if it fails, prints what the process logged. */
    void watch(Test test) throws Exception {
        int from = sluice.log().length();
        try {
            test.run();
        } catch (Exception | Error e) {
            failed = true;
            System.err.println(
                    "---- the process printed meanwhile\n" + sluice.log().substring(from));
            if (sluice.isAlive()) {
                System.err.println("---- its status: " + sluice.status().json());
            }
            System.err.println("---- end");
            throw e;
        }
    }

    @Override
    public void close() {
        sluice.close();
        if (!failed) {
            home.delete();
        }
    }

    /** What a test does. */
    interface Test {

        /** Does it. */
        void run() throws Exception;
    }
}
