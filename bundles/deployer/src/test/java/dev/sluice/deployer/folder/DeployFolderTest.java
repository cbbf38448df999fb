package dev.sluice.deployer.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeployFolderTest {

    private static final FolderHealth MOUNTED = new FolderHealth.Mounted();
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    @TempDir
    private Path home;

    private Path dir;
    private Path idFile;
    private DeployFolder folder;

    @BeforeEach
    void initialise() throws IOException {
        dir = home.resolve("de ploy");
        idFile = home.resolve("data/deploy-id");
        folder = new DeployFolder(dir, idFile);
        folder.initialise();
    }

    @Test
    void isGivenAnIdThatItSharesWithTheContainer() throws IOException {
        String id = Files.readString(dir.resolve(".sluice-id")).strip();

        assertThat(UUID.fromString(id)).isNotNull();
        assertThat(idFile).hasContent(id);
        assertThat(folder.health()).isEqualTo(MOUNTED);
        assertThat(names(dir)).containsExactly(".sluice-id");
    }

    @Test
    void keepsItsIdWhenTheContainerStartsAgain() throws IOException {
        String id = Files.readString(idFile);

        folder.initialise();

        assertThat(idFile).hasContent(id);
    }

    @Test
    void keepsItsIdWhenTheContainersDataIsNew() throws IOException {
        String id = Files.readString(idFile);
        Files.delete(idFile);
        assertThat(folder.health()).isInstanceOf(FolderHealth.Unavailable.class);

        folder.initialise();

        assertThat(idFile).hasContent(id);
        assertThat(folder.health()).isEqualTo(MOUNTED);
    }

    @Test
    void isNotMadeAgainWhenAKnownOneIsMissing() throws IOException {
        Files.delete(dir.resolve(".sluice-id"));
        Files.delete(dir);

        folder.initialise();

        assertThat(dir).doesNotExist();
        assertThat(alarm()).contains("is missing", "mkdir -p", "cp ");
    }

    @Test
    void isUnavailableWithoutItsMarkerAndSaysHowToPutItBack() throws IOException, InterruptedException {
        Files.delete(dir.resolve(".sluice-id"));
        assertThat(alarm()).contains("mount point");

        String command = alarm().substring(alarm().indexOf("cp "));
        assertThat(new ProcessBuilder("sh", "-c", command).inheritIO().start().waitFor())
                .isZero();

        assertThat(folder.health()).isEqualTo(MOUNTED);
    }

    @Test
    void isUnavailableWithTheMarkerOfAnother() throws IOException {
        Files.writeString(dir.resolve(".sluice-id"), UUID.randomUUID().toString());
        assertThat(alarm()).contains("another folder");

        // As a marker looks that is being put back.
        Files.writeString(dir.resolve(".sluice-id"), "");
        assertThat(alarm()).contains("mount point");
    }

    @Test
    void isUnavailableWhenItIsAFile() throws IOException {
        Files.delete(dir.resolve(".sluice-id"));
        Files.delete(dir);
        Files.writeString(dir, "");

        assertThat(folder.health()).isInstanceOf(FolderHealth.Unavailable.class);
    }

    @Test
    void saysWhatToDoWhenItCannotBeSetUp() throws IOException {
        Path file = Files.writeString(home.resolve("file"), "");

        assertThatThrownBy(() -> new DeployFolder(file.resolve("deploy"), home.resolve("other-id")).initialise())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("make that possible");
    }

    @Test
    void listsJarsOnly() throws IOException {
        for (String name : List.of(
                "b.jar",
                "A.JAR",
                ".hidden.jar",
                "a.jar.failed",
                "a.jar.sha256",
                "x.jar.tmp",
                "notes.txt",
                "ö $(x) '\".jar")) {
            Files.writeString(dir.resolve(name), "");
        }
        Files.createDirectory(dir.resolve("folder.jar"));
        Path elsewhere = Files.writeString(home.resolve("elsewhere.jar"), "");
        Files.createSymbolicLink(dir.resolve("link.jar"), elsewhere);
        Files.createSymbolicLink(dir.resolve("dangling.jar"), home.resolve("missing.jar"));
        Files.createSymbolicLink(dir.resolve("circle.jar"), dir.resolve("circle.jar"));

        assertThat(folder.artifacts())
                .extracting(path -> path.getFileName().toString())
                .containsExactly("A.JAR", "b.jar", "circle.jar", "dangling.jar", "link.jar", "ö $(x) '\".jar");
    }

    @Test
    void doesNotTakeAListingThatFailsForAnEmptyOne() throws IOException {
        Files.delete(dir.resolve(".sluice-id"));
        Files.delete(dir);

        assertThatThrownBy(folder::artifacts).isInstanceOf(IOException.class);
    }

    @Test
    void marksAFileWithReasonAndTime() throws IOException {
        Files.writeString(dir.resolve("a.jar"), "");
        folder.markFailed("a.jar", "It is not a ZIP. Copy another.", NOON);

        assertThat(dir.resolve("a.jar.failed"))
                .content()
                .contains("a.jar is not deployed.", "It is not a ZIP. Copy another.", "2026-01-01T12:00:00Z");
        assertThat(names(dir)).containsExactly(".sluice-id", "a.jar", "a.jar.failed");
    }

    @Test
    void clearsMarkersOfEveryKind() throws IOException {
        for (MarkerKind kind : MarkerKind.values()) {
            folder.mark("a.jar", kind, "why", NOON);
        }
        assertThat(names(dir)).hasSize(5);

        folder.clearMarker("a.jar");

        assertThat(names(dir)).containsExactly(".sluice-id");
    }

    @Test
    void takesAwayOnlyTheMarkersThatSayIncomplete() {
        folder.markFailed("a.jar", Markers.WAITING + "its end is missing", NOON);
        folder.markFailed("b.jar", "It is not a ZIP.", NOON);

        folder.clearWaitingMarker("a.jar");
        folder.clearWaitingMarker("b.jar");
        folder.clearWaitingMarker("c.jar");

        assertThat(names(dir)).containsExactly(".sluice-id", "b.jar.failed");
    }

    @Test
    void sweepsMarkersOfFilesThatAreGone() throws IOException {
        Files.writeString(dir.resolve("a.jar"), "");
        Files.writeString(dir.resolve("mine.txt.failed"), "");
        folder.markFailed("a.jar", "why", NOON);
        folder.markFailed("gone.jar", "why", NOON);
        folder.mark("gone.jar", MarkerKind.STOPPED, "why", NOON);

        folder.artifacts();

        assertThat(names(dir)).containsExactly(".sluice-id", "a.jar", "a.jar.failed", "mine.txt.failed");
    }

    @Test
    void doesNotFailWhenAMarkerCannotBeWritten() throws IOException {
        Files.createDirectories(dir.resolve("a.jar.failed/in-the-way"));
        folder.markFailed("a.jar", "why", NOON);
        folder.clearMarker("a.jar");
        folder.clearWaitingMarker("a.jar");
        folder.markFailed("x".repeat(250) + ".jar", "why", NOON);

        assertThat(names(dir)).containsExactly(".sluice-id", "a.jar.failed");
    }

    @Test
    void writesNoMarkersIntoAnotherFolder() throws IOException {
        Files.delete(dir.resolve(".sluice-id"));

        folder.markFailed("a.jar", "why", NOON);

        assertThat(names(dir)).isEmpty();
    }

    @Test
    void putsAFileWhole() throws IOException {
        Files.writeString(dir.resolve("ö b.jar"), "old");

        Path path = folder.put("ö b.jar", new ByteArrayInputStream("content".getBytes()));

        assertThat(path).isEqualTo(dir.resolve("ö b.jar")).hasContent("content");
        assertThat(names(dir)).containsExactly(".sluice-id", "ö b.jar");
    }

    @Test
    void staysAsItWasWhenTheContentEndsInAnError() throws IOException {
        Files.writeString(dir.resolve("a.jar"), "old");
        InputStream broken = new SequenceInputStream(
                new ByteArrayInputStream(new byte[10]), new FilterInputStream(InputStream.nullInputStream()) {
                    @Override
                    public int read(byte[] buffer, int offset, int length) throws IOException {
                        throw new IOException("the connection is gone");
                    }

                    @Override
                    public int read() throws IOException {
                        throw new IOException("the connection is gone");
                    }
                });

        assertThatThrownBy(() -> folder.put("a.jar", broken)).hasMessageContaining("the connection is gone");
        assertThat(dir.resolve("a.jar")).hasContent("old");
        assertThat(names(dir)).containsExactly(".sluice-id", "a.jar");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a.txt", ".a.jar", "../a.jar", "sub/a.jar", "/a.jar", "a\\b.jar", "a\0.jar", "..", ".jar"})
    void refusesToPutUnderOtherNames(String name) {
        assertThatThrownBy(() -> folder.put(name, InputStream.nullInputStream()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("plain file name");
        assertThat(names(home)).containsExactly("data", "de ploy");
    }

    @Test
    void putsNothingIntoAnotherFolder() throws IOException {
        Files.delete(dir.resolve(".sluice-id"));

        assertThatThrownBy(() -> folder.put("a.jar", InputStream.nullInputStream()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(".sluice-id");
    }

    @Test
    void clearsAwayWhatAnInterruptedPutLeft() throws IOException {
        Files.writeString(dir.resolve(".sluice-1234.part"), "half");

        folder.initialise();

        assertThat(names(dir)).containsExactly(".sluice-id");
    }

    private String alarm() {
        assertThat(folder.health()).isInstanceOf(FolderHealth.Unavailable.class);
        return ((FolderHealth.Unavailable) folder.health()).message();
    }

    private static List<String> names(Path dir) {
        try (Stream<Path> paths = Files.list(dir)) {
            return paths.map(path -> path.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"greeting.jar", "shop.zip", "greeting.jar.d"})
    void saysOfAFolderThatItIsOneAndWhatToDo(String name) throws IOException {
        Files.createDirectory(dir.resolve(name));
        assertThat(folder.artifacts()).isEmpty();
        assertThat(Ignored.why(dir.resolve(name)))
                .startsWith("is a folder, and nothing in it is deployed: ")
                .contains(name.endsWith(".d") ? "put the files themselves" : "pack it");
    }

    @Test
    void saysOfAPipeThatItIsNoFile() throws Exception {
        Path pipe = dir.resolve("greeting.jar");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        assertThat(folder.artifacts()).isEmpty();
        assertThat(Ignored.why(pipe))
                .isEqualTo("is a pipe, socket or device, and not read: put a file there, or take it away");
    }

    @Test
    void saysOfAnyOtherFileHowArtifactsAreCalled() throws IOException {
        Files.writeString(dir.resolve("greeting.war"), "");
        assertThat(Ignored.why(dir.resolve("greeting.war")))
                .isEqualTo("is ignored: only files named *.jar or *.zip are artifacts");
    }
}
