package dev.sluice.admin.door;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.sluice.chain.ChainView;
import dev.sluice.chain.FailureMode;
import dev.sluice.chain.PlaceView;
import dev.sluice.chain.RefusedRule;
import dev.sluice.chain.Sticky;
import dev.sluice.chain.StuckThread;
import dev.sluice.chain.TrafficView;
import dev.sluice.chain.Trip;
import dev.sluice.chain.UnitState;
import dev.sluice.chain.UnitView;
import dev.sluice.deployer.Cause;
import dev.sluice.deployer.ContentView;
import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.DeploymentView;
import dev.sluice.deployer.DeploymentsView;
import dev.sluice.deployer.PublicationView;
import dev.sluice.deployer.ReleasedView;
import dev.sluice.deployer.RolloutView;
import dev.sluice.proxy.RefusedRoute;
import dev.sluice.proxy.RouteView;
import dev.sluice.proxy.RoutesView;
import dev.sluice.proxy.UpstreamState;
import dev.sluice.proxy.UpstreamView;
import dev.sluice.unload.Culprit;
import dev.sluice.unload.Departure;
import dev.sluice.unload.UnloadView;
import dev.sluice.unload.Verdict;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Health and status, asked over HTTP. */
class ObservationTest {

    private static final UnitView SERVING = new UnitView(
            "auth",
            "2.0.0",
            "org.auth",
            40,
            UnitState.SERVING,
            3,
            List.of(new StuckThread("qtp-1", 1500, "GET /api/x", "ab12", List.of("org.auth.Auth.handle(Auth.java:1)"))),
            Optional.empty());
    private static final UnitView STANDBY = new UnitView("auth", "1.0.0", "org.auth", 39, UnitState.STANDBY, 0);
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");

    private AdminServer server;

    @BeforeEach
    void start() throws Exception {
        server = new AdminServer();
        server.chain.set(chain(true, false, place(Optional.of(SERVING), FailureMode.CLOSED)));
        server.deployments.set(new DeploymentsView(Path.of("/deploy"), true, List.of(), List.of()));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private static PlaceView place(Optional<UnitView> serving, FailureMode mode) {
        return new PlaceView("auth", "org.auth", 100, List.of("/api/*"), mode, serving, List.of(STANDBY), false, false);
    }

    private static ChainView chain(boolean open, boolean stopping, PlaceView... places) {
        return new ChainView(7, open, stopping, List.of(places), List.of(), 5, 2);
    }

    private String notReady() throws Exception {
        HttpResponse<String> answer = server.send(server.anonymously("/health/ready"));
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
        JsonObject body = JsonParser.parseString(answer.body()).getAsJsonObject();
        assertThat(body.get("ready").getAsBoolean()).isFalse();
        return body.get("missing").toString();
    }

    private JsonObject status() throws Exception {
        return JsonParser.parseString(server.send(server.to("/api/v1/status")).body())
                .getAsJsonObject();
    }

    @Test
    void itIsReadyWhenNothingIsMissing() throws Exception {
        HttpResponse<String> answer = server.send(server.anonymously("/health/ready"));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"ready\":true,\"missing\":[]}");
    }

    @Test
    void itIsNotReadyWithoutChainOrDeployer() throws Exception {
        server.chain.set(null);
        assertThat(notReady()).contains("The chain is away");
        server.deployments.set(null);
        assertThat(notReady()).contains("The chain is away").contains("The deployer is away");
        assertThat(server.send(server.anonymously("/health/live")).statusCode()).isEqualTo(200);
    }

    @Test
    void theAlarmsSayWhyItIsNotReadyButNeverMakeItSo() throws Exception {
        server.deployments.set(
                new DeploymentsView(Path.of("/deploy"), true, List.of(), List.of("Fix or remove b.jar")));
        assertThat(server.send(server.anonymously("/health/ready")).body())
                .isEqualTo("{\"ready\":true,\"missing\":[]}");
        server.chain.set(chain(false, false));
        assertThat(notReady()).contains("admit").contains("Fix or remove b.jar");
    }

