package dev.sluice.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.admin.http.AdminPath.Area;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdminPathTest {

    @ParameterizedTest
    @CsvSource({
        "/health/live, LIVE",
        "/health/ready, READY",
        "/api/v1/status, STATUS",
        "/api/v1/trip/reset, TRIP_RESET",
        "/api/v1/trip, NOWHERE",
        "/api/v1/rollback, ROLL_BACK",
        "/api/v1/rollforward, ROLL_FORWARD",
        "/api/v1/rollback/x, NOWHERE",
        "/api/v1/rollout/pause, ROLLOUT_PAUSE",
        "/api/v1/rollout/resume, ROLLOUT_RESUME",
        "/api/v1/rollout/promote, ROLLOUT_PROMOTE",
        "/api/v1/rollout/abort, ROLLOUT_ABORT",
        "/api/v1/rollout, NOWHERE",
        "/api/v1/rollout/, NOWHERE",
        "/api/v1/rollout/end, NOWHERE",
        "/system/console, CONSOLE",
        "/system/console/, CONSOLE",
        "/system/console/bundles/12, CONSOLE",
        "/system/console/res/ui/bundles.css, CONSOLE",
        "/system/console/configMgr/a~b, CONSOLE",
        "/, NOWHERE",
        "/system, NOWHERE",
        "/system/consolex, NOWHERE",
        "/System/console, NOWHERE",
        "/health, NOWHERE",
        "/health/live/, NOWHERE",
        "/health/live2, NOWHERE",
        "/api/v1/status/x, NOWHERE",
        "/app, NOWHERE"
    })
    void aPlainPathLeadsToOneArea(String path, Area area) {
        assertThat(AdminPath.of(path, path).area()).isEqualTo(area);
    }

    @ParameterizedTest
    @CsvSource({
        "/system/console/configMgr/a%20b, /system/console/configMgr/a b",
        "/system/console/configMgr/%C3%A4, /system/console/configMgr/ä",
        "/system/console/%62undles, /system/console/bundles"
    })
    void anHonestEncodingIsRead(String sent, String dispatched) {
        assertThat(AdminPath.of(sent, dispatched).area()).isEqualTo(Area.CONSOLE);
        assertThat(AdminPath.of(sent, dispatched).path()).isEqualTo(dispatched);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/health/live/../../system/console/bundles",
                "/system/./console",
                "/system/console/..",
                "/system/console/.",
                "//system/console",
                "/system//console",
                "/system/console//bundles",
                "/system/console;x/bundles",
                "/health/live;/../system/console",
                "/system/console/..;/bundles",
                "/system\\console",
                "/system%2fconsole",
                "/system%2Fconsole",
                "/system%5cconsole",
                "/%2e/system/console",
                "/system/%2e%2e/system/console",
                "/health/%2e%2e/system/console",
                "/system/console%3bx",
                "/system/console%00",
                "/system/console%0d%0a",
                "/system/console%252fbundles",
                "/system/console%3fx",
                "/system/console%23x",
                "/system/%c0%afconsole",
                "/system/console/%ff",
                "/system/console/%",
                "/system/console/%2",
                "/system/console/%zz",
                "/system/console/%+1",
                "*",
                "",
                "system/console",
                "http://localhost/system/console"
            })
    void aTrickIsAmbiguousWhateverTheContainerMadeOfIt(String sent) {
        assertThat(AdminPath.of(sent, "/system/console/bundles").area()).isEqualTo(Area.AMBIGUOUS);
        assertThat(AdminPath.of(sent, "/health/live").area()).isEqualTo(Area.AMBIGUOUS);
        assertThat(AdminPath.of(sent, sent).area()).isEqualTo(Area.AMBIGUOUS);
    }

    @Test
    void aPathThatTheContainerReadsInAnotherWayIsAmbiguous() {
        assertThat(AdminPath.of("/health/live", "/system/console").area()).isEqualTo(Area.AMBIGUOUS);
    }
}
