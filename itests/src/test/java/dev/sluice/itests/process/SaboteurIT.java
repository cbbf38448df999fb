package dev.sluice.itests.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.fixture.AnnotatedBundle;
import dev.sluice.itests.fixture.TestBundle;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Client;
import dev.sluice.itests.harness.Saboteur;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The saboteur does what the tests rely on it to do. */
@Tag("process")
@Tag("one-java")
class SaboteurIT {

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    @Test
    void eachCommandDoesWhatItSays() {
        SluiceProcess sluice = sluices.shared();
        Saboteur saboteur = Saboteur.deploy(sluice);
        sluice.home().copy(victim("1.0.0"), "victim.jar");
        awaitVictim(sluice, "1.0.0");

        for (String way : new String[] {"stop", "stop-transient"}) {
            saboteur.does(way, "test.victim");
            Await.until(() -> assertThat(status(sluice)).isEqualTo(503));
            saboteur.does("start", "test.victim");
            awaitVictim(sluice, "1.0.0");
        }
        saboteur.does("update", "test.victim");
        awaitVictim(sluice, "1.0.0");
        saboteur.updates("test.victim", victim("1.1.0"));
        awaitVictim(sluice, "1.1.0");
        saboteur.does("refresh", "test.victim");
        awaitVictim(sluice, "1.1.0");
        saboteur.begins("uninstall", "test.victim");
        Await.until(() -> assertThat(status(sluice)).isEqualTo(503));
        assertThat(saboteur.tries("stop", "test.nobody"))
                .satisfies(answer -> assertThat(answer.statusCode()).isEqualTo(500))
                .satisfies(answer -> assertThat(answer.body()).contains("no bundle test.nobody"));
    }

    @Test
    void aComponentIsDisabledAndEnabled() {
        SluiceProcess sluice = sluices.shared();
        Saboteur saboteur = Saboteur.deploy(sluice);
        sluice.home()
                .copy(
                        AnnotatedBundle.stamping("component", "1.0.0", "", "")
                                .paths("/component")
                                .jar(),
                        "component.jar");
        Await.until(() -> assertThat(Answers.stamp(Answers.get(sluice, "/component"), "component"))
                .contains("1.0.0"));

        saboteur.component("disable-component", "test.component", "fixture.Stamp");
        Await.until(
                () -> assertThat(Answers.get(sluice, "/component").statusCode()).isEqualTo(503));
        saboteur.component("enable-component", "test.component", "fixture.Stamp");
        Await.until(() -> assertThat(Answers.stamp(Answers.get(sluice, "/component"), "component"))
                .contains("1.0.0"));
    }

    private static int status(SluiceProcess sluice) {
        return Client.anonymous().get(sluice.data("/victim")).statusCode();
    }

    private static void awaitVictim(SluiceProcess sluice, String version) {
        Await.until(() -> assertThat(Answers.stamp(Answers.get(sluice, "/victim"), "victim"))
                .contains(version));
    }

    private static byte[] victim(String version) {
        return TestBundle.of("test.victim", version)
                .middleware("victim", "/victim", 1, "stamp")
                .jar();
    }
}