    @Test
    void theChainsAlarmsAreToldToo() throws Exception {
        ChainView alarmed = new ChainView(7, false, false, List.of(), List.of(), 5, 2, List.of("Mend the override"));
        server.chain.set(alarmed);
        assertThat(notReady()).contains("admit").contains("Mend the override");
        assertThat(status().get("alarms").toString()).contains("Mend the override");
    }

    @Test
    void itIsNotReadyBeforeTheChainIsOpenNorWhenItStops() throws Exception {
        server.chain.set(chain(false, false));
        assertThat(notReady()).contains("admit");
        server.chain.set(chain(true, true));
        assertThat(notReady()).contains("stopping");
    }

    @Test
    void itIsNotReadyBeforeTheDeployerHasLookedThroughItsFolder() throws Exception {
        server.deployments.set(new DeploymentsView(Path.of("/deploy"), false, List.of(), List.of()));
        assertThat(notReady()).contains("deployer");
    }

    @Test
    void aMissingFailClosedMiddlewareMakesItNotReadyAndAFailOpenOneDoesNot() throws Exception {
        server.chain.set(chain(true, false, place(Optional.empty(), FailureMode.CLOSED)));
        assertThat(notReady()).contains("auth").contains("/api/*");
        assertThat(status().get("alarms").toString())
                .contains("The fail-closed middleware auth is missing", "To do without it");
        server.chain.set(chain(true, false, place(Optional.empty(), FailureMode.OPEN)));
        assertThat(status().get("alarms").toString()).isEqualTo("[]");
        assertThat(server.send(server.anonymously("/health/ready")).statusCode())
                .isEqualTo(200);
    }

    @Test
    void theStatusTellsTheChainInOrderAndTheStandbys() throws Exception {
        JsonObject status = status();
        assertThat(status.get("version").getAsString()).isEqualTo("1.2.3");
        assertThat(status.get("uptimeSeconds").getAsDouble()).isEqualTo(1.5);
        assertThat(status.get("generation").getAsLong()).isEqualTo(7);
        assertThat(status.get("open").getAsBoolean()).isTrue();
        assertThat(status.get("inFlight").getAsLong()).isEqualTo(5);
        assertThat(status.get("held").getAsLong()).isEqualTo(2);
        assertThat(status.get("chain").toString())
                .isEqualTo(
                        "[{\"name\":\"auth\",\"version\":\"2.0.0\",\"state\":\"SERVING\",\"ranking\":100,"
                                + "\"paths\":[\"/api/*\"],\"onFailure\":\"closed\",\"owner\":\"org.auth\",\"bundleId\":40,"
                                + "\"leases\":3,\"blocks\":false,\"required\":false,"
                                + "\"stuck\":[{\"thread\":\"qtp-1\",\"ageMillis\":1500,\"request\":\"GET /api/x\","
                                + "\"incident\":\"ab12\",\"frames\":[\"org.auth.Auth.handle(Auth.java:1)\"]}],\"trip\":null,\"sharing\":[]}]");
        assertThat(status.get("standbys").toString())
                .isEqualTo("[{\"name\":\"auth\",\"version\":\"1.0.0\",\"state\":\"STANDBY\","
                        + "\"symbolicName\":\"org.auth\",\"bundleId\":39,\"leases\":0,\"stuck\":[],\"trip\":null,"
                        + "\"share\":null}]");
    }

