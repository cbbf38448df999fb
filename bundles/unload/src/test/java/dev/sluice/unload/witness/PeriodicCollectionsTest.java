package dev.sluice.unload.witness;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.VMOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PeriodicCollectionsTest {

    private final Map<String, String> options = new HashMap<>(
            Map.of("UseG1GC", "true", "G1PeriodicGCInvokesConcurrent", "true", "G1PeriodicGCInterval", "7000"));

    @Test
    void theIntervalIsShortWhileItIsAskedAndThenWhatTheOperatorHasSet() {
        Collections collections = PeriodicCollections.of(new Jvm()).orElseThrow();
        collections.begin();
        assertThat(options).containsEntry("G1PeriodicGCInterval", "100");
        collections.end();
        assertThat(options).containsEntry("G1PeriodicGCInterval", "7000");
    }

    @Test
    void theyAreNotUsedWhereEachWouldStopTheApplication() {
        options.put("G1PeriodicGCInvokesConcurrent", "false");
        assertThat(PeriodicCollections.of(new Jvm())).isEmpty();
    }

    @Test
    void theyAreNotUsedWithAnotherCollectorOrInAnotherJvm() {
        options.put("UseG1GC", "false");
        assertThat(PeriodicCollections.of(new Jvm())).isEmpty();
        options.clear();
        assertThat(PeriodicCollections.of(new Jvm())).isEmpty();
        assertThat(PeriodicCollections.of(null)).isEmpty();
    }

    private final class Jvm implements HotSpotDiagnosticMXBean {

        @Override
        public void dumpHeap(String file, boolean live) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<VMOption> getDiagnosticOptions() {
            return List.of();
        }

        @Override
        public VMOption getVMOption(String name) {
            if (!options.containsKey(name)) {
                throw new IllegalArgumentException(name);
            }
            return new VMOption(name, options.get(name), true, VMOption.Origin.DEFAULT);
        }

        @Override
        public void setVMOption(String name, String value) {
            options.put(name, value);
        }

        @Override
        public javax.management.ObjectName getObjectName() {
            return null;
        }
    }
}
