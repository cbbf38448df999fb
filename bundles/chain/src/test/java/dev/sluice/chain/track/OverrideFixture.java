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
        return new OperatorOverride(configuration(name, ranking, paths, onFailure, enabled), BESIDE);
    }

    static void change(
            OperatorOverride override, String name, String ranking, String paths, String onFailure, String enabled) {
        override.modified(configuration(name, ranking, paths, onFailure, enabled), BESIDE);
    }

    private static OperatorOverride.Configuration configuration(
            String name, String ranking, String paths, String onFailure, String enabled) {
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
            public String trip() {
                return "";
            }

            @Override
            public String trip_share() {
                return "";
            }

            @Override
            public String trip_window() {
                return "";
            }

            @Override
            public String trip_minimum() {
                return "";
            }

            @Override
            public String trip_wait() {
                return "";
            }

            @Override
            public Class<? extends Annotation> annotationType() {
                return OperatorOverride.Configuration.class;
            }
        };
    }
}