    @Test
    void whatIsRequiredMakesItNotReadyAndSaysWhatToDoAndWhatIsHeldDoesNot() throws Exception {
        PlaceView held = new PlaceView(
                "auth", "org.auth", 100, List.of("/*"), FailureMode.CLOSED, Optional.empty(), List.of(), true, true);
        server.chain.set(chain(true, false, held));
        assertThat(server.send(server.anonymously("/health/ready")).statusCode())
                .isEqualTo(200);
        JsonObject place = status().getAsJsonArray("chain").get(0).getAsJsonObject();
        assertThat(place.get("state").getAsString()).isEqualTo("HELD");
        assertThat(place.get("required").getAsBoolean()).isTrue();
        PlaceView required = new PlaceView(
                "auth", "", 100, List.of("/*"), FailureMode.OPEN, Optional.empty(), List.of(), false, true);
        server.chain.set(chain(true, false, required));
        assertThat(notReady()).contains("auth").contains("chain.required");
        assertThat(status().get("alarms").toString()).contains("required (chain.required) middleware auth is missing");
    }

    @Test
    void theStatusTellsWhoSharesRequestsByWhichRuleAndWhichRuleIsRefused() throws Exception {
        UnitView two = sharing("2.0.0", 40, 0.2);
        PlaceView place = new PlaceView(
                "auth",
                "org.auth",
                100,
                List.of("/api/*"),
                FailureMode.CLOSED,
                Optional.of(two),
                List.of(),
                false,
                List.of(two, sharing("1.0.0", 39, 0.8)),
                false);
        TrafficView rule = new TrafficView(
                TrafficView.Origin.OPERATOR,
                false,
                "auth",
                Optional.of("conf/a.cfg"),
                List.of(new TrafficView.Part("1.0.0", 80), new TrafficView.Part("2.0.0", 20)),
                new Sticky.Cookie("id"),
                Optional.of("2.0.0"),
                Optional.of("X-Canary"));
        TrafficView rollout = new TrafficView(
                TrafficView.Origin.ROLLOUT,
                true,
                "org.b",
                Optional.empty(),
                List.of(new TrafficView.Part("3.0.0", 1)),
                Sticky.NONE,
                Optional.empty(),
                Optional.empty());
        RefusedRule refused = new RefusedRule("conf/b.cfg", "it has no weights", true);
        server.chain.set(new ChainView(
                7,
                true,
                false,
                List.of(place),
                List.of(),
                5,
                2,
                List.of(rule, rollout),
                List.of(refused),
                List.of("mend")));
        JsonObject status = status();
        JsonObject shown = status.getAsJsonArray("chain").get(0).getAsJsonObject();
        assertThat(shown.get("version").getAsString()).isEqualTo("2.0.0");
        assertThat(shown.get("sharing").toString())
                .isEqualTo(
                        "[{\"name\":\"auth\",\"version\":\"2.0.0\",\"state\":\"SERVING\",\"symbolicName\":\"org.auth\","
                                + "\"bundleId\":40,\"leases\":0,\"stuck\":[],\"trip\":null,\"share\":0.2},"
                                + "{\"name\":\"auth\",\"version\":\"1.0.0\",\"state\":\"SERVING\",\"symbolicName\":\"org.auth\","
                                + "\"bundleId\":39,\"leases\":0,\"stuck\":[],\"trip\":null,\"share\":0.8}]");
        assertThat(status.get("traffic").toString())
                .isEqualTo("[{\"origin\":\"OPERATOR\",\"middleware\":\"auth\",\"bundle\":null,\"file\":\"conf/a.cfg\","
                        + "\"weights\":[{\"version\":\"1.0.0\",\"weight\":80},{\"version\":\"2.0.0\",\"weight\":20}],"
                        + "\"sticky\":\"cookie:id\",\"canary\":\"2.0.0\",\"canaryHeader\":\"X-Canary\"},"
                        + "{\"origin\":\"ROLLOUT\",\"middleware\":null,\"bundle\":\"org.b\",\"file\":null,"
                        + "\"weights\":[{\"version\":\"3.0.0\",\"weight\":1}],\"sticky\":\"none\",\"canary\":null,"
                        + "\"canaryHeader\":null}]");
        assertThat(status.get("refusedTraffic").toString())
                .isEqualTo("[{\"file\":\"conf/b.cfg\",\"reason\":\"it has no weights\",\"lastGood\":true}]");
        assertThat(server.send(server.anonymously("/health/ready")).statusCode())
                .isEqualTo(200);
    }

