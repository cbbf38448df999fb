package dev.sluice.itests.fault;

import static dev.sluice.itests.fault.Stage.PAIR_FILE;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.itests.fault.Catalogue.Row;
import dev.sluice.itests.fixture.Spoiled;
import java.util.List;
import java.util.function.Function;

/** What happens to files in the deploy folder. */
final class FileFaults {

    private static final String FAMILY = "files";

    private FileFaults() {}

    static List<Row> rows() {
        return List.of(
                Row.of(spoiled(
                        "a text file that is called .jar",
                        good -> "hello".repeat(200).getBytes(UTF_8),
                        "ZIP")),
                Row.of(spoiled("an encrypted JAR", Spoiled::encrypted, "encrypted")));
    }

    /** Spoiled content copied over the file of what runs. */
    private static Fault spoiled(String name, Function<byte[], byte[]> spoil, String... words) {
        return Fault.of(FAMILY, name)
                .strikes(stage -> stage.home().copy(spoil.apply(stage.pair()), PAIR_FILE))
                .seen(stage -> stage.awaitFailed(PAIR_FILE, words))
                .mended(stage -> stage.home().copy(stage.pair(), PAIR_FILE));
    }
}
