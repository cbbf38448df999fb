package dev.sluice.chain.track;

import java.lang.annotation.Annotation;
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
        return new OperatorOverride(configuration(name, ranking, paths, onFailure, enabled, Map.of()), BESIDE);
    }

    /** One that sets nothing but these keys. */
    static OperatorOverride with(String name, Map<String, Object> more) {
        return new OperatorOverride(configuration(name, "", "", "", "", more), more);
    }

    static void change(
            OperatorOverride override, String name, String ranking, String paths, String onFailure, String enabled) {
        override.modified(configuration(name, ranking, paths, onFailure, enabled, Map.of()), BESIDE);
    }

    private static OperatorOverride.Configuration configuration(
            String name, String ranking, String paths, String onFailure, String enabled, Map<String, Object> more) {
        return new OperatorOverride.Configuration() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public String ranking() {
                return ranking;
            }

            @Override
            public String paths() {
                return paths;
            }

            @Override
            public String on_failure() {
                return onFailure;
            }

            @Override
            public String enabled() {
                return enabled;
            }

            @Override
            public String concurrency_limit() {
                return text("concurrency.limit");
            }

            @Override
            public String deadline() {
                return text("deadline");
            }

            @Override
            public String deadline_interrupt() {
                return text("deadline.interrupt");
            }

            private String text(String key) {
                return (String) more.getOrDefault(key, "");
            }

            @Override
            public Class<? extends Annotation> annotationType() {
                return OperatorOverride.Configuration.class;
            }
        };
    }
}