    private static UnitView sharing(String version, long bundleId, double share) {
        return new UnitView(
                "auth",
                version,
                "org.auth",
                bundleId,
                UnitState.SERVING,
                0,
                List.of(),
                Optional.empty(),
                OptionalDouble.of(share));
    }

    @Test
    void theStatusTellsAMissingUnit() throws Exception {
        server.chain.set(chain(true, false, place(Optional.empty(), FailureMode.CLOSED)));
        JsonObject place = status().getAsJsonArray("chain").get(0).getAsJsonObject();
        assertThat(place.get("state").getAsString()).isEqualTo("MISSING");
        assertThat(place.get("blocks").getAsBoolean()).isTrue();
        assertThat(place.get("version").isJsonNull()).isTrue();
        assertThat(place.get("bundleId").isJsonNull()).isTrue();
    }

    @Test
    void theStatusTellsWhatBecameOfEachFile() throws Exception {
        DeploymentView good = new DeploymentView(
                "auth-2.jar",
                Optional.of("ab12"),
                Optional.of("org.auth"),
                Optional.of("2.0.0"),
                OptionalLong.of(40),
                DeploymentState.PUBLISHED,
                Optional.empty(),
                List.of("auth"),
                TIME,
                TIME.minusSeconds(1),
                List.of("sha256", "signature by release.pem"));
        DeploymentView bad = new DeploymentView(
                "bad.jar",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                DeploymentState.FAILED,
                Optional.of("Not a ZIP: <copy it again>"),
                List.of(),
                TIME,
                TIME);
        server.deployments.set(new DeploymentsView(Path.of("/deploy"), true, List.of(good, bad), List.of("Look here")));
        JsonObject status = status();
        assertThat(status.get("folder").getAsString()).isEqualTo("/deploy");
        assertThat(status.get("alarms").toString())
                .contains("[\"Look here\",\"bad.jar in the deploy folder is not taken: Not a ZIP: ");
        assertThat(status.getAsJsonArray("deployments").get(0).toString())
                .isEqualTo("{\"file\":\"auth-2.jar\",\"sha256\":\"ab12\",\"state\":\"PUBLISHED\",\"reason\":null,"
                        + "\"symbolicName\":\"org.auth\",\"version\":\"2.0.0\",\"bundleId\":40,\"middleware\":[\"auth\"],"
                        + "\"since\":\"2026-01-02T03:04:05Z\",\"firstSeen\":\"2026-01-02T03:04:04Z\","
                        + "\"verified\":[\"sha256\",\"signature by release.pem\"],\"release\":null}");
        JsonObject failed = status.getAsJsonArray("deployments").get(1).getAsJsonObject();
        assertThat(failed.get("reason").getAsString()).isEqualTo("Not a ZIP: <copy it again>");
        assertThat(failed.get("sha256").isJsonNull()).isTrue();
    }

