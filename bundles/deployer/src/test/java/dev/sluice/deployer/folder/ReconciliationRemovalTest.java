package dev.sluice.deployer.folder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.deployer.artifact.TestJar;
import dev.sluice.deployer.store.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is missing from the folder: removed, renamed, replaced, or only out of sight. */
class ReconciliationRemovalTest extends ReconciliationSetup {

    @Test
    void doesNothingForAFileThatIsRewrittenWithTheSameContent() throws IOException {
        vanished("a.jar", ONE);
        write("a.jar", ONE);

        settle(touched("a.jar"));

        assertThat(heard.drain()).containsExactly("seen a.jar", "unchanged a.jar");
    }

    @Test
    void saysOnceThatAFileIsGone() throws IOException {
        deployed("a.jar", ONE);
        folder.markFailed("a.jar", "why", clock.now());
        Files.delete(dir.resolve("a.jar"));

        turn(touched("a.jar"));
        assertThat(heard.drain()).isEmpty();
        settleRemovals();
        settle(Changes.EVERYTHING);
        settleRemovals();

        assertThat(heard.drain()).containsExactly("batch -a.jar");
        assertThat(dir.resolve("a.jar.failed")).doesNotExist();
    }

    @Test
    void takesARenameForAMoveInOneBatch() throws IOException {
        deployed("a.jar", ONE);
        Files.move(dir.resolve("a.jar"), dir.resolve("b.jar"));

        settle(touched("a.jar", "b.jar"));

        assertThat(heard.drain()).containsExactly("seen b.jar", "batch +b.jar -a.jar");
    }

    @Test
    void takesADirectoryInTheFilesPlaceForARemoval() throws IOException {
        deployed("a.jar", ONE);
        Files.delete(dir.resolve("a.jar"));
        Files.createDirectory(dir.resolve("a.jar"));

        settle(touched("a.jar"));
        settleRemovals();

        assertThat(heard.drain()).containsExactly("batch -a.jar");
    }

    @Test
    void removesNothingWhenTheFolderIsEmptiedMarkerAndAll() throws IOException {
        deployed("a.jar", ONE);
        Files.delete(dir.resolve("a.jar"));
        Files.delete(dir.resolve(".sluice-id"));

        settle(touched("a.jar"));
        pass(SCAN);
        settle(Changes.EVERYTHING);

        assertThat(heard.drain()).containsExactly("Unavailable");
    }

    @Test
    void removesNothingWhileFilesGoOnVanishingAndTheFolderGoesInTheEnd() throws IOException {
        for (String file : List.of("a.jar", "b.jar", "c.jar", "d.jar")) {
            deployed(file, TestJar.bundle("com.acme." + file.charAt(0), "1").bytes());
        }
        for (String file : List.of("a.jar", "b.jar", "c.jar", "d.jar")) {
            Files.delete(dir.resolve(file));
            turn(touched(file));
            pass(REMOVAL.minusMillis(1));
            turn(Changes.NONE);
        }
        Files.delete(dir.resolve(".sluice-id"));
        pass(REMOVAL);
        turn(Changes.NONE);

        assertThat(heard.drain()).containsExactly("Unavailable");
    }

    @Test
    void wakesWhenTheRemovalIsDueAndNotBefore() throws IOException {
        deployed("a.jar", ONE);
        Files.delete(dir.resolve("a.jar"));

        assertThat(turn(touched("a.jar"))).isEqualTo(REMOVAL.toNanos());
        pass(REMOVAL.minusMillis(1));
        assertThat(turn(Changes.NONE)).isEqualTo(Duration.ofMillis(1).toNanos());
        assertThat(heard.drain()).isEmpty();
        assertThat(reconciliation.isMissing()).isTrue();

        pass(Duration.ofMillis(1));
        assertThat(turn(Changes.NONE)).isEqualTo(SCAN.toNanos());
        assertThat(heard.drain()).containsExactly("batch -a.jar");
        assertThat(reconciliation.isMissing()).isFalse();
    }

    @Test
    void looksForMoreThatVanishedOfWhichNoEventTold() throws IOException {
        deployed("a.jar", ONE);
        deployed("b.jar", TestJar.bundle("com.acme.b", "1").bytes());
        Files.delete(dir.resolve("a.jar"));
        turn(touched("a.jar"));
        Files.delete(dir.resolve("b.jar"));
        pass(REMOVAL);

        assertThat(turn(Changes.NONE)).isEqualTo(REMOVAL.toNanos());
        assertThat(heard.drain()).isEmpty();

        pass(REMOVAL);
        turn(Changes.NONE);
        assertThat(heard.drain()).containsExactly("batch -a.jar -b.jar");
    }

