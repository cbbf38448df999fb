package dev.sluice.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class OriginTest {

    private static String of(String url) {
        return Origin.of(Map.of("felix.fileinstall.filename", url), "some.pid");
    }

    @Test
    void aFileIsCalledAsItLiesInConf() {
        assertThat(of("file:/srv/home/conf/dev.sluice.traffic-a.cfg")).isEqualTo("conf/dev.sluice.traffic-a.cfg");
        assertThat(of("file:/srv/my%20home/conf/dev.sluice.traffic-a%20b%c3%a9.cfg"))
                .isEqualTo("conf/dev.sluice.traffic-a b\u00e9.cfg");
    }

    @Test
    void whatIsNoUrlIsShownAsItIs() {
        assertThat(of("100% mine")).isEqualTo("conf/100% mine");
    }

    @Test
    void whatHasNoFileIsCalledByItsPid() {
        assertThat(Origin.of(Map.of(), "some.pid")).isEqualTo("the configuration some.pid");
    }
}
