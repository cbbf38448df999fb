package dev.sluice.deployer.deployed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.deployer.ledger.HistoryLimits;
import dev.sluice.deployer.ledger.Ledger;
import dev.sluice.deployer.status.Attempts;
import dev.sluice.deployer.status.Board;
import dev.sluice.deployer.testing.FakeChain;
import dev.sluice.deployer.testing.TestFramework;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstStartTest {

    @TempDir
    Path home;

    private TestFramework framework;
    private FakeChain chain;
    private Board board;
    private Ledger ledger;
    private Attempts attempts;
    private FirstStart firstStart;

    @BeforeEach
    void start() throws Exception {
        framework = new TestFramework(home.resolve("framework"));
        chain = new FakeChain(framework.context());
        board = new Board(home, Clock.systemUTC());
        attempts = new Attempts(board);
        ledger = Ledger.open(home.resolve("ledger"), () -> HistoryLimits.DEFAULT, warning -> {});
        Reservations reservations = new Reservations(chain, ledger, Clock.systemUTC());
        firstStart = new FirstStart(chain, board, attempts, reservations, () -> false, () -> false);
    }

    @AfterEach
    void stop() throws Exception {
        ledger.close();
        framework.close();
    }

    @Test
    void theLogSaysInTheWordsOfTheAlarmWhatKeepsRequestsOutAndWhatToDo() {
        attempts.at("auth.jar").fail("its activator threw");
        String logged = logOf(firstStart::openIfComplete);

        assertThat(chain.view().open()).isFalse();
        assertThat(board.view().alarms())
                .containsExactly("No request is admitted: auth.jar can't be deployed, and nothing tells what it would"
                        + " guard. See auth.jar.failed; fix or remove the file, or set start.on.failure=open in"
                        + " conf/dev.sluice.deployer.cfg");
        assertThat(logged).contains(board.view().alarms().get(0));
        assertThat(logOf(firstStart::openIfComplete)).isEmpty();
    }

    @Test
    void aFileThatIsStillLookedAtIsWaitedForAndNobodyIsToldToFixIt() {
        attempts.at("late.jar");
        assertThat(logOf(firstStart::openIfComplete)).isEmpty();
        assertThat(chain.view().open()).isFalse();
        assertThat(board.view().alarms()).isEmpty();

        attempts.at("auth.jar").fail("its activator threw");
        firstStart.openIfComplete();
        assertThat(board.view().alarms()).singleElement().asString().doesNotContain("late.jar");

        attempts.drop("auth.jar");
        attempts.drop("late.jar");
        firstStart.openIfComplete();
        assertThat(chain.view().open()).isTrue();
        assertThat(board.view().alarms()).isEmpty();
    }

    private static String logOf(Runnable action) {
        PrintStream before = System.err;
        ByteArrayOutputStream logged = new ByteArrayOutputStream();
        System.setErr(new PrintStream(logged, true, StandardCharsets.UTF_8));
        try {
            action.run();
        } finally {
            System.setErr(before);
        }
        // Other threads of this process may log meanwhile.
        return logged.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains(FirstStart.class.getName()))
                .collect(Collectors.joining("\n"));
    }
}