    @Test
    void theStatusTellsTheLastTwentyPublications() throws Exception {
        PublicationView last = new PublicationView(
                42,
                TIME,
                Optional.of(Cause.OPERATOR),
                "roll auth.jar back to org.auth 1.0.0",
                List.of(new ContentView("auth.jar", "org.auth", "1.0.0", "ab12")),
                List.of(new ContentView("auth.jar", "org.auth", "2.0.0", "cd34")),
                List.of(new ReleasedView(
                        "auth.jar",
                        "cd34",
                        Optional.of(Verdict.COLLECTED),
                        Optional.of(Duration.ofMillis(1500)),
                        Optional.empty(),
                        "collected 1.5 s after its release")));
        PublicationView old =
                new PublicationView(1, TIME, Optional.empty(), "deploy auth.jar", List.of(), List.of(), List.of());
        List<PublicationView> all = new ArrayList<>(Collections.nCopies(30, old));
        all.set(0, last);
        server.history.set(all);
        JsonArray history = status().getAsJsonArray("history");
        assertThat(history).hasSize(20);
        assertThat(history.get(0).toString())
                .isEqualTo("{\"number\":42,\"at\":\"2026-01-02T03:04:05Z\",\"cause\":\"OPERATOR\","
                        + "\"summary\":\"roll auth.jar back to org.auth 1.0.0\","
                        + "\"came\":[{\"file\":\"auth.jar\",\"symbolicName\":\"org.auth\",\"version\":\"1.0.0\","
                        + "\"sha256\":\"ab12\"}],"
                        + "\"went\":[{\"file\":\"auth.jar\",\"symbolicName\":\"org.auth\",\"version\":\"2.0.0\","
                        + "\"sha256\":\"cd34\"}],"
                        + "\"unloads\":[{\"file\":\"auth.jar\",\"sha256\":\"cd34\",\"verdict\":\"COLLECTED\","
                        + "\"seconds\":1.5,\"heldBy\":null,\"summary\":\"collected 1.5 s after its release\"}]}");
        assertThat(history.get(1).getAsJsonObject().get("cause").isJsonNull()).isTrue();
    }

    @Test
    void theStatusTellsTheRolloutsUnderWay() throws Exception {
        RolloutView.Figures figures = new RolloutView.Figures(
                "auth",
                new RolloutView.Counts(10, 1, 2, Map.of("p50", 900L)),
                new RolloutView.Counts(990, 0, 0, Map.of()));
        server.rollouts.set(List.of(new RolloutView(
                "auth.jar",
                List.of("auth"),
                new ContentView("auth.jar", "org.auth", "1.0.0", "ab12"),
                new ContentView("auth.jar", "org.auth", "2.0.0", "cd34"),
                RolloutView.Phase.STEP,
                1.0,
                2,
                4,
                TIME,
                "it has had 10 of 500 requests",
                List.of(figures),
                List.of(new RolloutView.Step(
                        1, 0.5, TIME.minusSeconds(1), TIME, "PASSED", "nothing was wrong", List.of())))));
        assertThat(status().getAsJsonArray("rollouts").toString())
                .isEqualTo("[{\"file\":\"auth.jar\",\"middleware\":[\"auth\"],"
                        + "\"from\":{\"file\":\"auth.jar\",\"symbolicName\":\"org.auth\",\"version\":\"1.0.0\","
                        + "\"sha256\":\"ab12\"},"
                        + "\"to\":{\"file\":\"auth.jar\",\"symbolicName\":\"org.auth\",\"version\":\"2.0.0\","
                        + "\"sha256\":\"cd34\"},"
                        + "\"phase\":\"STEP\",\"share\":1.0,\"step\":2,\"steps\":4,\"since\":\"2026-01-02T03:04:05Z\","
                        + "\"waitingFor\":\"it has had 10 of 500 requests\",\"figures\":[{\"middleware\":\"auth\","
                        + "\"candidate\":{\"requests\":10,\"failures\":1,\"serverErrors\":2,\"micros\":{\"p50\":900}},"
                        + "\"beside\":{\"requests\":990,\"failures\":0,\"serverErrors\":0,\"micros\":{}}}],"
                        + "\"finished\":[{\"step\":1,\"share\":0.5,\"began\":\"2026-01-02T03:04:04Z\","
                        + "\"ended\":\"2026-01-02T03:04:05Z\",\"end\":\"PASSED\",\"reason\":\"nothing was wrong\","
                        + "\"figures\":[]}]}]");
    }

