package dev.sluice.itests.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The processes of a test class: one that its tests share, and those that a test starts for itself. Ends them all, and
 * prints what they logged if a test failed.
 */
public final class Sluices implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {

    private final List<SluiceProcess> ofTest = new ArrayList<>();
    private final List<Home> homes = new ArrayList<>();
    private SluiceProcess shared;
    private String name = "test";
    private boolean failed;

    @Override
    public void beforeAll(ExtensionContext context) {
        name = context.getRequiredTestClass().getSimpleName();
    }

    /** {@return the process that the tests of this class share, with nothing in its folder} */
    public SluiceProcess shared() {
        return shared(SluiceProcess::on);
    }

    /** {@return the same, started in a way of its own} */
    public SluiceProcess shared(Function<Home, SluiceProcess.Builder> how) {
        if (shared == null || !shared.isAlive()) {
            shared = how.apply(home()).start();
        }
        return shared;
    }

    /** {@return a home that doesn't exist yet, removed after the tests if they pass} */
    public Home home() {
        Home home = Home.fresh(name);
        homes.add(home);
        return home;
    }

    /** {@return a process on a fresh home, ended after the test} */
    public SluiceProcess start() {
        return start(SluiceProcess.on(home()));
    }

    /** {@return a process on a home, ended after the test} */
    public SluiceProcess start(Home home) {
        return start(SluiceProcess.on(home));
    }

    /** {@return a process that is ready, ended after the test} */
    public SluiceProcess start(SluiceProcess.Builder builder) {
        return launch(builder).awaitReady();
    }

    /**
     * {@return a process that may never get ready, ended after the test} It lives for seconds, and a third of what a start
     * costs is the second compiler, whose work it doesn't live to use; that one runs in what a class shares, and in a soak.
     */
    public SluiceProcess launch(SluiceProcess.Builder builder) {
        if (!Soak.isAsked()) {
            builder.jvm("-XX:TieredStopAtLevel=1");
        }
        SluiceProcess process = builder.launch();
        ofTest.add(process);
        return process;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        boolean testFailed = context.getExecutionException().isPresent();
        failed |= testFailed;
        List<SluiceProcess> seen = new ArrayList<>(ofTest);
        if (shared != null) {
            seen.add(shared);
        }
        if (testFailed) {
            seen.forEach(process -> print(context.getDisplayName(), process));
        }
        ofTest.forEach(SluiceProcess::close);
        ofTest.clear();
        if (shared != null && shared.isAlive()) {
            clear(testFailed);
        }
    }

    /** What one test leaves in the folder is no business of the next; a failed test may leave more than files. */
    private void clear(boolean testFailed) {
        if (testFailed) {
            shared.close();
            return;
        }
        shared.home().empty();
        Await.until(() -> {
            Status status = shared.status();
            if (!status.chain().isEmpty() || shared.home().files().size() > 0) {
                throw new AssertionError("the folder is empty, and this is left: " + status.json());
            }
        });
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (shared != null) {
            shared.close();
        }
        if (!failed) {
            homes.forEach(Home::delete);
        }
    }

    private static void print(String test, SluiceProcess process) {
        System.err.println("---- " + test + ": process " + process.pid() + " on "
                + process.home().path() + " printed");
        System.err.println(process.log());
        if (process.isAlive() && process.isReady()) {
            try {
                System.err.println("---- its status: " + process.status().json());
            } catch (RuntimeException | Error e) {
                System.err.println("---- its status can't be had: " + e);
            }
        }
        System.err.println("---- end");
    }
}
