package dev.sluice.itests.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.fixture.TestBundle;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Client;
import dev.sluice.itests.harness.Load;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Middleware that does what no middleware should: it hurts the requests that run into it, and nobody else. */
@Tag("process")
class MisbehavingIT {

    private static Stand stand;
    private static Scene scene;

    @BeforeAll
    static void start() {
        stand = Stand.start("MisbehavingIT", home -> {
            home.configure("dev.sluice.deployer", "retire.timeout = 2s");
            home.configure("dev.sluice.chain", "inplace.drain.timeout = 2s");
        });
        scene = stand.scene(Misbehaviour.behaviours());
        stand.sluice()
                .home()
                .copy(
                        TestBundle.of("test.calm", "1.0.0")
                                .middleware("calm", "/calm", 0, "answer")
                                .jar(),
                        "calm.jar");
        Await.until(() -> assertThat(Client.anonymous().get(stand.sluice().data("/calm")).statusCode())
                .isEqualTo(200));
    }

    @AfterAll
    static void end() {
        stand.close();
    }

    static List<Misbehaviour> misbehaviours() {
        return Misbehaviour.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("misbehaviours")
    void hurtsNobodyElse(Misbehaviour misbehaviour) throws Exception {
        stand.watch(() -> {
            try (Load load = Load.on(
                    stand.sluice().data("/calm"),
                    answer -> answer.statusCode() == 200 && answer.body().equals("answered")
                            ? Optional.empty()
                            : Optional.of(answer + " " + answer.body()))) {
                load.awaitAnswers(20);
                misbehaviour.isSeen().of(scene);
                scene.assertGivenBack();
                load.awaitAnswers(20);
                assertThat(load.stop().complaints()).isEmpty();
            }
        });
    }
}
