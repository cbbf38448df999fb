package dev.sluice.chain.conf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chain.Sticky;
import dev.sluice.chain.split.Canary;
import dev.sluice.chain.split.Option;
import dev.sluice.chain.split.Rule;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What operators write, and what they are told of it. */
class TrafficReadingTest {

    private static TrafficReading reading(String... keys) {
        Map<String, Object> properties = new HashMap<>();
        for (int i = 0; i < keys.length; i += 2) {
            properties.put(keys[i], keys[i + 1]);
        }
        return new TrafficReading(properties);
    }

    private static void assertFault(TrafficReading reading, String... parts) {
        assertThat(reading.rule()).isEmpty();
        assertThat(reading.faults()).singleElement().asString().contains(parts);
    }

    @Test
    void readsAWholeRuleAndWritesItAsItReadsIt() {
        TrafficReading reading = reading(
                "middleware", "greeting",
                "weights", " 1.0=80 ,2.0.0 = 20",
                "sticky", "header:X-User-Id",
                "canary", "2",
                "canary.header", "X-Canary",
                "felix.fileinstall.filename", "file:/conf/x.cfg",
                "service.pid", "dev.sluice.traffic~x");
        assertThat(reading.faults()).isEmpty();
        Rule rule = reading.rule().orElseThrow();
        assertThat(rule.subject()).isEqualTo(new Rule.Subject(false, "greeting"));
        assertThat(rule.weights()).containsExactly(new Option("1.0.0", 80), new Option("2.0.0", 20));
        assertThat(rule.sticky()).isEqualTo(new Sticky.Header("X-User-Id"));
        assertThat(rule.canary()).contains(new Canary("2.0.0", "X-Canary"));
        assertThat(new TrafficReading(TrafficReading.texts(rule)).rule()).contains(rule);
    }

    @Test
    void aBundleWillDoAndNothingButWeightsIsNeeded() {
        Rule rule = reading("bundle", "com.example.greeting", "weights", "1.0.0=1")
                .rule()
                .orElseThrow();
        assertThat(rule.subject()).isEqualTo(new Rule.Subject(true, "com.example.greeting"));
        assertThat(rule.sticky()).isEqualTo(Sticky.NONE);
        assertThat(rule.canary()).isEmpty();
        assertThat(new TrafficReading(TrafficReading.texts(rule)).rule()).contains(rule);
    }

    @Test
    void saysWhatIsWrongAndWhatToDo() {
        assertFault(reading("weights", "1.0.0=1"), "middleware=<name>", "bundle=<symbolic name>");
        assertFault(reading("middleware", "a", "bundle", "b", "weights", "1.0.0=1"), "a file for each");
        assertFault(reading("middleware", "a b", "weights", "1.0.0=1"), "\"a b\" is no name");
        assertFault(reading("middleware", "a"), "no weights", "weights=1.0.0=80");
        assertFault(reading("middleware", "a", "weights", "1.0.0=-1"), "\"-1\" of 1.0.0", "whole number");
        assertFault(reading("middleware", "a", "weights", "1.0.0=0.5"), "\"0.5\"");
        assertFault(reading("middleware", "a", "weights", "1.0.0=5%"), "\"5%\"");
        assertFault(reading("middleware", "a", "weights", "1.0.0=9999999999"), "\"9999999999\"");
        assertFault(reading("middleware", "a", "weights", "1.0.0=0, 2.0.0=0"), "the sum", "is 0");
        assertFault(reading("middleware", "a", "weights", "1.0.0=1, 1.0=2"), "1.0.0 is there twice");
        assertFault(reading("middleware", "a", "weights", "1.0.0=1,"), "no version and weight");
        assertFault(reading("middleware", "a", "weights", "1.0.0"), "\"1.0.0\" is no version and weight");
        assertFault(reading("middleware", "a", "weights", "one=1"), "\"one\" is no version");
        assertFault(reading("middleware", "a", "weights", "1.0.0=1 2.0.0=1"), "with a comma");
        assertFault(reading("middleware", "a", "weights", "1.0.0=1", "sticky", "heder:X"), "sticky", "header:NAME");
        assertFault(reading("middleware", "a", "weights", "1.0.0=1", "canary", "1.0.0"), "canary.header=X-Canary");
        assertFault(reading("middleware", "a", "weights", "1.0.0=1", "canary.header", "X"), "canary=<version>");
        assertFault(
                reading("middleware", "a", "weights", "1.0.0=1", "canary", "x", "canary.header", "X"),
                "canary: \"x\" is no version");
        assertFault(
                reading("middleware", "a", "weights", "1.0.0=1", "weihgts", "2"),
                "\"weihgts\" is no key",
                "is \"weights\" meant?");
    }

    @Test
    void namesAllThatIsWrong() {
        assertThat(reading("wieghts", "1.0.0=1", "sticky", "x", "canary", "1").faults())
                .hasSize(5);
    }
}
