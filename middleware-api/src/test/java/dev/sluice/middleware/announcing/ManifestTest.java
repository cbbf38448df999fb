package dev.sluice.middleware.announcing;

import static org.assertj.core.api.Assertions.assertThat;

import aQute.bnd.header.Attrs;
import aQute.bnd.header.Parameters;
import aQute.bnd.osgi.Builder;
import aQute.bnd.osgi.Constants;
import aQute.bnd.osgi.Domain;
import aQute.bnd.osgi.Jar;
import dev.sluice.middleware.Middleware;
import dev.sluice.middleware.MiddlewareProperties;
import dev.sluice.middleware.author.Announced;
import dev.sluice.middleware.author.Defaults;
import jakarta.servlet.Filter;
import java.io.File;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What bnd writes into the bundle of an author who uses the annotations: the deployer reads it before anything runs. */
class ManifestTest {

    private static Builder builder;
    private static Jar bundle;

    @BeforeAll
    static void build() throws Exception {
        builder = new Builder();
        for (Class<?> type : List.of(Announced.class, Middleware.class, Filter.class)) {
            builder.addClasspath(new File(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI()));
        }
        builder.setProperty(Constants.BUNDLE_SYMBOLICNAME, "author");
        builder.setProperty(Constants.PRIVATE_PACKAGE, "dev.sluice.middleware.author");
        bundle = builder.build();
        assertThat(builder.getErrors()).isEmpty();
    }

    @AfterAll
    static void close() throws Exception {
        builder.close();
    }

    @Test
    void namesPathsAndFailureModeAreAnnouncedForTheirComponent() throws Exception {
        Attrs announced = capabilityOf(Announced.class);

        assertThat(announced.get(MiddlewareProperties.CAPABILITY_NAME)).isEqualTo("announced");
        assertThat(announced.getTyped(MiddlewareProperties.CAPABILITY_PATHS)).isEqualTo(List.of("/a/*", "*.b"));
        assertThat(announced.get(MiddlewareProperties.CAPABILITY_ON_FAILURE)).isEqualTo("open");
    }

    @Test
    void defaultsAreLeftOut() throws Exception {
        Attrs announced = capabilityOf(Defaults.class);

        assertThat(announced.get(MiddlewareProperties.CAPABILITY_NAME)).isEqualTo("defaults");
        assertThat(announced)
                .doesNotContainKeys(MiddlewareProperties.CAPABILITY_PATHS, MiddlewareProperties.CAPABILITY_ON_FAILURE);
    }

    @Test
    void theBundleRequiresAContainerOfTheApisVersion() throws Exception {
        Parameters requirements = Domain.domain(bundle.getManifest()).getRequireCapability();

        Attrs container = requirements.entrySet().stream()
                .filter(requirement ->
                        withoutDuplicateMark(requirement.getKey()).equals("osgi.implementation"))
                .map(requirement -> requirement.getValue())
                .findFirst()
                .orElseThrow();
        assertThat(container.get("filter:"))
                .isEqualTo("(&(osgi.implementation=dev.sluice.middleware)(version>=1.0.0)(!(version>=2.0.0)))");
        assertThat(container.get("effective:")).isIn(null, "resolve");
    }

    @Test
    void theApiIsImportedInTheRangeThatAnImplementerNeeds() throws Exception {
        // A consumer type: 1.1 adds nothing that breaks who implements it.
        assertThat(Domain.domain(bundle.getManifest())
                        .getImportPackage()
                        .get("dev.sluice.middleware")
                        .get("version"))
                .isEqualTo("[1.0,2)");
    }

    @Test
    void theComponentCarriesTheServicePropertiesThatTheChainReads() throws Exception {
        assertThat(component(Announced.class))
                .contains("<property name=\"middleware.name\" type=\"String\" value=\"announced\"/>")
                .containsPattern(
                        "<property name=\"middleware.paths\" type=\"String\">\\s*/a/\\*\\s+\\*\\.b\\s*</property>")
                .contains("<property name=\"middleware.on.failure\" type=\"String\" value=\"open\"/>");
    }

    @Test
    void theComponentCarriesDefaultsToo() throws Exception {
        assertThat(component(Defaults.class))
                .containsPattern("<property name=\"middleware.paths\" type=\"String\">\\s*/\\*\\s*</property>")
                .contains("<property name=\"middleware.on.failure\" type=\"String\" value=\"closed\"/>");
    }

    private static String component(Class<?> type) throws Exception {
        try (InputStream xml =
                bundle.getResource("OSGI-INF/" + type.getName() + ".xml").openInputStream()) {
            return new String(xml.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Several capabilities with one component describe one middleware together. */
    private static Attrs capabilityOf(Class<?> component) throws Exception {
        Attrs merged = new Attrs();
        Domain.domain(bundle.getManifest()).getProvideCapability().forEach((namespace, attributes) -> {
            if (withoutDuplicateMark(namespace).equals(MiddlewareProperties.CAPABILITY_NAMESPACE)
                    && component.getName().equals(attributes.get(MiddlewareProperties.CAPABILITY_COMPONENT))) {
                merged.mergeWith(attributes, false);
            }
        });
        return merged;
    }

    /** bnd keeps clauses that repeat a name apart by appending tildes to it. */
    private static String withoutDuplicateMark(String name) {
        return name.replaceAll("~+$", "");
    }
}
