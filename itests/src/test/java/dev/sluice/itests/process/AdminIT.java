package dev.sluice.itests.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.fixture.TestBundle;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Client;
import dev.sluice.itests.harness.Digests;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.RawHttp;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The admin listener: who gets in, and what it can't be used for. */
@Tag("process")
@Tag("one-java")
class AdminIT {

    private static final String CONSOLE = "/system/console/bundles";

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    private SluiceProcess sluice;

    @BeforeEach
    void start() {
        sluice = sluices.shared();
    }

    @ParameterizedTest
    @ValueSource(strings = {CONSOLE, "/system/console", "/api/v1/status", "/system/console/res/ui/webconsole.css"})
    void withoutALoginThereIsNothing(String path) {
        HttpResponse<String> answer = Client.anonymous().get(sluice.admin(path));

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate"))
                .hasValueSatisfying(challenge -> assertThat(challenge).startsWith("Basic"));
    }

    @Test
    void otherLoginsAreRefusedAndGuessingIsSlowedDown() {
        SluiceProcess own = sluices.start();
        for (Client client : new Client[] {
            Client.withLogin("admin", "admin"),
            Client.withLogin("admin", ""),
            Client.withLogin("karaf", "karaf"),
            Client.withLogin("root", own.password())
        }) {
            assertThat(client.get(own.admin(CONSOLE)).statusCode()).isEqualTo(401);
        }
        assertThat(own.operator().get(own.admin(CONSOLE)).statusCode()).isEqualTo(200);

        Client guesser = Client.withLogin("admin", "guess");
        Await.until(() -> {
            HttpResponse<String> answer = guesser.get(own.admin("/api/v1/status"));
            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        });
    }

