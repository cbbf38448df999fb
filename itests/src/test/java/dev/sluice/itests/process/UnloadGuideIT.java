package dev.sluice.itests.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.fixture.AnnotatedBundle;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import dev.sluice.itests.harness.Status;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The example of docs/unload.md, with the sources as they stand on that page. */
@Tag("process")
class UnloadGuideIT {

    private static final Duration PATIENCE = Duration.ofSeconds(180);
    private static final Path PAGE = Path.of("../docs/unload.md");
    private static final Pattern SOURCE = Pattern.compile("(?s)```java\\n(package com\\.example\\..*?)```");
    private static final String QUOTA = "com.example.quota";

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    private final List<String> sources = sources();
    private final AnnotatedBundle settings = AnnotatedBundle.of("com.example.settings", "1.0.0")
            .set("-privatepackage", "")
            .set("Export-Package", "com.example.settings;version=1.0.0")
            .source("com.example.settings.Settings", sources.get(0));

    @Test
    void theLeakIsToldThePathShowsItAndTheMendedVersionIsCollected() {
        Home home = sluices.home();
        home.configure("dev.sluice.unload", "unload.probe.interval=2s", "unload.grace=1s");
        SluiceProcess sluice = sluices.start(home);
        home.copy(settings.jar(), "settings.jar");
        Await.until(() -> assertThat(sluice.status().stateOf("settings.jar")).isEqualTo("PUBLISHED"));

        comeAndGo(sluice, "1.0.0", sources.get(1));
        Await.until(PATIENCE, () -> assertThat(
                        sluice.status().unload(QUOTA, "1.0.0").flatMap(Status.Unload::note))
                .hasValueSatisfying(
                        note -> assertThat(note).startsWith("a collection came by that would have taken it")));
        Status.Unload leaked = unload(sluice, "1.0.0");
        assertThat(leaked.verdict()).isEqualTo("PENDING");
        assertThat(leaked.culprits()).isEmpty();
        assertThat(leaked.cleaned()).singleElement().satisfies(cleaned -> assertThat(cleaned)
                .isEqualTo("interrupted thread \"quota-refill\" (a lambda of com.example.quota.Quota),"
                        + " which the middleware has left running"));
        assertThat(sluice.log())
                .contains("com.example.quota 1.0.0 (unload 1) is still in memory, and nobody is accused yet");

        HttpResponse<String> path = sluice.operator()
                .with("Accept", "text/plain")
                .postForm(sluice.admin("/api/v1/unload/explain"), "number=" + leaked.number());
        assertThat(path.statusCode()).as(path.body()).isEqualTo(200);
        assertThat(path.body())
                .contains("static field LISTENERS: java.util.concurrent.CopyOnWriteArrayList")
                .contains(
                        "=> element 0: com.example.quota.Quota  [com.example.quota 1.0.0]  <= here it enters the bundle");
        awaitVerdict(sluice, "1.0.0", "LEAKED");
        assertThat(unload(sluice, "1.0.0").culprits())
                .containsExactly("static field LISTENERS of class com.example.settings.Settings"
                        + " [com.example.settings 1.0.0], which leads to com.example.quota.Quota");
        Await.until(() -> assertThat(sluice.log()).contains("com.example.quota 1.0.0 (unload 1) has leaked"));

        comeAndGo(sluice, "1.2.0", sources.get(2));
        awaitVerdict(sluice, "1.2.0", "COLLECTED");
        assertThat(unload(sluice, "1.2.0").cleaned()).isEmpty();
    }

    private void comeAndGo(SluiceProcess sluice, String version, String source) {
        sluice.home()
                .copy(
                        AnnotatedBundle.of(QUOTA, version)
                                .set("-privatepackage", QUOTA)
                                .source("com.example.quota.Quota", source)
                                .uses(settings)
                                .jar(),
                        "quota.jar");
        Await.until(() -> assertThat(sluice.status().serving("quota")).contains(version));
        assertThat(Answers.get(sluice, "/").headers().firstValue("X-Quota-Left"))
                .isPresent();
        sluice.home().remove("quota.jar");
    }

    private static void awaitVerdict(SluiceProcess sluice, String version, String verdict) {
        Await.until(PATIENCE, () -> assertThat(
                        sluice.status().unload(QUOTA, version).map(Status.Unload::verdict))
                .contains(verdict));
    }

    private static Status.Unload unload(SluiceProcess sluice, String version) {
        return sluice.status().unload(QUOTA, version).orElseThrow();
    }

    /** The library, the middleware that leaks, and the mended one. */
    private static List<String> sources() {
        try {
            List<String> found = SOURCE.matcher(Files.readString(PAGE))
                    .results()
                    .map(block -> block.group(1))
                    .toList();
            assertThat(found).as("the classes on the page").hasSize(3);
            return found;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