    @Test
    void theStatusSaysWhatIsAwayAndStillTellsTheRest() throws Exception {
        server.chain.set(null);
        JsonObject status = status();
        assertThat(status.get("away").toString()).isEqualTo("[\"chain\"]");
        assertThat(status.get("generation").isJsonNull()).isTrue();
        assertThat(status.getAsJsonArray("alarms")).hasSize(1);
        assertThat(status.get("started").getAsBoolean()).isTrue();
        server.deployments.set(null);
        assertThat(status().get("away").toString()).isEqualTo("[\"chain\",\"deployer\"]");
        server.routes.set(null);
        assertThat(status().get("away").toString()).isEqualTo("[\"chain\",\"deployer\",\"proxy\"]");
        assertThat(status().getAsJsonArray("alarms")).hasSize(3);
        assertThat(notReady()).contains("The proxy is away");
        server.unloads.set(null);
        assertThat(status().get("away").toString()).isEqualTo("[\"chain\",\"deployer\",\"proxy\",\"unload\"]");
        assertThat(status().getAsJsonArray("alarms")).hasSize(4);
    }

    @Test
    void theStatusShowsTheVerdicts() throws Exception {
        server.unloads.set(List.of(unload(3, Verdict.COLLECTED, Optional.of(Duration.ofMillis(1500)), List.of())));

        assertThat(status().get("unloads").toString())
                .isEqualTo("[{\"number\":3,\"bundleId\":7,\"symbolicName\":\"acme.auth\",\"version\":\"1.0.3\","
                        + "\"file\":\"auth.jar\",\"sha256\":\"ab\",\"middleware\":[\"auth\"],"
                        + "\"since\":\"2026-01-02T03:04:05Z\",\"verdict\":\"COLLECTED\",\"seconds\":1.5,"
                        + "\"users\":[],\"culprits\":[],\"cleaned\":[\"it left a timer\"],\"unseen\":[],"
                        + "\"note\":\"nobody knows\"}]");
        assertThat(status().getAsJsonArray("alarms")).isEmpty();
    }

    @Test
    void ofLeakedVersionsThereIsOneAlarmForEachMiddlewareWithTheCulpritsOfTheNewest() throws Exception {
        Culprit newest = new Culprit(Culprit.Kind.THREAD, "thread \"b\"", "End it");
        Culprit older = new Culprit(Culprit.Kind.TIMER, "timer \"a\"", "Cancel it");
        server.unloads.set(List.of(
                unload(3, Verdict.LEAKED, Optional.empty(), List.of(newest)),
                unload(2, Verdict.LEAKED, Optional.empty(), List.of(older)),
                unload(1, Verdict.PENDING, Optional.empty(), List.of())));

        assertThat(status().getAsJsonArray("alarms")).hasSize(1);
        assertThat(alarm())
                .startsWith("2 versions of the middleware auth that left are still in memory:"
                        + " 1.0.3 (unload 3), 1.0.2 (unload 2). 1.0.3 is held by thread \"b\". End it.")
                .contains("number=3")
                .doesNotContain("timer");
    }

    @Test
    void anAlarmIsShortHoweverMuchHoldsIt() throws Exception {
        List<Culprit> many = IntStream.range(0, 300)
                .mapToObj(each ->
                        new Culprit(Culprit.Kind.THREAD, each + "x".repeat(500), "end " + each + "y".repeat(500)))
                .toList();
        server.unloads.set(List.of(unload(1, Verdict.LEAKED, Optional.empty(), many)));

        String alarm = alarm();
        assertThat(alarm).hasSizeLessThan(2_048).contains("End 0y", "number=1");
    }

    @Test
    void anAlarmTellsTheNewestOfManyVersionsAndHowManyMoreThereAre() throws Exception {
        server.unloads.set(IntStream.iterate(40, number -> number > 0, number -> number - 1)
                .mapToObj(number -> unload(number, Verdict.LEAKED, Optional.empty(), List.of()))
                .toList());

        assertThat(alarm())
                .startsWith("40 versions of the middleware auth that left are still in memory: 1.0.40 (unload 40), ")
                .contains(", 1.0.31 (unload 31) and 30 more. What holds 1.0.40 wasn't found.");
    }

