package dev.sluice.deployer.folder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.deployer.artifact.TestJar;
import dev.sluice.deployer.artifact.Verdict;
import dev.sluice.deployer.artifact.VerificationLimits;
import dev.sluice.deployer.store.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReconciliationTest extends ReconciliationSetup {

    @Test
    void handsOverAFileThatHasSettled() throws IOException {
        write("a.jar", ONE);
        assertThat(turn(touched("a.jar"))).isEqualTo(WINDOW.toNanos());
        assertThat(heard.drain()).containsExactly("seen a.jar");

        pass(WINDOW);
        turn(Changes.NONE);

        assertThat(heard.drain()).containsExactly("batch +a.jar");
        assertThat(heard.last().accepted()).singleElement().satisfies(artifact -> {
            assertThat(artifact.stored()).isRegularFile().hasParent(stored).hasBinaryContent(ONE);
            assertThat(artifact.sha256()).isEqualTo(Sha256.of(dir.resolve("a.jar")));
        });
        settle(Changes.EVERYTHING);
        assertThat(heard.drain()).isEmpty();
    }

    @Test
    void waitsForAFileThatStillChanges() throws IOException {
        write("a.jar", ONE);
        turn(touched("a.jar"));
        pass(WINDOW.minusMillis(1));
        // No event tells of this change: the look before the copy does.
        write("a.jar", TWO);
        pass(Duration.ofMillis(1));
        assertThat(turn(Changes.NONE)).isEqualTo(WINDOW.toNanos());
        assertThat(heard.drain()).containsExactly("seen a.jar");

        pass(WINDOW);
        turn(Changes.NONE);
        assertThat(heard.last().accepted())
                .singleElement()
                .extracting("version")
                .isEqualTo("2.0.0");
    }

    @Test
    void findsByTheSlowScanWhatNoEventReported() throws IOException {
        write("a.jar", ONE);
        turn(Changes.NONE);
        assertThat(heard.drain()).isEmpty();

        pass(SCAN);
        settle(Changes.NONE);

        assertThat(heard.drain()).containsExactly("seen a.jar", "batch +a.jar");
    }

    @Test
    void doesNothingForATouchedUnchangedFile() throws IOException {
        deployed("a.jar", ONE);
        Files.setLastModifiedTime(dir.resolve("a.jar"), FileTime.fromMillis(1));

        settle(touched("a.jar"));

        assertThat(heard.drain()).containsExactly("seen a.jar", "unchanged a.jar");
    }

    @Test
    void noticesOtherContentThatLooksTheSameWhenAnEventCame() throws IOException {
        byte[] other = TestJar.bundle("com.acme.b", "1").bytes();
        assertThat(other).hasSameSizeAs(ONE);
        deployed("a.jar", ONE);
        FileTime time = Files.getLastModifiedTime(dir.resolve("a.jar"));
        write("a.jar", other);
        Files.setLastModifiedTime(dir.resolve("a.jar"), time);

        settle(touched("a.jar"));

        assertThat(heard.drain()).containsExactly("batch +a.jar");
    }

    @Test
    void noticesByTheScanAFileWhoseTimeWentBack() throws IOException {
        deployed("a.jar", ONE);
        write("a.jar", TWO);
        Files.setLastModifiedTime(dir.resolve("a.jar"), FileTime.fromMillis(1));

        settle(Changes.EVERYTHING);

        assertThat(heard.drain()).containsExactly("seen a.jar", "batch +a.jar");
    }

    @Test
    void handsOverTogetherWhatSettlesTogether() throws IOException {
        write("b.jar", TWO);
        turn(touched("b.jar"));
        pass(WINDOW.minusMillis(1));
        write("a.jar", ONE);
        write("bad.jar", "no zip".getBytes());
        turn(touched("a.jar", "bad.jar"));
        pass(Duration.ofMillis(1));
        turn(Changes.NONE);
        assertThat(heard.drain()).allMatch(line -> line.startsWith("seen"));

        pass(WINDOW);
        turn(Changes.NONE);

        assertThat(heard.drain()).containsExactly("batch +a.jar +b.jar !bad.jar");
    }

    @Test
    void doesNotTakeALinkWhoseTargetIsAwayForARemoval() throws IOException {
        Path target = Files.write(home.resolve("elsewhere.jar"), ONE);
        Files.createSymbolicLink(dir.resolve("a.jar"), target);
        settle(touched("a.jar"));
        assertThat(heard.drain()).containsExactly("seen a.jar", "batch +a.jar");

        Files.delete(target);
        settle(Changes.EVERYTHING);
        pass(Duration.ofSeconds(10));
        turn(Changes.NONE);
        assertThat(heard.drain())
                .hasSize(2)
                .startsWith("seen a.jar")
                .last()
                .asString()
                .contains("waiting a.jar: incomplete, still waiting: it is a link to a file that isn't there");

        Files.write(target, ONE);
        settle(Changes.EVERYTHING);
        assertThat(heard.drain()).containsExactly("unchanged a.jar");
    }

    @Test
    void waitsForAStalledCopyHoweverLongAndSaysSoOnce() throws IOException {
        deployed("a.jar", ONE);
        write("a.jar", Arrays.copyOf(TWO, TWO.length / 2));
        settle(touched("a.jar"));
        assertThat(heard.drain()).containsExactly("seen a.jar");
        assertThat(names(stored)).hasSize(1);

        // Measured from when it was seen: one window has passed.
        assertThat(turn(Changes.NONE)).isLessThanOrEqualTo(SCAN.toNanos());
        pass(Duration.ofSeconds(10).minus(WINDOW).minusMillis(1));
        settleOnly();
        assertThat(heard.drain()).isEmpty();
        pass(Duration.ofMillis(1));
        settleOnly();
        assertThat(heard.drain()).singleElement().asString().startsWith("waiting a.jar: incomplete, still waiting: ");
        assertThat(dir.resolve("a.jar.failed")).content().contains("incomplete, still waiting: its end is missing");

        for (int hour = 0; hour < 24; hour++) {
            pass(Duration.ofHours(1));
            settleOnly();
        }
        assertThat(heard.drain()).isEmpty();

        write("a.jar", TWO);
        settle(touched("a.jar"));
        assertThat(heard.drain()).containsExactly("batch +a.jar");
        assertThat(dir.resolve("a.jar.failed")).doesNotExist();
    }

    @Test
    void takesAwayItsMarkerWhenTheStalledFileIsRemoved() throws IOException {
        write("a.jar", Arrays.copyOf(ONE, 20));
        settle(touched("a.jar"));
        pass(Duration.ofSeconds(10));
        turn(Changes.NONE);
        assertThat(dir.resolve("a.jar.failed")).exists();

        Files.delete(dir.resolve("a.jar"));
        settle(touched("a.jar"));
        settleRemovals();

        assertThat(heard.drain()).last().isEqualTo("batch -a.jar");
        assertThat(dir.resolve("a.jar.failed")).doesNotExist();
    }

    @Test
    void saysThatAFileThatNeverRestsIsStillBeingWritten() throws IOException {
        for (int i = 0; i < 1001; i++) {
            write("a.jar", new byte[i]);
            turn(touched("a.jar"));
            pass(Duration.ofMillis(10));
        }

        assertThat(heard.drain()).hasSize(2).last().asString().contains("still waiting: it is still being written");
    }

    @Test
    void doesNotLetAFileThatNeverRestsHoldUpTheOthers() throws IOException {
        write("a.jar", ONE);
        turn(touched("a.jar"));
        for (int i = 0; i < 60; i++) {
            write("growing.jar", new byte[i]);
            turn(touched("growing.jar"));
            pass(Duration.ofMillis(10));
        }

        assertThat(heard.drain()).containsExactly("seen a.jar", "seen growing.jar", "batch +a.jar");
    }

    @Test
    void refusesOnceUntilTheContentChanges() throws IOException {
        write("a.jar", "no zip".getBytes());
        settle(touched("a.jar"));
        settle(Changes.EVERYTHING);
        settle(touched("a.jar"));
        Files.setLastModifiedTime(dir.resolve("a.jar"), FileTime.fromMillis(1));
        settle(Changes.EVERYTHING);
        assertThat(heard.drain()).containsExactly("seen a.jar", "batch !a.jar", "seen a.jar", "unchanged a.jar");
        assertThat(names(stored)).isEmpty();

        write("a.jar", ONE);
        settle(touched("a.jar"));
        assertThat(heard.drain()).containsExactly("seen a.jar", "batch +a.jar");
    }

    @Test
    void handsOverContentThatComesBackAfterABadOne() throws IOException {
        deployed("a.jar", ONE);
        write("a.jar", "no zip".getBytes());
        settle(touched("a.jar"));
        write("a.jar", ONE);
        settle(touched("a.jar"));

        assertThat(heard.drain()).containsExactly("seen a.jar", "batch !a.jar", "seen a.jar", "batch +a.jar");
    }

    @Test
    void triesAgainAtEachScanWhenTheStoreCannotTakeAFile() throws IOException {
        Files.delete(stored);
        Files.writeString(stored, "in the way");
        write("a.jar", ONE);
        settle(touched("a.jar"));
        assertThat(heard.drain()).containsExactly("seen a.jar", "batch !a.jar");
        assertThat(heard.last().refused()).singleElement().satisfies(refused -> {
            assertThat(refused.retry()).isEqualTo(Verdict.Retry.AT_NEXT_SCAN);
            assertThat(refused.message()).contains("every scan tries again");
        });

        pass(SCAN);
        settle(Changes.NONE);
        assertThat(heard.drain()).as("the same again").isEmpty();

        Files.delete(stored);
        Files.createDirectory(stored);
        pass(SCAN);
        settle(Changes.NONE);
        assertThat(heard.drain()).containsExactly("batch +a.jar");
    }

    @Test
    void refusesTooLargeAFileWithoutCopyingIt() throws IOException {
        limits = new VerificationLimits(100, 100, 100);
        write("a.jar", ONE);

        settle(touched("a.jar"));

        assertThat(heard.drain()).containsExactly("seen a.jar", "batch !a.jar");
        assertThat(heard.last().refused()).singleElement().satisfies(refused -> assertThat(refused.sha256())
                .isEmpty());
    }

    @Test
    void comparesWithWhatWasKnownAtTheStart() throws IOException {
        write("same.jar", ONE);
        write("changed.jar", TWO);
        write("new.jar", TestJar.bundle("com.acme.n", "1").bytes());
        String one = Sha256.of(dir.resolve("same.jar"));
        begin(Map.of("same.jar", one, "changed.jar", one, "gone.jar", one));

        assertThat(turn(Changes.NONE)).isEqualTo(REMOVAL.toNanos());
        settle(Changes.NONE);
        assertThat(heard.drain()).containsExactly("Mounted", "seen new.jar");
        pass(REMOVAL.minus(WINDOW));
        turn(Changes.NONE);
        assertThat(heard.drain()).containsExactly("batch +changed.jar +new.jar -gone.jar");
    }

    @Test
    void takesAwayAMarkerThatAnEarlierRunLeftWhenTheFileIsAsItWas() throws IOException {
        write("a.jar", ONE);
        folder.markFailed("a.jar", Markers.WAITING + "its end is missing", clock.now());
        begin(Map.of("a.jar", Sha256.of(dir.resolve("a.jar"))));

        settle(Changes.NONE);

        assertThat(dir.resolve("a.jar.failed")).doesNotExist();
    }

    @Test
    void handsOverAForgottenFileAgain() throws IOException {
        deployed("a.jar", ONE);

        settle(new Changes(false, Set.of(), Set.of("a.jar", "unknown.jar"), List.of(), List.of()));

        assertThat(heard.drain()).containsExactly("seen a.jar", "batch +a.jar");
    }

    private static List<String> names(Path dir) throws IOException {
        try (Stream<Path> paths = Files.list(dir)) {
            return paths.map(path -> path.getFileName().toString()).toList();
        }
    }
}
