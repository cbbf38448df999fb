package dev.sluice.unload.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.unload.LeakCap;
import dev.sluice.unload.culprit.Search;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsBookTest {

    @TempDir
    Path data;

    @Test
    void withoutAFileTheDefaultsAreInForce() {
        SettingsBook book = new SettingsBook(data);
        book.take(written(Map.of()), Map.of());

        assertThat(book.settings()).isEqualTo(Settings.DEFAULT);
        assertThat(book.alarms()).isEmpty();
    }

    @Test
    void whatIsWrittenIsInForce() {
        SettingsBook book = new SettingsBook(data);
        take(
                book,
                Map.of(
                        "unload.probe", "off",
                        "unload.grace", "0s",
                        "unload.max.leaked", "0",
                        "unload.on.max.leaked", "warn",
                        "unload.cleanup.thread.locals", "off"));

        assertThat(book.settings().rules().probe()).isFalse();
        assertThat(book.settings().rules().grace()).isZero();
        assertThat(book.settings().rules().uncleaned()).isEqualTo(Set.of("thread.locals"));
        assertThat(book.settings().cap()).isEqualTo(new LeakCap(0, false));
        assertThat(book.alarms()).isEmpty();
    }

    @Test
    void aMistakeKeepsWhatWasInForceOverARestartAndSaysWhereItIs() {
        take(new SettingsBook(data), Map.of("unload.grace", "9s"));

        SettingsBook restarted = new SettingsBook(data);
        take(restarted, Map.of("unload.grace", "soon"));

        assertThat(restarted.settings().rules().grace()).isEqualTo(Duration.ofSeconds(9));
        assertThat(restarted.alarms())
                .singleElement()
                .asString()
                .contains("unload.grace=soon", "9s stays in force", "2s");
    }

    @Test
    void aMisspeltKeyIsAnAlarmAndKeepsWhatItMayMean() {
        SettingsBook book = new SettingsBook(data);
        take(book, Map.of("unload.max.leaked", "9"));
        take(book, Map.of("unload.max.leakt", "7"));

        assertThat(book.settings().cap().most()).isEqualTo(9);
        assertThat(book.alarms())
                .singleElement()
                .asString()
                .contains("unload.max.leakt", "is unload.max.leaked meant?");
    }

    @Test
    void eachSearchWithCleanUpHasItsKey() {
        assertThat(Searches.ALL)
                .extracting(Search::name)
                .doesNotHaveDuplicates()
                .allSatisfy(name -> assertThat(
                                name.equals("framework") || Settings.KEYS.all().contains("unload.cleanup." + name))
                        .as(name)
                        .isTrue());
    }

    private static void take(SettingsBook book, Map<String, String> texts) {
        Map<String, Object> properties = new HashMap<>(texts);
        properties.put("service.pid", Settings.PID);
        book.take(written(texts), properties);
    }

    /** As Declarative Services makes it. */
    private static UnloadConfiguration written(Map<String, String> texts) {
        return (UnloadConfiguration) Proxy.newProxyInstance(
                UnloadConfiguration.class.getClassLoader(),
                new Class<?>[] {UnloadConfiguration.class},
                (proxy, method, arguments) ->
                        texts.getOrDefault(method.getName().replace('_', '.'), (String) method.getDefaultValue()));
    }
}