    private String alarm() throws Exception {
        return status().getAsJsonArray("alarms").get(0).getAsString();
    }

    private static UnloadView unload(long number, Verdict verdict, Optional<Duration> took, List<Culprit> culprits) {
        return new UnloadView(
                number,
                7,
                "acme.auth",
                "1.0." + number,
                Optional.of(new Departure("auth.jar", "ab", List.of("auth"))),
                Instant.parse("2026-01-02T03:04:05Z"),
                verdict,
                took,
                List.of(),
                culprits,
                List.of("it left a timer"),
                List.of(),
                Optional.of("nobody knows"));
    }

    private static RouteView route(UpstreamState first, UpstreamState second) {
        return new RouteView(
                "api",
                "conf/dev.sluice.route-api.cfg",
                List.of("/api/*"),
                List.of(
                        new UpstreamView("http://a:1", 1, first, 2, 7, Optional.of("refused"), Optional.of(TIME)),
                        new UpstreamView("http://b:1", 3, second, 0, 0, Optional.empty(), Optional.empty())),
                false);
    }

    @Test
    void theStatusTellsTheRoutesAndHowTheirUpstreamsAre() throws Exception {
        server.routes.set(new RoutesView(List.of(route(UpstreamState.EJECTED, UpstreamState.IN_USE)), List.of()));
        JsonObject status = status();
        assertThat(status.get("routes").toString())
                .isEqualTo("[{\"name\":\"api\",\"file\":\"conf/dev.sluice.route-api.cfg\",\"paths\":[\"/api/*\"],"
                        + "\"upToDate\":false,\"upstreams\":[{\"address\":\"http://a:1\",\"weight\":1,"
                        + "\"state\":\"EJECTED\",\"inFlight\":2,\"failures\":7,\"lastFailure\":\"refused\","
                        + "\"lastFailureAt\":\"2026-01-02T03:04:05Z\"},{\"address\":\"http://b:1\",\"weight\":3,"
                        + "\"state\":\"IN_USE\",\"inFlight\":0,\"failures\":0,\"lastFailure\":null,"
                        + "\"lastFailureAt\":null}]}]");
        assertThat(status.getAsJsonArray("alarms")).isEmpty();
    }

    @Test
    void aRouteWithoutAnUpstreamInUseIsAnAlarmAndTheContainerStaysReady() throws Exception {
        server.routes.set(new RoutesView(List.of(route(UpstreamState.EJECTED, UpstreamState.UNHEALTHY)), List.of()));
        assertThat(status().get("alarms").toString()).contains("All upstreams of the route api on [/api/*] fail");
        assertThat(server.send(server.anonymously("/health/ready")).statusCode())
                .isEqualTo(200);
    }

    @Test
    void aRefusedFileIsAnAlarmAndWithoutLastGoodRoutesItIsNotReady() throws Exception {
        server.routes.set(new RoutesView(
                List.of(),
                List.of(new RefusedRoute(
                        "api", "conf/dev.sluice.route-api.cfg", "it has no paths", true, List.of(), List.of(), true))));
        assertThat(status().get("alarms").toString())
                .contains("conf/dev.sluice.route-api.cfg is not taken: it has no paths. The route api goes on");
        assertThat(server.send(server.anonymously("/health/ready")).statusCode())
                .isEqualTo(200);

        server.routes.set(new RoutesView(
                List.of(),
                List.of(new RefusedRoute(
                        "api", "conf/api.cfg", "/* belongs to b", false, List.of("/*"), List.of(), true))));
        assertThat(status().get("alarms").toString()).contains("[\"conf/api.cfg is not taken: /* belongs to b.\"]");
        assertThat(server.send(server.anonymously("/health/ready")).statusCode())
                .isEqualTo(200);

        server.routes.set(new RoutesView(
                List.of(),
                List.of(new RefusedRoute("api", "conf/api.cfg", "what is this", false, List.of(), List.of(), true))));
        assertThat(notReady())
                .contains("Which paths it is for can't be made out, so requests on them go where other routes have");

        server.routes.set(new RoutesView(
                List.of(),
                List.of(new RefusedRoute(
                        "api", "conf/api.cfg", "no upstreams", false, List.of("/api/*"), List.of("/api/*"), true))));
        assertThat(notReady())
                .contains("conf/api.cfg is not taken: no upstreams. Requests on [/api/*] are answered with 503");
        assertThat(status().get("refusedRoutes").toString())
                .isEqualTo("[{\"name\":\"api\",\"file\":\"conf/api.cfg\",\"reason\":\"no upstreams\","
                        + "\"lastGood\":false,\"paths\":[\"/api/*\"],\"blocked\":[\"/api/*\"],\"atStart\":true}]");
    }

