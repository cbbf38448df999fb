package dev.sluice.itests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Real file systems, mounted where the tests want them. Needs root, or a {@code sudo} that doesn't ask. */
public final class Mounts implements AutoCloseable {

    private static final List<String> PREFIX = prefix();

    private final Deque<Path> mounted = new ArrayDeque<>();

    /** {@return whether mounting is permitted here} */
    public static boolean permitted() {
        return Probe.PERMITTED;
    }

    /** Mounts an empty file system of a size, as {@code 32m}. */
    public void tmpfs(Path folder, String size) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        must("mount", "-t", "tmpfs", "-o", "mode=0777,size=" + size, "tmpfs", folder.toString());
        mounted.push(folder);
    }

    /** Shows a folder at another place, where it hides what is there. */
    public void bind(Path folder, Path at) {
        must("mount", "--bind", folder.toString(), at.toString());
        mounted.push(at);
    }

    /** Takes away what was mounted at a folder, whoever uses it. */
    public void unmount(Path folder) {
        if (run("umount", folder.toString()) != null) {
            must("umount", "--lazy", folder.toString());
        }
        mounted.remove(folder);
    }

    @Override
    public void close() {
        while (!mounted.isEmpty()) {
            run("umount", "--lazy", mounted.pop().toString());
        }
    }

    private static void must(String... command) {
        String said = run(command);
        if (said != null) {
            throw new AssertionError(String.join(" ", command) + ": " + said);
        }
    }

    /** {@return what it said if it failed, else null} */
    private static String run(String... command) {
        List<String> whole = new ArrayList<>(PREFIX);
        whole.addAll(List.of(command));
        try {
            Process process =
                    new ProcessBuilder(whole).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String said = Shipped.read(process.getInputStream());
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0 ? null : said + " (failed)";
        } catch (IOException e) {
            return e.toString();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> prefix() {
        return "root".equals(System.getProperty("user.name")) ? List.of() : List.of("sudo", "-n");
    }

    /** Asked once, by a mount. */
    private static final class Probe {
        private static final boolean PERMITTED = permitted();

        private static boolean permitted() {
            try (Mounts mounts = new Mounts()) {
                Path folder = Files.createTempDirectory(Files.createDirectories(Shipped.workDirectory()), "mount");
                mounts.tmpfs(folder, "1m");
                mounts.unmount(folder);
                Files.delete(folder);
                return true;
            } catch (IOException | AssertionError e) {
                return false;
            }
        }
    }
}
