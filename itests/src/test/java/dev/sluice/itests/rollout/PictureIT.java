package dev.sluice.itests.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import dev.sluice.itests.harness.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Draws docs/images/rollout.svg from a run of the shipped JAR under load: {@code -Dit.test=PictureIT -Dsluice.picture=true}.
 * What was measured is left in target/rollout.csv.
 */
@Tag("process")
@Tag("one-java")
@EnabledIfSystemProperty(named = "sluice.picture", matches = "true")
class PictureIT {

    private static final int CONNECTIONS = 8;
    private static final long LONGEST_SECONDS = 300;

    /** Before the first share and after the last, so that both can be seen. */
    private static final int MARGIN_SECONDS = 5;

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    private final Home home = sluices.home();

    @Test
    void drawsAGoodVersionAndOneThatIsTakenBack() throws IOException {
        home.configure(
                "dev.sluice.rollout-greeting",
                "middleware=greeting",
                "steps=1,10,50,100",
                "step.time=10s",
                "step.requests=100",
                "bake=10s");
        SluiceProcess sluice = sluices.start(home);
        Greetings.deployApplication(home);
        Greetings.deploy(home, "1.0.0", "stamp");
        Await.until(() -> assertThat(sluice.status().serving("greeting")).contains("1.0.0"));

        List<SharesPicture.Sample> good = watch(sluice, "2.0.0", "stamp");
        assertThat(sluice.status().serving("greeting")).contains("2.0.0");
        List<SharesPicture.Sample> bad = watch(sluice, "3.0.0", "sometimes");
        assertThat(home.markerText(Greetings.FILE)).contains("its rollout was taken back");
        System.out.println(home.markerText(Greetings.FILE));

        SharesPicture picture = new SharesPicture(List.of(
                new SharesPicture.Panel("a good version, and its bake", good),
                new SharesPicture.Panel("one that throws", bad)));
        Files.writeString(Path.of("target/rollout.csv"), picture.csv());
        Path images = Files.createDirectories(Path.of("../docs/images"));
        Files.writeString(images.resolve("rollout.svg"), picture.svg());
    }

    /** What is wanted is what the status says at the end of each second; what is measured is what the clients got in it. */
    private List<SharesPicture.Sample> watch(SluiceProcess sluice, String version, String behaviour) {
        List<SharesPicture.Sample> samples = new ArrayList<>();
        try (Audience audience = new Audience(
                sluice,
                Greetings.STAMP,
                CONNECTIONS,
                1,
                (target, answer) -> Greetings.complaintBeside(version, answer),
                "/")) {
            int over = 0;
            boolean hasBegun = false;
            long start = System.nanoTime();
            long of = seen(audience, version);
            long all = audience.answered();
            for (int second = 1; over < MARGIN_SECONDS && second < LONGEST_SECONDS; second++) {
                if (second == MARGIN_SECONDS) {
                    Greetings.deploy(home, version, behaviour);
                }
                long end = start + TimeUnit.SECONDS.toNanos(second);
                while (System.nanoTime() - end < 0) {
                    LockSupport.parkNanos(end - System.nanoTime());
                }
                long ofNow = seen(audience, version);
                long allNow = audience.answered();
                Status status = sluice.status();
                hasBegun |= !status.rollouts().isEmpty();
                over += hasBegun && status.rollouts().isEmpty() ? 1 : 0;
                double measured = allNow == all ? 0 : 100.0 * (ofNow - of) / (allNow - all);
                samples.add(new SharesPicture.Sample(second, wanted(status, version), measured, allNow - all));
                of = ofNow;
                all = allNow;
            }
            assertThat(audience.end()).isEmpty();
        }
        return samples;
    }

    private static long seen(Audience audience, String version) {
        return audience.of(version) + audience.of(Audience.NO_VERSION);
    }

    private static double wanted(Status status, String version) {
        double whole = status.serving("greeting").filter(version::equals).isPresent() ? 100 : 0;
        return status.rollouts().stream()
                .mapToDouble(Status.Rollout::share)
                .findFirst()
                .orElse(whole);
    }
}
