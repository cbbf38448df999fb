package dev.sluice.deployer.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.deployed.Awaited;
import dev.sluice.deployer.deployed.Roster;
import dev.sluice.deployer.explain.Failure;
import dev.sluice.deployer.trial.Installation;
import java.io.RandomAccessFile;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

class DiskRetriesTest {

    private static final long MORE_THAN_OTHERS_FREE = 64L << 30;

    @TempDir
    Path dir;

    /** Else a bundle that is too large would fill the disk again and again, for all others too. */
    @Test
    void triesOnlyWhatHasRoom() throws Exception {
        BundleContext context = (BundleContext) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (proxy, called, given) -> Constants.FRAMEWORK_STORAGE.equals(given[0]) ? dir.toString() : null);
        Parts parts =
                parts(new Awaited(context, file -> {}), new Installation(context, null, null, Set::of), new Roster());
        Agenda agenda = new Agenda();
        LinkedBlockingQueue<Runnable> steps = new LinkedBlockingQueue<>();
        List<Artifact> tried = new ArrayList<>();
        DiskRetries retries = new DiskRetries(
                parts,
                new Conclusion(parts, null, null, null, null),
                new Retries(parts, agenda),
                agenda,
                (artifacts, gone) -> tried.addAll(artifacts),
                steps::add,
                () -> {});
        parts.awaited().put(artifact("fits.jar", 1000), Failure.ofDisk("no room"));
        parts.awaited()
                .put(
                        artifact("large.jar", Files.getFileStore(dir).getUsableSpace() + MORE_THAN_OTHERS_FREE),
                        Failure.ofDisk("no room"));

        retries.schedule();
        Runnable step = steps.poll(60, TimeUnit.SECONDS);
        assertThat(step).as("what the timer has done").isNotNull();
        step.run();

        assertThat(tried).extracting(Artifact::file).containsExactly("fits.jar");
    }

    /** Without blocks on the disk. */
    private Artifact artifact(String name, long size) throws Exception {
        Path stored = dir.resolve(name);
        try (RandomAccessFile file = new RandomAccessFile(stored.toFile(), "rw")) {
            file.setLength(size);
        }
        return new Artifact(name, name, stored, name, "1.0.0", List.of());
    }

    private static Parts parts(Awaited awaited, Installation installation, Roster roster) {
        return new Parts(
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                roster,
                null,
                awaited,
                null,
                installation,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }
}
