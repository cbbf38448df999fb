package dev.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * A thread takes over the inheritable thread-locals of who makes it, which may be a thread that has run middleware: it would keep
 * that in memory for as long as it lives. So each is made with the one constructor that can say no.
 */
class NewThreadsTest {

    private static final int ALL_PARAMETERS = 5;

    @Test
    void noneInheritsTheThreadLocalsOfWhoMakesIt() throws IOException {
        Set<String> inheriting = new TreeSet<>();
        int threads = 0;
        for (JavaClass type : new ClassFileImporter().importPaths(BuiltClasses.folders())) {
            for (JavaConstructorCall call : type.getConstructorCallsFromSelf()) {
                if (type.getName().startsWith("dev.sluice.")
                        && call.getTargetOwner().isEquivalentTo(Thread.class)) {
                    threads++;
                    if (call.getTarget().getRawParameterTypes().size() != ALL_PARAMETERS) {
                        inheriting.add(call.getDescription());
                    }
                }
            }
        }

        assertThat(threads).as("those that are made at all").isPositive();
        assertThat(inheriting).isEmpty();
    }
}