    @Test
    void aRefusedFileThatCameLaterIsAnAlarmAndTheContainerStaysReady() throws Exception {
        server.routes.set(new RoutesView(
                List.of(),
                List.of(
                        new RefusedRoute(
                                "api",
                                "conf/api.cfg",
                                "no upstreams",
                                false,
                                List.of("/api/*"),
                                List.of("/api/*"),
                                false),
                        new RefusedRoute("x", "conf/x.cfg", "what is this", false, List.of(), List.of(), false))));
        assertThat(status().getAsJsonArray("alarms")).hasSize(2);
        assertThat(server.send(server.anonymously("/health/ready")).statusCode())
                .isEqualTo(200);
    }

    @Test
    void theStatusNamesWhatHasTrippedAndTheContainerStaysReady() throws Exception {
        Trip trip = new Trip(TIME, 40, 30, Duration.ofSeconds(10));
        UnitView tripped =
                new UnitView("auth", "2.0.0", "org.auth", 40, UnitState.TRIPPED, 0, List.of(), Optional.of(trip));
        UnitView one = new UnitView("auth", "1.0.0", "org.auth", 39, UnitState.SERVING, 0);
        server.chain.set(chain(
                true,
                false,
                new PlaceView(
                        "auth",
                        "org.auth",
                        100,
                        List.of("/api/*"),
                        FailureMode.CLOSED,
                        Optional.of(one),
                        List.of(tripped),
                        false,
                        false)));
        JsonObject standby = status().getAsJsonArray("standbys").get(0).getAsJsonObject();
        assertThat(standby.get("state").getAsString()).isEqualTo("TRIPPED");
        assertThat(standby.getAsJsonObject("trip").toString())
                .isEqualTo("{\"since\":\"2026-01-02T03:04:05Z\",\"calls\":40,\"failures\":30,\"windowSeconds\":10.0,"
                        + "\"reason\":\"30 of 40 calls within 10000 ms failed by its own fault\"}");
        assertThat(status().getAsJsonArray("chain")
                        .get(0)
                        .getAsJsonObject()
                        .get("trip")
                        .isJsonNull())
                .isTrue();
        assertThat(status().get("alarms").toString())
                .contains("auth 2.0.0 has tripped", "30 of 40", "1.0.0 serves instead", "/api/v1/trip/reset");
        assertThat(server.send(server.anonymously("/health/ready")).statusCode())
                .isEqualTo(200);
    }

    @Test
    void theStatusSaysThatAPlaceIsShut() throws Exception {
        Trip trip = new Trip(TIME, 40, 30, Duration.ofSeconds(10));
        UnitView shut =
                new UnitView("auth", "2.0.0", "org.auth", 40, UnitState.TRIPPED, 0, List.of(), Optional.of(trip));
        server.chain.set(chain(true, false, place(Optional.of(shut), FailureMode.CLOSED)));
        assertThat(status().getAsJsonArray("chain")
                        .get(0)
                        .getAsJsonObject()
                        .get("state")
                        .getAsString())
                .isEqualTo("TRIPPED");
        assertThat(status().get("alarms").toString()).contains("auth 2.0.0 has tripped", "answered at once");
    }
}
