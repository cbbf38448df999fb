package dev.sluice.admin.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What of the console's actions reaches the console. Bundles 0, 3 and 4 are the container's, 40 and 41 are not. */
class ConsoleGuardTest {

    private AdminServer server;

    @BeforeEach
    void start() throws Exception {
        server = new AdminServer();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "bundles/40, action=start",
        "bundles/40, action=stop",
        "bundles/40, action=uninstall",
        "bundles/41, action=stop",
        "bundles/3, action=start",
        "logs, minLevel=4",
        "components/200, action=disable",
        "components/40/greeting/greeting.pid, action=disable",
        "components/100, action=enable",
        "configMgr/dev.sluice.chain, ''",
        "configMgr/com.example, create=1",
        "configMgr/com.example, apply=true&propertylist=a&a=1",
        "configMgr/com.example, apply=1&delete=1",
        "configMgr/com.example, unbind=1",
        "configMgr/dev.sluice.chain, apply=true&propertylist=hold.timeout&hold.timeout=3s",
        "configMgr/dev.sluice.admin, apply=true&propertylist=allowed.hosts&allowed.hosts=a",
        "configMgr/org.ops4j.pax.logging, apply=true&propertylist=log4j2.logger.a.level&log4j2.logger.a.level=DEBUG",
        "configMgr/__Temporary%20PID%20replaced%20by%20real%20PID%20upon%20save__, apply=1&factoryPid=com.example&propertylist=a",
        "configMgr/__Temporary%20PID%20replaced%20by%20real%20PID%20upon%20save__, apply=1&factoryPid=dev.sluice.middleware&propertylist=name",
        "configMgr/__Temporary%20PID%20replaced%20by%20real%20PID%20upon%20save__, apply=1&factoryPid=dev.sluice.route&propertylist=paths",
        "configMgr/__Temporary%20PID%20replaced%20by%20real%20PID%20upon%20save__, apply=1&factoryPid=dev.sluice.traffic&propertylist=weights"
    })
    void whatAnOperatorMayDoReachesTheConsole(String path, String form) throws Exception {
        HttpResponse<String> answer = server.post("/system/console/" + path, form);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(server.reached.get()).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "bundles/0, action=stop",
        "bundles/0, action=uninstall",
        "bundles/3, action=stop",
        "bundles/03, action=stop",
        "bundles/3, action=uninstall",
        "bundles/3, action=update",
        "bundles/3, action=refresh",
        "bundles/4, action=stop",
        "bundles/4?action=stop, ''",
        "bundles/4?action=stop, action=start",
        "bundles/40, action=update",
        "bundles/40, action=refresh",
        "bundles/40, action=explode",
        "bundles/40, ''",
        "bundles/40/3, action=stop",
        "bundles/3.json, action=stop",
        "bundles/+3, action=stop",
        "bundles/-3, action=stop",
        "bundles/dev.sluice.chain, action=stop",
        "bundles/dev.sluice.chain:1.0.0, action=stop",
        "bundles.x/3, action=stop",
        "bundles.x/40, action=stop",
        "install/3, action=stop",
        "install, action=refreshPackages",
        "bundles, action=refreshPackages",
        "bundles, action=install",
        "bundles/, action=start",
        "'', action=stop",
        "vmstat, ''",
        "vmstat, shutdown_type=Restart",
        "vmstat, action=setStartLevel&systemStartLevel=1",
        "vmstat.x, ''",
        "services, a=b",
        "someones.plugin, a=b",
        "components/100, action=disable",
        "components/3/dev.sluice.chain.Filter/pid, action=disable",
        "components/dev.sluice.chain.Filter, action=disable",
        "components/dev.sluice.chain.Filter/pid, action=disable",
        "components/999, action=disable",
        "components/, action=disable",
        "components/200, action=explode",
        "configMgr/org.apache.felix.http, apply=true&propertylist=a",
        "configMgr/org.apache.felix.http~sluice-admin, apply=1&delete=1",
        "configMgr/x?pid=org.apache.felix.http~sluice-admin, apply=1&delete=1",
        "configMgr/renamed.instance, apply=1&delete=1",
        "configMgr/renamed.instance, unbind=1",
        "configMgr/org.apache.felix.htt*, apply=1&delete=1",
        "configMgr/org.apache.felix.http%7Cany, apply=true&propertylist=a",
        "configMgr/a)(b, apply=true&propertylist=a",
        "configMgr/a+b, apply=true&propertylist=a",
        "configMgr/com.example, apply=true&propertylist=a&factoryPid=org.apache.felix.http",
        "configMgr/__Temporary%20PID%20replaced%20by%20real%20PID%20upon%20save__, apply=1&factoryPid=org.apache.felix.http",
        "configMgr/__Temporary%20PID%20replaced%20by%20real%20PID%20upon%20save__, apply=1&propertylist=a",
        "configMgr/org.apache.felix.fileinstall~x, apply=true&propertylist=a",
        "configMgr/org.apache.felix.webconsole.internal.servlet.OsgiManager, apply=true&propertylist=password",
        "configMgr/org.apache.felix.scr.ScrService, apply=true&propertylist=ds.lock.timeout.milliseconds",
        "configMgr/dev.sluice.chain, apply=true&propertylist=a%2Cosgi.http.whiteboard.target",
        "configMgr/dev.sluice.chain, apply=true&propertylist=Deployments.target",
        "configMgr/__Temporary%20PID%20replaced%20by%20real%20PID%20upon%20save__, apply=1&factoryPid=dev.sluice.chain&propertylist=a",
        "configMgr.x/org.apache.felix.http, apply=1&delete=1"
    })
    void whatWouldTakeTheContainerApartDoesNot(String path, String form) throws Exception {
        server.factories.put("renamed.instance", "org.apache.felix.http");
        HttpResponse<String> answer = server.post("/system/console/" + path, form);
        assertThat(answer.statusCode()).as(answer.body()).isIn(400, 403);
        assertThat(server.reached.get()).isNull();
    }

    @Test
    void aRefusalSaysWhatIsRefusedAndWhatToDoInstead() throws Exception {
        assertThat(server.post("/system/console/bundles/3", "action=stop").body())
                .contains("dev.sluice.chain (bundle 3) is part of the container")
                .contains("SIGTERM");
        assertThat(server.post("/system/console/bundles/40", "action=update").body())
                .contains("Install/Update");
    }

    @Test
    void aBundleThatIsNotThereIsNotFound() throws Exception {
        assertThat(server.post("/system/console/bundles/99", "action=stop").statusCode())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "configMgr/com.example?post=true&apply=true&propertylist=a&a=1",
                "configMgr/com.example?post=true&apply=1&delete=1",
                "configMgr.x/com.example?post=true&unbind=1",
                "configMgr/com.example?post=false&post=true&unbind=1"
            })
    void aGetChangesNoConfiguration(String path) throws Exception {
        assertThat(server.send(server.to("/system/console/" + path)).statusCode())
                .isEqualTo(403);
        assertThat(server.reached.get()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bundles",
                "bundles.json",
                "configMgr/com.example?post=true&create=1&ts=5",
                "configMgr/com.example?post=true&ts=5",
                "vmstat",
                "services/12",
                "status-Bundlelist.zip",
                "res/ui/bundles.js",
                "someones.plugin"
            })
    void whatReadsReachesTheConsole(String path) throws Exception {
        assertThat(server.send(server.to("/system/console/" + path)).statusCode())
                .isEqualTo(200);
        assertThat(server.reached.get()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "post", "get", "PROPFIND"})
    void otherMethodsAreNotPassedOn(String method) throws Exception {
        String answer = server.raw(method + " /system/console/bundles/40?action=stop HTTP/1.1\r\nHost: localhost\r\n"
                + "Authorization: " + AdminServer.basic("admin", AdminServer.PASSWORD)
                + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        assertThat(server.reached.get()).isNull();
        assertThat(answer).startsWith("HTTP/1.1 4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/json", "multipart/form-data", "multipart/mixed; boundary=x"})
    void aBodyThatTheGuardCannotReadIsNotPassedOn(String type) throws Exception {
        HttpResponse<String> answer = server.send(server.to("/system/console/bundles/3")
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString("action=stop")));
        assertThat(answer.statusCode()).isIn(400, 403, 415);
        assertThat(server.reached.get()).isNull();
    }
}
