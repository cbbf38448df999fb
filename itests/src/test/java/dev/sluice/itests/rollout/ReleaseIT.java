package dev.sluice.itests.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.sluice.itests.fixture.TestBundle;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Client;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.KeepAlive.Answer;
import dev.sluice.itests.harness.Load;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A release of two bundles under load: no request sees a part of one and a part of the next. */
@Tag("process")
@Tag("one-java")
class ReleaseIT {

    private static final String FILE = "shop.zip";

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    private final Home home = sluices.home();

    @Test
    void itComesIsReplacedSupersededAndRolledBackAsOneAndOutlivesAKill() {
        SluiceProcess sluice = sluices.start(home);
        home.copy(
                TestBundle.of("test.application", "1.0.0")
                        .middleware("application", "/*", -1000, "answer")
                        .jar(),
                "application.jar");
        home.copy(shop("1.0.0", "stamp"), FILE);
        awaitServing(sluice, "1.0.0");
        try (Load load = Load.on(sluice.data("/"), ReleaseIT::complaint)) {
            load.awaitAnswers(100);
            Lingering onTheFirst = Lingering.in(sluice);
            for (String version : new String[] {"2.0.0", "3.0.0", "4.0.0"}) {
                home.copy(shop(version, "stamp"), FILE);
                awaitServing(sluice, version);
                load.awaitAnswers(50);
            }
            Answer last = onTheFirst.end();
            assertThat(complaint(last.status(), last::header)).isEmpty();
            assertThat(last.header("X-second")).contains("1.0.0");
            home.copy(shop("6.0.0", "stamp"), "shop-6.zip");
            awaitServing(sluice, "6.0.0");
            home.remove("shop-6.zip");
            awaitServing(sluice, "4.0.0");

            home.copy(shop("5.0.0", "incomplete"), FILE);
            Await.until(() -> assertThat(home.marker(FILE)).exists());
            assertThat(home.markerText(FILE)).contains("second.jar", "the content before serves on");
            awaitServing(sluice, "4.0.0");
            HttpResponse<String> back =
                    sluice.operator().postForm(sluice.admin("/api/v1/rollback"), "file=" + FILE + "&to=1.0.0");
            assertThat(back.statusCode()).as(back.body()).isEqualTo(200);
            assertThat(version(sluice)).contains("1.0.0");
            load.awaitAnswers(100);
            load.stop();
            assertThat(load.complaints()).isEmpty();
            assertThat(load.failed()).isZero();
        }
        JsonObject last =
                sluice.status().json().getAsJsonArray("history").get(0).getAsJsonObject();
        assertThat(last.get("summary").getAsString()).isEqualTo("roll shop.zip back to shop 1.0.0");
        sluice.kill9();

        SluiceProcess again = sluices.start(home);

        awaitServing(again, "1.0.0");
        Await.until(() -> assertThat(release(again)).isPresent());
        assertThat(release(again).orElseThrow().getAsJsonArray("members").toString())
                .isEqualTo("[\"first.jar\",\"second.jar\"]");
        home.remove(FILE);
        Await.until(() -> assertThat(version(again)).isEmpty());
    }

    private static Optional<JsonObject> release(SluiceProcess sluice) {
        JsonArray deployments = sluice.status().json().getAsJsonArray("deployments");
        for (JsonElement one : deployments) {
            JsonObject deployment = one.getAsJsonObject();
            if (deployment.get("release").isJsonObject()
                    && deployment.get("state").getAsString().equals("PUBLISHED")) {
                return Optional.of(deployment.getAsJsonObject("release"));
            }
        }
        return Optional.empty();
    }

    /** An incomplete one has a bundle that lacks something. */
    private static byte[] shop(String version, String behaviour) {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put(
                "release.json",
                "{\"name\": \"shop\", \"version\": \"%s\"}".formatted(version).getBytes(StandardCharsets.UTF_8));
        entries.put(
                "first.jar",
                TestBundle.of("test.first", version)
                        .middleware("first", "/*", 100, "stamp")
                        .jar());
        TestBundle second = TestBundle.of("test.second", version).middleware("second", "/*", 50, "async");
        if (behaviour.equals("incomplete")) {
            second.imports("not.there");
        }
        entries.put("second.jar", second.jar());
        return zip(entries);
    }

    private static byte[] zip(Map<String, byte[]> entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> one : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(one.getKey()));
                zip.write(one.getValue());
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void awaitServing(SluiceProcess sluice, String version) {
        Await.until(() -> assertThat(version(sluice)).contains(version));
    }

    private static Optional<String> version(SluiceProcess sluice) {
        return Client.anonymous().get(sluice.data("/")).headers().firstValue("X-second");
    }

    private static Optional<String> complaint(HttpResponse<String> answer) {
        return complaint(answer.statusCode(), answer.headers()::firstValue)
                .map(what -> what + " " + answer.headers().map());
    }

    private static Optional<String> complaint(int status, Function<String, Optional<String>> header) {
        Optional<String> first = header.apply("X-first");
        Optional<String> second = header.apply("X-second");
        Optional<String> stopped = header.apply("X-Stopped");
        boolean isGood = status == 200 && first.isPresent() && first.equals(second) && stopped.isEmpty();
        return isGood
                ? Optional.empty()
                : Optional.of(status + ", first " + first + ", second " + second + ", stopped " + stopped);
    }
}
