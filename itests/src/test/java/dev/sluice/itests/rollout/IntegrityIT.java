package dev.sluice.itests.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.itests.fixture.TestBundle;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.ShippedBundles;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import dev.sluice.itests.harness.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Only what is signed gets in, as docs/integrity.md tells; and a company's own check has its say. */
@Tag("process")
class IntegrityIT {

    private static final String PID = "dev.sluice.deployer";

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    private Home home;
    private Signer signer;

    @Test
    void unsignedForeignSignedAndAlteredFilesAreRefusedAndSignedOnesServe() throws Exception {
        assumeTrue(Signer.isThere(), "openssl isn't installed, so nothing is signed");
        begin();
        byte[] one = TestBundle.stamping("greeting", "1.0.0").jar();
        byte[] two = TestBundle.stamping("greeting", "2.0.0").jar();
        signer.key("release", Signer.ED25519, home.conf().resolve("trust/release.pem"));
        signer.key("cosign", Signer.P256, home.conf().resolve("trust/cosign.pem"));
        signer.key("foreign", Signer.P256, home.path().resolve("keys/foreign.pem"));
        home.configure(PID, "deploy.signature=required", "deploy.downgrade=refuse");
        SluiceProcess sluice = sluices.start(home);

        home.copy(one, "greeting.jar");
        Await.until(
                () -> assertThat(deployment(sluice).reason()).contains("its signature greeting.jar.sig isn't there"));
        assertThat(deployment(sluice).state()).isEqualTo("INCOMPLETE");
        sign("greeting.jar", signer.ecdsa("foreign", one));
        awaitRefused(sluice, "isn't one of these bytes by a trusted key (cosign.pem, release.pem in ");
        // The status says so first.
        Await.until(() -> assertThat(home.markerText("greeting.jar")).contains("isn't one of these bytes"));

        sign("greeting.jar", signer.ed25519("release", one));
        awaitServing(sluice, "1.0.0");
        assertThat(deployment(sluice).json().get("verified").toString()).isEqualTo("[\"signature by release.pem\"]");
        Await.until(() -> assertThat(sluice.log()).contains("greeting.jar; verified: signature by release.pem"));

        // The signature first, as one does; in one line, as cosign prints it.
        sign("greeting.jar", signer.ecdsa("cosign", two).replace("\n", ""));
        byte[] altered = two.clone();
        altered[altered.length / 2] ^= 1;
        home.copy(altered, "greeting.jar");
        awaitRefused(sluice, "isn't one of these bytes");
        awaitServing(sluice, "1.0.0");
        home.copy(two, "greeting.jar");
        awaitServing(sluice, "2.0.0");

        sign("greeting.jar", signer.ed25519("release", one));
        home.copy(one, "greeting.jar");
        awaitRefused(sluice, "2.0.0 was published before");
        awaitServing(sluice, "2.0.0");
        sluice.kill9();

        SluiceProcess again = sluices.start(home);
        assertThat(again.status().serving("greeting")).contains("2.0.0");
        awaitRefused(again, "2.0.0 was published before");
    }

    @Test
    @Tag("one-java")
    void aRequiredCheckThatComesOutOfTheFolderRefusesWhatItIsMeantTo() throws Exception {
        begin();
        home.configure(PID, "deploy.checks.required=no-libraries", "deploy.checks.providers=test.policy");
        SluiceProcess sluice = sluices.start(home);
        home.copy(TestBundle.stamping("greeting", "1.0.0").jar(), "greeting.jar");
        home.copy(TestBundle.of("test.library", "1.0.0").jar(), "library.jar");
        Await.until(() -> assertThat(deployment(sluice).reason()).contains("the check no-libraries, without which"));

        home.copy(policy(), "policy.jar");
        awaitServing(sluice, "1.0.0");
        Await.until(() -> assertThat(
                        sluice.status().deployment("library.jar").orElseThrow().reason())
                .isEqualTo("The check 'no-libraries' refuses it: 1.0.0 brings no middleware."));
    }

    private static Path deployer() {
        return ShippedBundles.all().stream()
                .filter(bundle -> bundle.symbolicName().equals("dev.sluice.deployer"))
                .findFirst()
                .orElseThrow()
                .file();
    }

    private static byte[] policy() {
        return TestBundle.of("test.policy", "1.0.0")
                .header("Bundle-Activator", "policy.Activator")
                .imports("org.osgi.framework")
                .imports("dev.sluice.deployer;version=\"[1.1,2)\"")
                .uses(deployer(), "dev.sluice.deployer")
                .source(
                        "policy.Activator",
                        """
                        package policy;
                        import dev.sluice.deployer.*;
                        import java.util.*;
                        import org.osgi.framework.*;
                        public class Activator implements BundleActivator, ArtifactCheck {
                            public void start(BundleContext context) {
                                Hashtable<String, Object> properties = new Hashtable<>();
                                properties.put(ArtifactCheck.NAME, "no-libraries");
                                context.registerService(ArtifactCheck.class, this, properties);
                            }
                            public void stop(BundleContext context) {}
                            public CheckOutcome checkBundle(ArtifactBundle bundle) {
                                return bundle.headers().containsKey("Test-Middleware")
                                        ? CheckOutcome.passed()
                                        : CheckOutcome.refused(bundle.version() + " brings no middleware.");
                            }
                        }
                        """)
                .jar();
    }

    private void begin() throws IOException {
        home = sluices.home();
        signer = new Signer(home.path().resolve("keys"));
        Files.createDirectories(home.conf().resolve("trust"));
        Files.createDirectories(home.deploy());
    }

    private static Status.Deployment deployment(SluiceProcess sluice) {
        return sluice.status().deployment("greeting.jar").orElseThrow();
    }

    private static void awaitServing(SluiceProcess sluice, String version) {
        Await.until(() -> assertThat(sluice.status().serving("greeting")).contains(version));
    }

    private static void awaitRefused(SluiceProcess sluice, String because) {
        Await.until(() -> assertThat(sluice.status().deployments())
                .filteredOn(deployment -> deployment.state().equals("FAILED"))
                .extracting(Status.Deployment::reason)
                .singleElement()
                .asString()
                .contains(because));
    }

    private void sign(String file, String base64) throws IOException {
        Files.writeString(home.deploy(file + ".sig"), base64);
    }
}
