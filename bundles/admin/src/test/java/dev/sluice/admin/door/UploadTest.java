package dev.sluice.admin.door;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chain.Operator;
import dev.sluice.deployer.ContentView;
import dev.sluice.deployer.Deployments;
import dev.sluice.deployer.DeploymentsView;
import dev.sluice.deployer.PublicationView;
import dev.sluice.deployer.RollBack;
import dev.sluice.deployer.RolloutOrder;
import dev.sluice.deployer.RolloutView;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UploadTest {

    private AdminServer server;
    private final Folder folder = new Folder();

    @BeforeEach
    void start() throws Exception {
        server = new AdminServer();
        server.deployer.set(folder);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    /** Keeps what comes in whole; a file that breaks off leaves nothing, as the contract says. */
    private static final class Folder implements Deployments {
        final Map<String, String> files = new LinkedHashMap<>();
        volatile Optional<String> operator = Optional.empty();

        @Override
        public DeploymentsView view() {
            throw new AssertionError("not asked");
        }

        @Override
        public Path submit(String fileName, InputStream content) throws IOException {
            files.put(fileName, new String(content.readAllBytes(), StandardCharsets.UTF_8));
            operator = Operator.current();
            return Path.of(fileName);
        }

        @Override
        public List<PublicationView> history(int most) {
            throw new AssertionError("not asked");
        }

        @Override
        public List<ContentView> kept(String target) {
            throw new AssertionError("not asked");
        }

        @Override
        public CompletableFuture<RollBack> rollBack(String target, String to) {
            throw new AssertionError("not asked");
        }

        @Override
        public CompletableFuture<RollBack> rollForward(String file) {
            throw new AssertionError("not asked");
        }

        @Override
        public List<RolloutView> rollouts() {
            throw new AssertionError("not asked");
        }

        @Override
        public CompletableFuture<RolloutOrder> pause(String target) {
            throw new AssertionError("not asked");
        }

        @Override
        public CompletableFuture<RolloutOrder> resume(String target) {
            throw new AssertionError("not asked");
        }

        @Override
        public CompletableFuture<RolloutOrder> promote(String target) {
            throw new AssertionError("not asked");
        }

        @Override
        public CompletableFuture<RolloutOrder> abort(String target) {
            throw new AssertionError("not asked");
        }

        @Override
        public boolean owns(long bundleId) {
            return false;
        }
    }

    private static String file(String field, String name, String content) {
        return "--BOUND\r\nContent-Disposition: form-data; name=\"" + field + "\"; filename=\"" + name
                + "\"\r\nContent-Type: application/java-archive\r\n\r\n" + content + "\r\n";
    }

    private static String field(String name, String value) {
        return "--BOUND\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
    }

    private HttpResponse<String> upload(String path, String... parts) throws Exception {
        return server.send(server.to(path)
                .header("Content-Type", "multipart/form-data; boundary=BOUND")
                .POST(BodyPublishers.ofString(String.join("", parts) + "--BOUND--\r\n")));
    }

    @Test
    void anUploadGoesToTheDeployFolderAndTheBrowserBackToThePage() throws Exception {
        HttpResponse<String> answer = upload(
                "/system/console/bundles",
                field("action", "install"),
                field("bundlestart", "start"),
                field("refreshPackages", "refresh"),
                file("bundlefile", "greeting-2.jar", "content"));
        assertThat(answer.statusCode()).isIn(302, 303);
        assertThat(answer.headers().firstValue("Location"))
                .hasValueSatisfying(to -> assertThat(to).endsWith("/system/console/bundles"));
        assertThat(folder.files).isEqualTo(Map.of("greeting-2.jar", "content"));
        assertThat(folder.operator).hasValue("admin");
        assertThat(server.reached.get()).as("the console doesn't see it").isNull();
    }

    @Test
    void aToolIsToldWhatWasUploadedAndWhereToLook() throws Exception {
        HttpResponse<String> answer =
                upload("/system/console/install", file("bundlefile", "a.jar", "A"), field("action", "install"));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json;charset=utf-8");
        assertThat(answer.body()).startsWith("{\"uploaded\":[\"a.jar\"],").contains("/api/v1/status", ".failed");
        assertThat(folder.files).containsOnlyKeys("a.jar");
    }

    @Test
    void severalFilesAndAnEmptyFieldAsTheDialogSendsThem() throws Exception {
        upload(
                "/system/console/bundles",
                file("bundlefile", "a.jar", "A"),
                file("bundlefile", "b.jar", "B"),
                file("bundlefile", "", ""));
        assertThat(folder.files).isEqualTo(Map.of("a.jar", "A", "b.jar", "B"));
    }

    @ParameterizedTest
    @CsvSource({
        "C:\\Users\\me\\a-1.0.jar, a-1.0.jar",
        "/home/me/a-1.0.jar, a-1.0.jar",
        "../../etc/a.jar, a.jar",
        "my bundle (1).jar, my bundle (1).jar"
    })
    void ofAPathOnlyTheFilesNameIsTaken(String sent, String name) throws Exception {
        upload("/system/console/bundles", file("bundlefile", sent.replace("\\", "\\\\"), "A"));
        assertThat(folder.files).containsOnlyKeys(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a.war", "a.txt", ".jar", ".hidden.jar", "..", "a.jar/", "a\u0001.jar", "-rf.jar", "<b>.jar"})
    void anotherNameIsRefused(String name) throws Exception {
        HttpResponse<String> answer = upload("/system/console/bundles", file("bundlefile", name, "A"));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(folder.files).isEmpty();
    }

    @Test
    void aFileThatIsTooLargeIsRefusedAndWhatCameBeforeIsTold() throws Exception {
        server.uploadLimit = 1000;
        HttpResponse<String> answer = upload(
                "/system/console/bundles",
                file("bundlefile", "small.jar", "A".repeat(1000)),
                file("bundlefile", "large.jar", "A".repeat(1001)));
        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.body()).contains("upload.limit.megabytes").contains("small.jar");
        assertThat(folder.files).containsOnlyKeys("small.jar");
    }

    @Test
    void anUploadWithoutAFileIsAMistake() throws Exception {
        assertThat(upload("/system/console/bundles", field("action", "install")).statusCode())
                .isEqualTo(400);
        assertThat(upload("/system/console/bundles", file("other", "a.jar", "A"))
                        .statusCode())
                .isEqualTo(400);
        assertThat(folder.files).isEmpty();
    }

    @Test
    void anUploadThatBreaksOffLeavesNothing() throws Exception {
        HttpResponse<String> answer = server.send(server.to("/system/console/bundles")
                .header("Content-Type", "multipart/form-data; boundary=BOUND")
                .POST(BodyPublishers.ofString(file("bundlefile", "half.jar", "half"))));
        assertThat(answer.statusCode()).isGreaterThanOrEqualTo(400);
        assertThat(folder.files).isEmpty();
    }

    @Test
    void withoutADeployerTheUploadIsRefusedForNow() throws Exception {
        server.deployer.set(null);
        HttpResponse<String> answer = upload("/system/console/bundles", file("bundlefile", "a.jar", "A"));
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(server.reached.get()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bundles/3", "bundles.x", "configMgr/org.apache.felix.http", "vmstat", "install/x", ""})
    void aMultipartRequestToAnythingElseIsRefusedUnread(String page) throws Exception {
        HttpResponse<String> answer =
                upload("/system/console/" + page, field("action", "stop"), file("bundlefile", "a.jar", "A"));
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(folder.files).isEmpty();
        assertThat(server.reached.get()).isNull();
    }
}
