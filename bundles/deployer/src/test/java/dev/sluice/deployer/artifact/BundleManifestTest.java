package dev.sluice.deployer.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BundleManifestTest {

    @Test
    void mergesCapabilitiesOfOneComponentAsBndWritesThem() throws Rejection {
        BundleManifest manifest = parse(
                "Provide-Capability",
                "osgi.service;objectClass:List<String>=\"dev.sluice.middleware.Middleware\";uses:=\"dev.sluice.middleware\","
                        + "dev.sluice.middleware;component=\"com.acme.Auth\";name=auth,"
                        + "dev.sluice.middleware;component=\"com.acme.Auth\";paths:List<String>=\"/api/*,*.json\","
                        + "dev.sluice.middleware;component=\"com.acme.Log\";name=log,"
                        + "dev.sluice.middleware;component=\"com.acme.Log\";on.failure=open");

        assertThat(manifest.declared())
                .containsExactly(
                        new DeclaredMiddleware(
                                Optional.of("auth"), List.of("/api/*", "*.json"), false, "com.acme.Auth"),
                        new DeclaredMiddleware(Optional.of("log"), List.of("/*"), true, "com.acme.Log"));
    }

    @Test
    void namesTheOnlyMiddlewareAfterTheBundle() throws Rejection {
        assertThat(parse("Provide-Capability", "dev.sluice.middleware;paths=\"/api/*\"")
                        .declared())
                .containsExactly(new DeclaredMiddleware(Optional.of("com.acme.a"), List.of("/api/*"), false, ""));
    }

    @Test
    void keepsCapabilitiesWithoutAComponentApart() throws Rejection {
        assertThat(parse("Provide-Capability", "dev.sluice.middleware;name=a,dev.sluice.middleware;name=b")
                        .declared())
                .extracting(DeclaredMiddleware::name)
                .containsExactly(Optional.of("a"), Optional.of("b"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dev.sluice.middleware-api",
                "dev.sluice.listener",
                "dev.sluice.chain",
                "dev.sluice.proxy",
                "dev.sluice.deployer",
                "dev.sluice.unload",
                "dev.sluice.admin; singleton:=true"
            })
    void refusesTheNamesOfTheContainersOwnBundles(String name) {
        assertRefused("Bundle-SymbolicName", name, "container's own bundles");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dev.sluice.sample.greeting", "dev.sluice.chains", "com.acme.dev.sluice.chain"})
    void acceptsNamesThatOnlyResembleTheContainersOwn(String name) throws Rejection {
        assertThat(parse("Bundle-SymbolicName", name).symbolicName()).isEqualTo(name);
    }

    @Test
    void refusesSeveralMiddlewareOfWhichOneHasNoName() {
        assertRefused(
                "Provide-Capability",
                "dev.sluice.middleware;component=A;name=a,dev.sluice.middleware;component=B;paths=\"/b\"",
                "B without a name");
    }

    @Test
    void refusesAnUnknownFailureMode() {
        assertRefused("Provide-Capability", "dev.sluice.middleware;name=a;on.failure=maybe", "on.failure=maybe");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"dev.sluice.middleware;name=", "dev.sluice.middleware;=\"x", "a;x:Unknown=1", "a;x:Long=one"})
    void refusesCapabilitiesThatCannotBeParsed(String header) {
        assertRefused("Provide-Capability", header, "can't be understood");
    }

    @Test
    void readsTheSymbolicNameWithoutItsParameters() throws Rejection {
        assertThat(parse("Bundle-SymbolicName", "com.acme.b;singleton:=true").symbolicName())
                .isEqualTo("com.acme.b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a..b", "ä", ".a", "a/b"})
    void refusesASymbolicNameThatIsNone(String name) {
        assertRefused("Bundle-SymbolicName", name, "Bundle-SymbolicName");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.x", "1.2.3.4.5", "-1", "v1"})
    void refusesAVersionThatIsNone(String version) {
        assertRefused("Bundle-Version", version, "Bundle-Version '" + version + "'");
    }

    @Test
    void takesAMissingVersionForZero() throws Rejection {
        assertThat(BundleManifest.of(Map.of("Bundle-ManifestVersion", "2", "Bundle-SymbolicName", "a"))
                        .version())
                .hasToString("0.0.0");
    }

    @Test
    void refusesFragmentsAndExtensions() {
        assertRefused("Fragment-Host", "com.acme.host;bundle-version=1", "is a fragment");
        assertRefused("Fragment-Host", "system.bundle;extension:=framework", "extension of the framework");
        assertRefused("Fragment-Host", "org.apache.felix.framework", "extension of the framework");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dev.sluice.middleware;version=1.0.0",
                "com.acme;version=1,dev.sluice",
                "jakarta.servlet.http",
                "jakarta.servlet;version=6"
            })
    void refusesExportsThatOnlyTheContainerMayMake(String header) {
        assertRefused("Export-Package", header, "only the container may export");
    }

    @Test
    void acceptsOtherExports() throws Rejection {
        assertThat(parse("Export-Package", "com.acme.api;version=1.0.0,dev.sluicegate,jakarta.servlets")
                        .symbolicName())
                .isEqualTo("com.acme.a");
    }

    @Test
    void leavesImportsForTheFrameworkToJudge() throws Rejection {
        assertThat(parse("Import-Package", "java.util,a;version=\"[1,2\"").symbolicName())
                .isEqualTo("com.acme.a");
    }

    private static void assertRefused(String header, String value, String words) {
        assertThatThrownBy(() -> parse(header, value))
                .isInstanceOf(Rejection.class)
                .hasMessageContaining(words);
    }

    private static BundleManifest parse(String header, String value) throws Rejection {
        Map<String, String> headers = new TreeMap<>(
                Map.of("Bundle-ManifestVersion", "2", "Bundle-SymbolicName", "com.acme.a", "Bundle-Version", "1.0.0"));
        headers.put(header, value);
        return BundleManifest.of(headers);
    }
}
