package dev.sluice.itests.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.harness.RawHttp;
import dev.sluice.itests.wire.Misbehaviour;
import dev.sluice.itests.wire.Scene;
import dev.sluice.itests.wire.Spellings;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * The family "requests": middleware that does what no middleware should, while a request is in it. Each strikes in a
 * middleware of its own path, between two others; afterwards the three are replaced, and what the request held is back.
 */
final class RequestFaults {

    private static final String FAMILY = "requests";

    /** The middleware that misbehaves is deployed once on a stage, for all of these that strike there. */
    private static final Map<Stage, Scene> SCENES = new WeakHashMap<>();

    private RequestFaults() {}

    static List<Catalogue.Row> rows() {
        return List.of(
                Catalogue.Row.of(
                        Fault.of(FAMILY, "a forbidden path in every spelling").strikes(RequestFaults::spell)),
                Catalogue.Row.atOnce(
                        "middleware that misbehaves, and slow clients",
                        Misbehaviour.all().stream().map(RequestFaults::fault).toArray(Fault[]::new)));
    }

    /** Which of these reach a servlet where nobody guards it, another test knows: see {@code PathEncodingsIT}. */
    private static void spell(Stage stage) {
        URI server = stage.sluice().data();
        for (String target : Spellings.of(Target.FORBIDDEN.path() + "/x", server.getAuthority())) {
            assertThat(RawHttp.get(server, target)).as(target).doesNotContain("X-vault", "the vault is open");
        }
    }

    private static Fault fault(Misbehaviour misbehaviour) {
        return Fault.of(FAMILY, misbehaviour.name())
                .strikes(RequestFaults::scene)
                .seen(stage -> {
                    Scene scene = scene(stage);
                    misbehaviour.isSeen().of(scene);
                    scene.assertGivenBack();
                })
                .mended(stage -> {
                    Scene scene = SCENES.remove(stage);
                    if (scene != null) {
                        scene.remove();
                    }
                })
                .thatChangesTheChain();
    }

    private static Scene scene(Stage stage) throws Exception {
        Scene scene = SCENES.get(stage);
        if (scene == null) {
            scene = new Scene(
                    stage.sluice(),
                    Files.createTempDirectory(
                            stage.home().path().toAbsolutePath().getParent(), "signals-"),
                    Misbehaviour.behaviours());
            SCENES.put(stage, scene);
        }
        return scene;
    }
}
