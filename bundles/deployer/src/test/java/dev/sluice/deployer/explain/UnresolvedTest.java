package dev.sluice.deployer.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.deployer.testing.BundleJar;
import dev.sluice.deployer.testing.TestFramework;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

class UnresolvedTest {

    @TempDir
    static Path directory;

    private static TestFramework framework;
    private static int bundles;

    @BeforeAll
    static void start() throws Exception {
        framework = new TestFramework(directory.resolve("framework"));
    }

    @AfterAll
    static void stop() throws Exception {
        framework.close();
    }

    private Bundle install(BundleJar jar) throws Exception {
        Path file = jar.writeTo(directory.resolve("b" + bundles++ + ".jar"));
        return framework.context().installBundle("sluice:" + file.getFileName(), Files.newInputStream(file));
    }

    private String reason(Bundle bundle) {
        return new Unresolved(framework.context()).reason(bundle, Set.of(), Map.of());
    }

    private static BundleJar bare(String symbolicName) {
        return new BundleJar(symbolicName, "1.0.0").header("Import-Package", "org.osgi.framework");
    }

    @Test
    void aPackageOfAnotherVersionIsNamedWithWhatTheContainerHas() throws Exception {
        assertThat(reason(install(bare("a").header("Import-Package", "dev.sluice.middleware;version=\"[2,3)\""))))
                .isEqualTo("needs package dev.sluice.middleware [2,3), this container has 1.0.0");
        assertThat(reason(install(bare("b").header("Import-Package", "dev.sluice.middleware;version=1.4"))))
                .isEqualTo("needs package dev.sluice.middleware 1.4 or higher, this container has 1.0.0");
        assertThat(reason(install(bare("c").header("Import-Package", "dev.sluice.middleware;version=\"(1.0.0,1.5]\""))))
                .isEqualTo("needs package dev.sluice.middleware (1,1.5], this container has 1.0.0");
    }

    @Test
    void aNewerJavaIsNamed() throws Exception {
        assertThat(reason(install(bare("java")
                        .header("Require-Capability", "osgi.ee;filter:=\"(&(osgi.ee=JavaSE)(version=99))\""))))
                .isEqualTo("needs execution environment JavaSE 99: this container runs on Java "
                        + Runtime.version().feature() + "; start it on a newer JDK, or compile for this one");
    }

    @Test
    void anExtenderOfAnotherVersionAndOneThatIsMissingAreNamed() throws Exception {
        assertThat(
                        reason(
                                install(
                                        bare("scr")
                                                .header(
                                                        "Require-Capability",
                                                        "osgi.extender;filter:=\"(&(osgi.extender=osgi.component)(version>=2.0.0)(!(version>=3.0.0)))\""))))
                .isEqualTo("needs osgi.extender osgi.component [2,3), this container has 1.5.0");
        assertThat(reason(install(bare("cdi")
                        .header("Require-Capability", "osgi.extender;filter:=\"(osgi.extender=osgi.cdi)\""))))
                .isEqualTo("needs osgi.extender osgi.cdi: nothing here provides it; drop the bundle that does into the"
                        + " folder");
    }

    @Test
    void aRequiredBundleIsNamed() throws Exception {
        assertThat(reason(install(bare("needy").header("Require-Bundle", "missing;bundle-version=\"[1.2,2)\""))))
                .isEqualTo("needs bundle missing [1.2,2): nothing here provides it; drop the bundle that does into the"
                        + " folder");
    }

    @Test
    void whatAProviderLacksIsTold() throws Exception {
        install(bare("provider").header("Export-Package", "given;version=1.0.0").header("Import-Package", "taken"));
        assertThat(reason(install(bare("requirer").header("Import-Package", "given"))))
                .startsWith("needs package given: provider 1.0.0, which has it, needs package taken (any version): no"
                        + " bundle here exports it");
    }

    @Test
    void aProviderThatFailedWithItIsNamed() throws Exception {
        Bundle provider = install(bare("failed").header("Export-Package", "lost"));
        Bundle requirer = install(bare("left").header("Import-Package", "lost"));
        assertThat(new Unresolved(framework.context())
                        .reason(
                                requirer,
                                Set.of(provider.getBundleId()),
                                Map.of(provider.getBundleId(), "lib.jar, which has it, failed: no licence")))
                .isEqualTo("needs package lost: lib.jar, which has it, failed: no licence");
    }

    @Test
    void anOptionalImportIsNoReason() throws Exception {
        Bundle bundle = install(bare("optional").header("Import-Package", "nowhere;resolution:=optional"));
        bundle.start();
        assertThat(bundle.getState()).isEqualTo(Bundle.ACTIVE);
    }

    @Test
    void forAClashOfUsesTheFrameworkIsAsked() throws Exception {
        install(bare("core1").header("Export-Package", "core;version=1.0.0"));
        install(bare("core2").header("Export-Package", "core;version=2.0.0"));
        install(bare("on1")
                .header("Export-Package", "on;version=1.0.0;uses:=\"core\"")
                .header("Import-Package", "core;version=\"[1,2)\""));
        assertThat(reason(install(bare("both").header("Import-Package", "on,core;version=\"[2,3)\""))))
                .startsWith("can't be resolved: ")
                .contains("core");
    }
}
