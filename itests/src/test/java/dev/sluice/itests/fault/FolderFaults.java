package dev.sluice.itests.fault;

import static dev.sluice.itests.fault.Stage.FILE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.fault.Catalogue.Row;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.Mounts;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What happens to the deploy folder as a whole, and to the disk below it. */
final class FolderFaults {

    private static final String FAMILY = FileFaults.FAMILY;
    private static final String NO_MOUNTS =
            "mounting isn't permitted here: run it as root, or with a sudo that doesn't ask";
    private static final String NOBODY = "65534";
    private static final Duration FILE_BY_FILE = Duration.ofMillis(150);

    private FolderFaults() {}

    static List<Row> rows() {
        return List.of(
                Row.of(deleted()),
                Row.of(deletedFileByFile()),
                Row.of(moved()),
                Row.of(withoutItsId()),
                Row.of(aFileInItsPlace()),
                Row.of(hidden()),
                Row.of(unmounted()),
                Row.of(unreadable()),
                Row.of(fullDisk()),
                Row.of(fullDeployFolder()));
    }

    private static Fault deleted() {
        return away("the deploy folder is deleted in one step, and made again as the alarm says")
                .strikes(stage -> {
                    keep(stage);
                    Path gone = Files.move(
                            stage.home().deploy(), stage.home().path().resolveSibling("gone"));
                    Home.delete(gone);
                })
                .seen(stage -> awayButServing(stage, "is missing"))
                .mended(FolderFaults::makeAgain);
    }

    /** The id goes last, and each file is gone for longer than the settle window before the next one goes. */
    private static Fault deletedFileByFile() {
        return away("the deploy folder is deleted slowly, file by file, and made again as the alarm says")
                .strikes(stage -> {
                    keep(stage);
                    for (String file : stage.home().files()) {
                        Files.deleteIfExists(stage.home().deploy(file));
                        LockSupport.parkNanos(FILE_BY_FILE.toNanos());
                    }
                    Home.delete(stage.home().deploy());
                })
                .seen(stage -> awayButServing(stage, "is missing"))
                .mended(FolderFaults::makeAgain);
    }

    private static void makeAgain(Stage stage) throws Exception {
        String alarm = stage.sluice().status().alarms().get(0);
        String[] commands = alarm.substring(alarm.indexOf("mkdir -p")).split(" && ");
        run("sh", "-c", commands[0]);
        // Before the id is back: a folder that counts and is empty would be one whose files were removed.
        copy(away(stage), stage.home().deploy(), file -> !file.endsWith(".sluice-id"));
        run("sh", "-c", commands[1]);
        Home.delete(away(stage));
    }

    private static Fault moved() {
        return away("another, empty folder in its place")
                .strikes(stage -> {
                    Files.move(stage.home().deploy(), away(stage));
                    Files.createDirectory(stage.home().deploy());
                })
                .seen(stage -> awayButServing(stage, ".sluice-id"))
                .mended(stage -> {
                    Files.delete(stage.home().deploy());
                    Files.move(away(stage), stage.home().deploy());
                });
    }

    private static Fault withoutItsId() {
        return away("somebody deletes all hidden files, and all JARs with them")
                .strikes(stage -> {
                    keep(stage);
                    Files.delete(stage.home().deploy(".sluice-id"));
                    stage.home().empty();
                })
                .seen(stage -> awayButServing(stage, ".sluice-id"))
                .mended(FolderFaults::restore);
    }

    private static Fault aFileInItsPlace() {
        return away("a file in its place")
                .strikes(stage -> {
                    Files.move(stage.home().deploy(), away(stage));
                    Files.writeString(stage.home().deploy(), "no folder");
                })
                .seen(stage -> awayButServing(stage, "is missing"))
                .mended(stage -> {
                    Files.delete(stage.home().deploy());
                    Files.move(away(stage), stage.home().deploy());
                });
    }

    private static Fault hidden() {
        return away("another volume mounted over the deploy folder")
                .where(Mounts::permitted, NO_MOUNTS)
                .strikes(stage -> stage.mounts().tmpfs(stage.home().deploy(), "1m"))
                .seen(stage -> awayButServing(stage, ".sluice-id"))
                .mended(stage -> stage.mounts().unmount(stage.home().deploy()));
    }

    private static Fault unmounted() {
        return away("the deploy folder's volume is unmounted")
                .where(Mounts::permitted, NO_MOUNTS)
                .onItsOwn((home, mounts, process) -> mounts.tmpfs(home.deploy(), "8m"))
                .strikes(stage -> {
                    keep(stage);
                    stage.mounts().unmount(stage.home().deploy());
                })
                .seen(stage -> awayButServing(stage, ".sluice-id"))
                .mended(stage -> {
                    stage.mounts().tmpfs(stage.home().deploy(), "8m");
                    restore(stage);
                });
    }

    private static Fault unreadable() {
        return away("the deploy folder may not be read")
                .where(
                        () -> !root() || Files.isExecutable(Path.of("/usr/bin/setpriv")),
                        "root may read all: setpriv is missing")
                .onItsOwn((home, mounts, process) -> {
                    if (root()) {
                        Path parent = home.path().getParent();
                        Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxrwxrwx"));
                        process.by("/usr/bin/setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups");
                        Files.createDirectories(home.conf());
                        run("chown", "-R", NOBODY + ":" + NOBODY, home.path().toString());
                    }
                })
                .strikes(stage -> permissions(stage, "---------"))
                .seen(stage -> awayButServing(stage, "can't be read"))
                .mended(stage -> permissions(stage, "rwxrwxrwx"));
    }

