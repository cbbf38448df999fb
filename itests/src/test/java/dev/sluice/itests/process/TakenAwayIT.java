package dev.sluice.itests.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.fixture.TestBundle;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.Saboteur;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What another bundle takes away stays closed, says so in the status of its file, and is brought back by a copy. */
@Tag("process")
@Tag("one-java")
class TakenAwayIT {

    private static final String FILE = "greeting.jar";

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    @ParameterizedTest
    @ValueSource(strings = {"stop", "stop-transient", "uninstall"})
    void anothersDoingIsToldAndUndoneByCopyingTheSameFileAgain(String command) {
        SluiceProcess sluice = sluices.shared();
        Home home = sluice.home();
        Saboteur saboteur = Saboteur.deploy(sluice);
        byte[] greeting = TestBundle.of("test.greeting", "1.0.0")
                .middleware("greeting", "/greeting/*", 100, "stamp")
                .jar();
        home.copy(greeting, FILE);
        Await.until(() -> assertThat(Answers.stamp(Answers.get(sluice, "/greeting/"), "greeting"))
                .contains("1.0.0"));

        saboteur.begins(command, "test.greeting");
        Await.until(() -> {
            assertThat(Answers.get(sluice, "/greeting/").statusCode()).isEqualTo(503);
            assertThat(sluice.status().deployment(FILE).orElseThrow().reason())
                    .contains("its bundle")
                    .contains("operator")
                    .contains("copy the file again");
        });
        assertThat(sluice.status().stateOf(FILE)).isEqualTo("PUBLISHED");
        int told = sluice.status().publicationsOf(FILE).size();

        home.copy(greeting, FILE);
        Await.until(() -> assertThat(Answers.stamp(Answers.get(sluice, "/greeting/"), "greeting"))
                .contains("1.0.0"));
        Await.until(() -> assertThat(sluice.status()
                        .deployment(FILE)
                        .orElseThrow()
                        .json()
                        .get("reason")
                        .isJsonNull())
                .isTrue());
        assertThat(sluice.status().publicationsOf(FILE))
                .as("that it came anew, though with the same content")
                .hasSize(told + 1)
                .first()
                .asString()
                .contains("deploy " + FILE);
    }
}
