package dev.sluice.deployer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {

    /** Of the three bytes {@code abc}: the example of FIPS 180-4. */
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    private Path temp;

    private Path dir;
    private Store store;

    @BeforeEach
    void open() throws IOException {
        dir = temp.resolve("data/store");
        store = new Store(dir);
    }

    @Test
    void namesContentByItsDigest() throws IOException {
        StoredCopy copy = store.copyIn(file("a.jar", "abc"));

        assertThat(copy).isEqualTo(new StoredCopy(dir.resolve(ABC + ".jar"), ABC, 3));
        assertThat(copy.path()).hasContent("abc");
        assertThat(store.find(ABC)).contains(copy.path());
    }

    @Test
    void keepsTheSameContentOnce() throws IOException {
        assertThat(store.copyIn(file("a.jar", "abc"))).isEqualTo(store.copyIn(file("b.jar", "abc")));

        assertThat(names()).containsExactly(ABC + ".jar");
    }

    @Test
    void healsADamagedCopyWhenItsContentComesAgain() throws IOException {
        Path stored = store.copyIn(file("a.jar", "abc")).path();
        Files.writeString(stored, "abd");
        assertThat(store.intact(ABC)).isFalse();

        store.copyIn(file("a.jar", "abc"));

        assertThat(store.intact(ABC)).isTrue();
    }

    @Test
    void leavesNothingOfACopyThatFails() {
        assertThatThrownBy(() -> store.copyIn(temp.resolve("missing.jar"))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> store.copyIn(temp)).isInstanceOf(IOException.class);

        assertThat(names()).isEmpty();
    }

    @Test
    void leavesNothingOfACopyThatIsNotKept() throws IOException {
        try (Staged staged = store.stage(file("a.jar", "abc"))) {
            assertThat(staged.copy().path()).hasContent("abc");
            assertThat(store.find(ABC)).isEmpty();
        }

        assertThat(names()).isEmpty();
    }

    @Test
    void clearsAwayWhatAnInterruptedCopyLeft() throws IOException {
        store.copyIn(file("a.jar", "abc"));
        Files.writeString(dir.resolve("3f.tmp"), "half");

        new Store(dir);

        assertThat(names()).containsExactly(ABC + ".jar");
    }

    @Test
    void findsNothingUnderNamesThatAreNoDigests() throws IOException {
        Files.writeString(dir.resolve("x.jar"), "x");

        assertThat(store.find("x")).isEmpty();
        assertThat(store.find("../store/" + ABC)).isEmpty();
        assertThat(store.find(ABC)).isEmpty();
        assertThat(store.intact(ABC)).isFalse();
    }

    @Test
    void prunesAllButWhatIsNamed() throws IOException {
        String kept = store.copyIn(file("a.jar", "kept")).sha256();
        String dropped = store.copyIn(file("a.jar", "dropped")).sha256();
        Store reopened = new Store(dir);

        reopened.prune(Set.of(kept));

        assertThat(reopened.find(kept)).isPresent();
        assertThat(reopened.find(dropped)).isEmpty();
    }

    @Test
    void sparesContentThatCameSinceTheLastPrune() throws IOException {
        String fresh = store.copyIn(file("a.jar", "fresh")).sha256();

        store.prune(Set.of());
        assertThat(store.find(fresh)).isPresent();

        store.prune(Set.of());
        assertThat(store.find(fresh)).isEmpty();
    }

    @Test
    void prunesTheOldestFirstAndNeverWhatIsInUse() throws IOException {
        List<String> oldestFirst = List.of(stored("a", 10), stored("b", 10), stored("c", 10), stored("d", 10));
        List<String> newestFirst =
                List.of(oldestFirst.get(3), oldestFirst.get(2), oldestFirst.get(1), oldestFirst.get(0));
        String never = stored("never published", 10);
        store.prune(Set.copyOf(oldestFirst));

        store.prune(Set.of(oldestFirst.get(0)), newestFirst, 25);

        assertThat(kept(oldestFirst)).containsExactly(true, false, true, true);
        assertThat(store.find(never)).isEmpty();
        store.prune(Set.of(oldestFirst.get(0)), newestFirst, 10);
        assertThat(kept(oldestFirst)).containsExactly(true, false, false, true);
        store.prune(Set.of(oldestFirst.get(0)), newestFirst, 9);
        assertThat(kept(oldestFirst)).containsExactly(true, false, false, false);
    }

    @Test
    void prunesAllThatIsOlderThanWhatDoesNotFit() throws IOException {
        String old = stored("old", 5);
        String large = stored("large", 50);
        String latest = stored("latest", 10);
        store.prune(Set.of(old, large, latest));

        store.prune(Set.of(), List.of(latest, large, old), 30);

        assertThat(kept(List.of(latest, large, old))).containsExactly(true, false, false);
    }

    private String stored(String content, int length) throws IOException {
        return store.copyIn(file("x.jar", content + "x".repeat(length - Math.min(length, content.length()))))
                .sha256();
    }

    private List<Boolean> kept(List<String> contents) {
        return contents.stream().map(sha256 -> store.find(sha256).isPresent()).toList();
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(temp.resolve(name), content);
    }

    private List<String> names() {
        try (Stream<Path> paths = Files.list(dir)) {
            return paths.map(path -> path.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