    private static Fault fullDisk() {
        return Fault.of(FAMILY, "a full disk under the whole home")
                .where(Mounts::permitted, NO_MOUNTS)
                .onItsOwn((home, mounts, process) -> mounts.tmpfs(home.path(), "64m"))
                .strikes(stage -> {
                    stage.home().copy(FileFaults.bundle("extra", "1.0.0").jar(), "extra.jar");
                    stage.awaitStamp("/extra", "extra", "1.0.0");
                    // Beside the folder first, where nobody looks, so that it is whole when no room is left.
                    Path waiting = Files.write(
                            stage.home().path().resolve("waiting"),
                            FileFaults.bundle("roomless", "1.0.0").jar());
                    fill(stage);
                    Files.move(waiting, stage.home().deploy(FILE), StandardCopyOption.ATOMIC_MOVE);
                })
                .seen(stage -> {
                    Await.until(() -> assertThat(stage.sluice().status().deployment(FILE))
                            .hasValueSatisfying(deployment -> {
                                assertThat(deployment.state()).isEqualTo("FAILED");
                                assertThat(deployment.reason()).contains("free space");
                            }));
                    awaitNoTemporaries(stage);
                    // A removal can't be written down either; it must not get lost.
                    stage.home().remove("extra.jar");
                    stage.oracle().awaitAnswers(1_000);
                    awaitNoTemporaries(stage);
                })
                .mended(stage -> {
                    Files.delete(filler(stage));
                    stage.awaitStamp("/roomless", "roomless", "1.0.0");
                    stage.awaitGone("extra.jar", "extra");
                    stage.home().remove(FILE);
                    stage.awaitGone(FILE, "roomless");
                })
                .thatChangesTheChain();
    }

    /** What is tried again without room has one for a moment, each time. */
    private static void awaitNoTemporaries(Stage stage) {
        Await.until(() -> assertThat(stage.temporaries()).as("temporary files").isEmpty());
    }

    private static Fault fullDeployFolder() {
        return Fault.of(FAMILY, "a full disk under the deploy folder: a copy that breaks off, an upload, a marker")
                .where(Mounts::permitted, NO_MOUNTS)
                .onItsOwn((home, mounts, process) -> mounts.tmpfs(home.deploy(), "1m"))
                .strikes(stage -> {
                    Files.write(stage.home().deploy("bad.jar"), new byte[] {1});
                    stage.awaitFailed("bad.jar", "ZIP");
                    fillAt(stage.home().deploy(".filler"));
                    // As cp does it: the file is truncated, and then there is no room.
                    try {
                        stage.home().copy(FileFaults.bundle("upload", "1.0.0").jar(), FILE);
                    } catch (java.io.UncheckedIOException noRoom) {
                        assertThat(noRoom).hasMessageContaining("space");
                    }
                })
                .seen(stage -> {
                    assertThat(stage.upload(
                                            "uploaded.jar",
                                            FileFaults.bundle("upload", "1.0.0").jar())
                                    .statusCode())
                            .as("an upload without room for it")
                            .isGreaterThanOrEqualTo(400);
                    assertThat(stage.home().files()).doesNotContain("uploaded.jar");
                    awaitNoTemporaries(stage);
                    stage.oracle().awaitAnswers(500);
                })
                .mended(stage -> {
                    Files.delete(stage.home().deploy(".filler"));
                    stage.home().remove("bad.jar");
                    stage.home().remove(FILE);
                    stage.awaitGone(FILE);
                });
    }

    private static Fault away(String name) {
        return Fault.of(FAMILY, name);
    }

    /** An alarm, and never a mass removal. */
    private static void awayButServing(Stage stage, String why) {
        stage.awaitAlarm(why, stage.home().deploy().toAbsolutePath().normalize().toString());
        Await.until(() -> assertThat(stage.log()).contains(why));
        stage.oracle().awaitAnswers(1_000);
        assertThat(stage.sluice().status().chain()).hasSize(3).allSatisfy(unit -> assertThat(unit.state())
                .isEqualTo("SERVING"));
    }

    private static void keep(Stage stage) throws IOException {
        Files.createDirectories(away(stage));
        copy(stage.home().deploy(), away(stage), any -> true);
    }

    /** The id last: a folder that is known and not yet filled would be one whose files were removed. */
    private static void restore(Stage stage) throws IOException {
        copy(away(stage), stage.home().deploy(), any -> true);
        Home.delete(away(stage));
    }

    private static void copy(Path from, Path to, Predicate<Path> which) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            List<Path> ordered = files.filter(which)
                    .sorted((one, other) -> Boolean.compare(one.endsWith(".sluice-id"), other.endsWith(".sluice-id")))
                    .toList();
            for (Path file : ordered) {
                Files.copy(file, to.resolve(file.getFileName().toString()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static Path away(Stage stage) {
        return stage.home().path().resolveSibling("deploy.away");
    }

    private static Path filler(Stage stage) {
        return stage.home().path().resolve("filler");
    }

    private static void fill(Stage stage) {
        fillAt(filler(stage));
    }

    private static void fillAt(Path file) {
        for (int size = 1 << 16; size > 0; size /= 16) {
            try (OutputStream out = Files.newOutputStream(
                    file, java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.APPEND)) {
                while (true) {
                    out.write(new byte[size]);
                }
            } catch (IOException full) {
                // on with smaller pieces
            }
        }
    }

    private static void permissions(Stage stage, String permissions) throws IOException {
        Files.setPosixFilePermissions(stage.home().deploy(), PosixFilePermissions.fromString(permissions));
    }

    private static boolean root() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }
}
