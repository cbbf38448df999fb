package dev.sluice.deployer.service;

import static dev.sluice.deployer.testing.BundleJar.middleware;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who starts the deployer, or orders something, may be a bundle's thread: a thread of ours would keep what that has put there. */
class InheritedThreadLocalsTest {

    /** The classes that make a thread that inherits from who calls them. */
    private final Set<String> makers = ConcurrentHashMap.newKeySet();

    private final InheritableThreadLocal<Object> local = new InheritableThreadLocal<>() {
        @Override
        protected Object childValue(Object value) {
            Arrays.stream(new Throwable().getStackTrace())
                    .skip(1)
                    .filter(frame -> !frame.getClassName().startsWith("java."))
                    .findFirst()
                    .ifPresent(frame -> makers.add(frame.getClassName()));
            return value;
        }
    };

    @Test
    void noThreadOfTheDeployerInheritsTheThreadLocalsOfWhoStartsIt(@TempDir Path home) throws Exception {
        Fixture fixture = new Fixture(home);
        fixture.newFramework();
        local.set("a bundle's");
        try {
            new Thread(() -> {});
            assertThat(makers).as("it sees those that do").contains(getClass().getName());
            fixture.startRun();
            middleware("greeting", "1.0.0", "greeting").writeTo(fixture.file("greeting.jar"));
            fixture.settle();
        } finally {
            local.remove();
            fixture.close();
        }
        assertThat(makers)
                .filteredOn(name -> name.startsWith("dev.sluice.deployer."))
                .containsExactly(getClass().getName());
    }
}
