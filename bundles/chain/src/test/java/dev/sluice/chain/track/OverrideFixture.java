package dev.sluice.chain.track;

import java.util.HashMap;
import java.util.Map;

/** Overrides as SCR would make them from a file. */
final class OverrideFixture {

    /** What SCR and File Install give along. */
    private static final Map<String, Object> BESIDE = Map.of(
            "service.pid", "dev.sluice.middleware~test",
            "component.name", "override",
            "osgi.ds.satisfying.condition.target", "(osgi.condition.id=true)",
            "felix.fileinstall.filename", "file:/conf/dev.sluice.middleware-test.cfg");

    private OverrideFixture() {}

    static OperatorOverride of(String name, String ranking, String paths, String onFailure, String enabled) {
        return new OperatorOverride(configuration(name, ranking, paths, onFailure, enabled), BESIDE);
    }

    static void change(
            OperatorOverride override, String name, String ranking, String paths, String onFailure, String enabled) {
        override.modified(configuration(name, ranking, paths, onFailure, enabled), BESIDE);
    }

    /** One that sets nothing but these keys. */
    static OperatorOverride with(String name, Map<String, Object> more) {
        Map<String, String> set = new HashMap<>(Map.of("name", name));
        more.forEach((key, value) -> set.put(key, String.valueOf(value)));
        return new OperatorOverride(Keys.of(OperatorOverride.Configuration.class, set), more);
    }

    private static OperatorOverride.Configuration configuration(
            String name, String ranking, String paths, String onFailure, String enabled) {
        return Keys.of(
                OperatorOverride.Configuration.class,
                Map.of("name", name, "ranking", ranking, "paths", paths, "on.failure", onFailure, "enabled", enabled));
    }
}
