package dev.sluice.itests.fault;

import dev.sluice.itests.wire.Misbehaviour;
import dev.sluice.itests.wire.Scene;
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
        return List.of(Catalogue.Row.atOnce(
                "middleware that misbehaves",
                Misbehaviour.all().stream().map(RequestFaults::fault).toArray(Fault[]::new)));
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