    /** More may have vanished, of which the listing would have told. */
    @Test
    void removesNothingUntilTheFolderCouldBeListedForAWholeWindow() throws IOException {
        vanished("a.jar", ONE);
        cannotBeListed = true;
        pass(REMOVAL);

        assertThat(turn(Changes.NONE)).isEqualTo(REMOVAL.toNanos());
        assertThat(heard.drain()).isEmpty();

        pass(REMOVAL);
        turn(Changes.NONE);
        assertThat(heard.drain()).isEmpty();

        cannotBeListed = false;
        pass(REMOVAL.minusMillis(1));
        turn(Changes.NONE);
        assertThat(heard.drain()).isEmpty();
        pass(Duration.ofMillis(1));
        turn(Changes.NONE);
        assertThat(heard.drain()).containsExactly("batch -a.jar");
    }

    @Test
    void doesNotLetARemovalHoldUpContentThatIsOverwritten() throws IOException {
        deployed("a.jar", ONE);
        deployed("b.jar", TestJar.bundle("com.acme.b", "1").bytes());
        Files.delete(dir.resolve("b.jar"));
        write("a.jar", TWO);

        settle(touched("a.jar", "b.jar"));

        assertThat(heard.drain()).containsExactly("seen a.jar", "batch +a.jar");
    }

    @Test
    void takesAFileThatIsBackWithinTheWindowForOverwritten() throws IOException {
        vanished("a.jar", ONE);
        pass(REMOVAL.minusMillis(1));
        turn(Changes.NONE);
        write("a.jar", TWO);

        settle(touched("a.jar"));
        settleRemovals();

        assertThat(heard.drain()).containsExactly("seen a.jar", "batch +a.jar");
    }

    @Test
    void takesTheSameContentUnderAnotherNameForARenameAsLongAsTheWindowLasts() throws IOException {
        vanished("a.jar", ONE);
        pass(REMOVAL.minusMillis(100));
        write("b.jar", ONE);

        settle(touched("b.jar"));

        assertThat(heard.drain()).containsExactly("seen b.jar", "batch +b.jar -a.jar");
    }

    @Test
    void takesAnotherNameOfTheSameBundleForItsReplacementAtOnceAlsoAfterARestart() throws IOException {
        deployed("a-1.jar", ONE);
        begin(Map.of("a-1.jar", Sha256.of(dir.resolve("a-1.jar"))));
        settle(Changes.NONE);
        heard.drain();
        Files.delete(dir.resolve("a-1.jar"));
        write("a-2.jar", TWO);

        settle(touched("a-1.jar", "a-2.jar"));

        assertThat(heard.drain()).containsExactly("seen a-2.jar", "batch +a-2.jar -a-1.jar");
    }

    @Test
    void doesNotTakeOtherContentOfAnotherFileThatWasThereForAReplacement() throws IOException {
        deployed("a-1.jar", ONE);
        deployed("a-2.jar", TWO);
        Files.delete(dir.resolve("a-1.jar"));
        write("a-2.jar", TestJar.bundle("com.acme.a", "3").bytes());

        settle(touched("a-1.jar", "a-2.jar"));

        assertThat(heard.drain()).containsExactly("seen a-2.jar", "batch +a-2.jar");
    }

    @Test
    void removesNothingWhenTheFolderGoesWhileAFileIsMissed() throws IOException {
        vanished("a.jar", ONE);
        pass(REMOVAL);
        Files.delete(dir.resolve(".sluice-id"));
        turn(Changes.NONE);
        assertThat(heard.drain()).containsExactly("Unavailable");

        Files.copy(home.resolve("data/deploy-id"), dir.resolve(".sluice-id"));
        write("a.jar", ONE);
        settle(Changes.EVERYTHING);
        assertThat(heard.drain()).containsExactly("Mounted");
    }

    @Test
    void takesNothingFromAnotherFolder() throws IOException {
        Files.delete(dir.resolve(".sluice-id"));
        write("a.jar", ONE);

        settle(Changes.EVERYTHING);

        assertThat(heard.drain()).containsExactly("Unavailable");
        assertThat(reconciliation.isMissing()).isFalse();
    }

    @Test
    void comparesAnewWhenTheFolderIsBack() throws IOException {
        deployed("same.jar", ONE);
        deployed("gone.jar", TWO);
        Path away = home.resolve("away");
        Files.move(dir, away);
        settle(Changes.EVERYTHING);
        assertThat(heard.drain()).containsExactly("Unavailable");

        Files.delete(away.resolve("gone.jar"));
        Files.move(away, dir);
        settle(Changes.NONE);
        assertThat(heard.drain()).containsExactly("Mounted");
        settleRemovals();

        assertThat(heard.drain()).containsExactly("batch -gone.jar");
    }
}