    @Test
    void theGeneratedPasswordIsForItsOwnerOnlyAndNeverPrinted() throws IOException {
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(sluice.home().data().resolve("admin-password"))))
                .isEqualTo("rw-------");
        assertThat(sluice.password()).hasSizeGreaterThanOrEqualTo(20);
        assertThat(sluice.log()).contains("admin-password").doesNotContain(sluice.password());
        assertThat(sluice.operator().get(sluice.admin(CONSOLE)).statusCode()).isEqualTo(200);
    }

    @Test
    void thePasswordMayComeFromAFileOrTheEnvironment() throws IOException {
        Home home = sluices.home();
        var file = Files.writeString(home.path().resolveSibling("secret"), "from a file\n");
        SluiceProcess byFile = sluices.start(SluiceProcess.on(home).args("--admin-password-file", file.toString()));
        assertThat(Client.withLogin("admin", "from a file")
                        .get(byFile.admin(CONSOLE))
                        .statusCode())
                .isEqualTo(200);
        assertThat(home.data().resolve("admin-password")).doesNotExist();

        SluiceProcess byEnvironment =
                sluices.start(SluiceProcess.on(sluices.home()).env("SLUICE_ADMIN_PASSWORD", "from outside"));
        assertThat(Client.withLogin("admin", "from outside")
                        .get(byEnvironment.admin(CONSOLE))
                        .statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/system/console;x/bundles",
                "/system/./console/bundles",
                "/system/x/../console/bundles",
                "//system/console/bundles",
                "/system//console/bundles",
                "/system%2fconsole/bundles",
                "/system/%63onsole/bundles",
                "/system/console/..;/console/bundles",
                "/SYSTEM/CONSOLE/bundles",
                "/health/live/../../system/console/bundles",
                "/health/live;/../../system/console/bundles",
                "/health/%2e%2e/system/console/bundles",
                "/api/v1/status;x",
                "/api/v1/%73tatus"
            })
    void noOtherSpellingOfAPathGetsAroundTheLogin(String target) {
        assertThat(RawHttp.status(sluice.admin(), target)).isIn(400, 401, 404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/index.html", "/system", "/osgi/http", "/api", "/api/v2", "/health"})
    void nothingElseIsServed(String path) {
        HttpResponse<String> answer = sluice.operator().get(sluice.admin(path));

        assertThat(answer.statusCode()).isEqualTo(404);
    }

    @Test
    void middlewareAndServletsOfOthersDoNotAppearOnTheAdminListener() {
        sluice.home()
                .copy(
                        TestBundle.of("test.deny", "1.0.0")
                                .middleware("deny", "/*", 1000, "deny")
                                .jar(),
                        "deny.jar");
        sluice.home().copy(servletWithoutTarget(), "servlet.jar");
        Await.until(() -> assertThat(Answers.get(sluice, "/").statusCode()).isEqualTo(403));
        Await.until(() -> assertThat(sluice.status().stateOf("servlet.jar")).isEqualTo("PUBLISHED"));

        assertThat(sluice.operator().get(sluice.admin("/open")).statusCode()).isEqualTo(404);
        assertThat(Client.anonymous().get(sluice.admin("/open")).statusCode()).isIn(401, 404);
        assertThat(sluice.operator().get(sluice.admin(CONSOLE)).statusCode()).isEqualTo(200);
        assertThat(Client.anonymous().get(sluice.admin("/health/live")).statusCode())
                .isEqualTo(200);
        assertThat(Answers.get(sluice, "/open").statusCode())
                .as("the chain stands before it")
                .isEqualTo(403);
    }

    @Test
    void theDataListenerServesNothingOfTheAdmins() {
        for (String path : new String[] {CONSOLE, "/health/live", "/health/ready", "/api/v1/status"}) {
            assertThat(sluice.operator().get(sluice.data(path)).statusCode())
                    .as(path)
                    .isEqualTo(404);
        }
    }

    @Test
    void liveAndReadyWantNoLogin() {
        assertThat(Client.anonymous().get(sluice.admin("/health/live")).statusCode())
                .isEqualTo(200);
        Await.until(() -> assertThat(
                        Client.anonymous().get(sluice.admin("/health/ready")).statusCode())
                .isEqualTo(200));
    }

    @ParameterizedTest
    @CsvSource({
        "Origin,https://evil.example",
        "Origin,null",
        "Sec-Fetch-Site,cross-site",
        "Referer,https://evil.example/x"
    })
    void aChangeAskedForByAForeignPageIsRefused(String header, String value) {
        long id = deployed("greeting");

        HttpResponse<String> answer =
                sluice.operator().with(header, value).postForm(sluice.admin(CONSOLE + "/" + id), "action=stop");

        assertThat(answer.statusCode()).isEqualTo(403);
        Answers.assertServing(sluice, "greeting", "1.0.0");
    }

    @Test
    void aForeignHostNameIsRefused() {
        String login = "Authorization: "
                + sluice.operator()
                        .request(sluice.admin())
                        .build()
                        .headers()
                        .firstValue("Authorization")
                        .orElseThrow();
        assertThat(RawHttp.status(sluice.admin(), CONSOLE, "Host: evil.example", login))
                .isIn(400, 403, 421);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dev.sluice.chain",
                "dev.sluice.listener",
                "dev.sluice.proxy",
                "dev.sluice.deployer",
                "dev.sluice.admin",
                "org.apache.felix.http.jetty",
                "org.apache.felix.scr",
                "org.apache.felix.framework"
            })
    void theContainersOwnBundlesCannotBeStopped(String symbolicName) {
        long id = bundle(symbolicName);
        for (String action : new String[] {"stop", "uninstall", "update", "refresh"}) {
            HttpResponse<String> answer =
                    sluice.operator().postForm(sluice.admin(CONSOLE + "/" + id), "action=" + action);
            assertThat(answer.statusCode()).as(action + " " + symbolicName).isEqualTo(403);
        }
        assertThat(sluice.isAlive()).isTrue();
        assertThat(Answers.get(sluice, "/").statusCode()).isEqualTo(404);
        assertThat(sluice.operator().get(sluice.admin(CONSOLE)).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shutdown_type=Stop", "shutdown_type=Restart"})
    void theContainerCannotBeStoppedFromTheConsole(String form) {
        assertThat(sluice.operator()
                        .postForm(sluice.admin("/system/console/vmstat"), form + "&shutdown_timer=0")
                        .statusCode())
                .isIn(403, 404);
        assertThat(sluice.isAlive()).isTrue();
    }

    @Test
    void anUploadGoesIntoTheFolderAndDeploys() {
        HttpResponse<String> answer =
                upload("uploaded.jar", TestBundle.stamping("uploaded", "1.0.0").jar());

        assertThat(answer.statusCode()).isBetween(200, 399);
        Answers.awaitServing(sluice, "uploaded", "1.0.0");
        assertThat(sluice.home().deploy("uploaded.jar")).exists();
        Await.until(() -> assertThat(sluice.status().stateOf("uploaded.jar")).isEqualTo("PUBLISHED"));

        upload("uploaded.jar", TestBundle.stamping("uploaded", "2.0.0").jar());
        Answers.awaitServing(sluice, "uploaded", "2.0.0");
        assertThat(sluice.home().files()).containsExactly("uploaded.jar");
    }

    @Test
    void anUploadCannotLeaveTheFolder() {
        upload("../../escaped.jar", TestBundle.stamping("escaped", "1.0.0").jar());

        assertThat(sluice.home().path().resolve("escaped.jar")).doesNotExist();
        assertThat(sluice.home().path().resolveSibling("escaped.jar")).doesNotExist();
    }

    @Test
    void whatAnOperatorStopsStaysStoppedUntilItIsStarted() {
        long id = deployed("greeting");
        assertThat(sluice.operator()
                        .postForm(sluice.admin(CONSOLE + "/" + id), "action=stop")
                        .statusCode())
                .isEqualTo(200);
        Answers.awaitGone(sluice, "greeting");
        Await.until(() -> assertThat(sluice.status().stateOf("greeting.jar")).isEqualTo("STOPPED"));

        sluice.operator().postForm(sluice.admin(CONSOLE + "/" + id), "action=start");
        Answers.awaitServing(sluice, "greeting", "1.0.0");
        Await.until(() -> assertThat(sluice.status().stateOf("greeting.jar")).isEqualTo("PUBLISHED"));
    }

    @Test
    void statusSaysAllThatTheDocumentationPromises() {
        deployed("greeting");

        var status = sluice.status();

        assertThat(status.generation()).isPositive();
        assertThat(status.place("greeting")).hasValueSatisfying(place -> {
            assertThat(place.version()).contains("1.0.0");
            assertThat(place.state()).isEqualTo("SERVING");
            assertThat(place.ranking()).isEqualTo(100);
            assertThat(place.paths()).containsExactly("/*");
            assertThat(place.owner()).isEqualTo("test.greeting");
            assertThat(place.leases()).isZero();
            assertThat(place.json().get("onFailure").getAsString()).isEqualToIgnoringCase("closed");
        });
        assertThat(status.deployment("greeting.jar")).hasValueSatisfying(deployment -> {
            assertThat(deployment.state()).isEqualTo("PUBLISHED");
            assertThat(deployment.sha256())
                    .contains(Digests.sha256(
                            TestBundle.stamping("greeting", "1.0.0").jar()));
            assertThat(deployment.json().get("since").getAsString()).startsWith("20");
            assertThat(deployment.json().get("firstSeen").getAsString()).startsWith("20");
        });
        assertThat(status.alarms()).isEmpty();
    }

    private long deployed(String name) {
        sluice.home().copy(TestBundle.stamping(name, "1.0.0").jar(), name + ".jar");
        Answers.awaitServing(sluice, name, "1.0.0");
        // It serves a moment before the deployer has written so.
        Await.until(() -> assertThat(sluice.status().stateOf(name + ".jar")).isEqualTo("PUBLISHED"));
        return sluice.status().place(name).orElseThrow().bundleId();
    }

    private long bundle(String symbolicName) {
        String list = sluice.operator().get(sluice.admin(CONSOLE + ".json")).body();
        Matcher matcher = Pattern.compile(
                        "\"id\":(\\d+),[^{}]*?\"symbolicName\":\"" + Pattern.quote(symbolicName) + "[^\"]*\"")
                .matcher(list);
        assertThat(matcher.find()).as(symbolicName + " in " + list).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    private HttpResponse<String> upload(String fileName, byte[] jar) {
        String boundary = "----sluice-itests";
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(("--" + boundary + "\r\nContent-Disposition: form-data; name=\"action\"\r\n\r\ninstall\r\n")
                .getBytes(UTF_8));
        body.writeBytes(("--" + boundary + "\r\nContent-Disposition: form-data; name=\"bundlefile\"; filename=\""
                        + fileName + "\"\r\nContent-Type: application/java-archive\r\n\r\n")
                .getBytes(UTF_8));
        body.writeBytes(jar);
        body.writeBytes(("\r\n--" + boundary + "--\r\n").getBytes(UTF_8));
        return sluice.operator()
                .post(sluice.admin(CONSOLE), "multipart/form-data; boundary=" + boundary, body.toByteArray());
    }

    /** A whiteboard servlet that chooses no listener appears on all of them. */
    private static byte[] servletWithoutTarget() {
        return TestBundle.of("test.servlet", "1.0.0")
                .header("Bundle-Activator", "open.Activator")
                .imports("org.osgi.framework")
                .imports("jakarta.servlet")
                .imports("jakarta.servlet.http")
                .source(
                        "open.Activator",
                        """
                        package open;

                        import jakarta.servlet.Servlet;
                        import jakarta.servlet.http.*;
                        import java.io.IOException;
                        import java.util.Hashtable;
                        import org.osgi.framework.*;

                        public final class Activator implements BundleActivator {
                            public void start(BundleContext context) {
                                Hashtable<String, Object> properties = new Hashtable<>();
                                properties.put("osgi.http.whiteboard.servlet.pattern", "/open");
                                context.registerService(Servlet.class, new Open(), properties);
                            }

                            public void stop(BundleContext context) {}

                            public static final class Open extends HttpServlet {
                                @Override
                                protected void doGet(HttpServletRequest request, HttpServletResponse response)
                                        throws IOException {
                                    response.getWriter().print("open");
                                }
                            }
                        }
                        """)
                .jar();
    }
}
