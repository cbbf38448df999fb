package dev.sluice.deployer.service;

import static dev.sluice.deployer.testing.BundleJar.middleware;
import static dev.sluice.deployer.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.deployer.ArtifactBundle;
import dev.sluice.deployer.ArtifactCheck;
import dev.sluice.deployer.ArtifactFile;
import dev.sluice.deployer.CheckOutcome;
import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.integrity.IntegrityPolicy;
import dev.sluice.deployer.integrity.Presence;
import dev.sluice.deployer.store.Sha256;
import dev.sluice.deployer.testing.BundleJar;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;

/** Checks of others have a say in what comes in, and none in what is there. */
class ArtifactCheckTest {

    @TempDir
    Path home;

    private Fixture fixture;

    /** What a check that hangs waits for. */
    private final CountDownLatch end = new CountDownLatch(1);

    @BeforeEach
    void start() throws Exception {
        fixture = Fixture.started(home);
    }

    @AfterEach
    void stop() throws Exception {
        end.countDown();
        fixture.close();
    }

    private ServiceRegistration<ArtifactCheck> register(String name, int ranking, ArtifactCheck check) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(ArtifactCheck.NAME, name);
        properties.put(Constants.SERVICE_RANKING, ranking);
        return fixture.framework.context().registerService(ArtifactCheck.class, check, properties);
    }

    private void rules(Set<String> required, Set<String> providers, Duration timeout) throws Exception {
        fixture.verifyBy(new IntegrityPolicy(Presence.IF_PRESENT, Presence.OFF, false, required, providers, timeout));
        fixture.run.standardsMayHaveChanged();
        fixture.settle();
    }

    private static ArtifactCheck ofFiles(CheckOfFile check) {
        return new ArtifactCheck() {
            @Override
            public CheckOutcome checkFile(ArtifactFile file) throws Exception {
                return check.check(file);
            }
        };
    }

    private interface CheckOfFile {
        CheckOutcome check(ArtifactFile file) throws Exception;
    }

    private void deploy(String name, String version) throws Exception {
        middleware(name, version, name).writeTo(fixture.file(name + ".jar"));
        fixture.settle();
    }

    @Test
    void aCheckIsShownTheBytesFirstAndThenTheBundleAndItsNoteIsSeen() throws Exception {
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        Set<Thread> threads = Collections.synchronizedSet(new java.util.HashSet<>());
        register("policy", 0, new ArtifactCheck() {
            @Override
            public CheckOutcome checkFile(ArtifactFile file) throws Exception {
                threads.add(Thread.currentThread());
                seen.add("file " + file.name() + " " + (Files.size(file.copy()) == file.size())
                        + file.sha256().equals(Sha256.of(file.copy())));
                return CheckOutcome.passed();
            }

            @Override
            public CheckOutcome checkBundle(ArtifactBundle bundle) {
                seen.add("bundle " + bundle.symbolicName() + " " + bundle.version() + " "
                        + bundle.headers().get("bundle-symbolicNAME") + " "
                        + bundle.middleware().get(0).name().orElse("none"));
                return CheckOutcome.passed("reviewed by audit");
            }
        });
        middleware("greeting", "1.0", "greeting").declares("greeting").writeTo(fixture.file("greeting.jar"));
        fixture.settle();
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
        assertThat(seen).containsExactly("file greeting.jar truetrue", "bundle greeting 1.0.0 greeting greeting");
        assertThat(threads).allMatch(thread -> thread.getName().equals("sluice-check-greeting.jar"));
        assertThat(fixture.in("greeting.jar", DeploymentState.PUBLISHED)
                        .orElseThrow()
                        .verified())
                .containsExactly("reviewed by audit");
    }

    @Test
    void aRefusalKeepsAFileOutWhateverIsParsedAndItComesInWhenTheCheckGoes() throws Exception {
        ServiceRegistration<ArtifactCheck> check =
                register("policy", 0, ofFiles(file -> CheckOutcome.refused("It is Friday. Copy it on Monday.")));
        Files.writeString(fixture.file("text.jar"), "no zip");
        deploy("greeting", "1.0.0");
        assertThat(fixture.reason("greeting.jar"))
                .isEqualTo("The check 'policy' refuses it: It is Friday. Copy it on Monday.");
        assertThat(fixture.reason("text.jar")).contains("It is Friday");
        assertThat(fixture.marker("greeting.jar")).contains("It is Friday");

        check.unregister();
        eventually("it is deployed", () -> fixture.chain.serving().equals("greeting=1.0.0"));
        eventually("the other is no ZIP", () -> fixture.reasonOf("text.jar").contains("not a ZIP"));
    }

    @Test
    void aCheckThatThrowsAnythingOrSaysNothingRefuses() throws Exception {
        ServiceRegistration<ArtifactCheck> throwing = register("throwing", 0, ofFiles(file -> {
            throw new StackOverflowError("deep");
        }));
        deploy("greeting", "1.0.0");
        assertThat(fixture.reason("greeting.jar"))
                .startsWith("The check 'throwing' refuses it: it threw java.lang.StackOverflowError: deep");
        throwing.unregister();
        register("mute", 0, ofFiles(file -> null));
        eventually("the other is asked", () -> fixture.reasonOf("greeting.jar").contains("The check 'mute'"));
        assertThat(fixture.chain.serving()).isEmpty();
    }

    @Test
    void aCheckThatHangsRefusesAtItsDeadlineAndHoldsUpNothingElse() throws Exception {
        rules(Set.of(), Set.of(), Duration.ofSeconds(3));
        register("slow", 0, ofFiles(file -> {
            while (file.name().equals("greeting.jar") && end.getCount() > 0) {
                try {
                    end.await();
                } catch (InterruptedException e) {
                    // As code does that knows nothing of interrupts.
                    Thread.onSpinWait();
                }
            }
            return CheckOutcome.passed();
        }));
        middleware("greeting", "1.0.0", "greeting").writeTo(fixture.file("greeting.jar"));
        eventually("it is asked", () -> Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("sluice-check-greeting.jar")));
        middleware("other", "1.0.0", "other").writeTo(fixture.file("other.jar"));
        eventually("the other is deployed", () -> fixture.chain.serving().equals("other=1.0.0"));
        assertThat(fixture.in("greeting.jar", DeploymentState.FAILED)).isEmpty();

        eventually("it is refused", () -> fixture.in("greeting.jar", DeploymentState.FAILED)
                .isPresent());
        assertThat(fixture.reason("greeting.jar"))
                .startsWith("The check 'slow' hasn't come to an end within 3000 ms (deploy.check.timeout)")
                .containsPattern("it is at \\S*dev\\.sluice\\.deployer\\.service\\.ArtifactCheckTest");
        end.countDown();
        deploy("greeting", "1.0.1");
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.1 other=1.0.0");
        assertThat(fixture.data("store")).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void whatSettledTogetherStaysTogetherThoughItIsChecked() throws Exception {
        register("policy", 0, ofFiles(file -> CheckOutcome.passed()));
        Path first = middleware("a", "1.0.0", "a").writeTo(home.resolve("a.jar"));
        Path second = middleware("b", "1.0.0", "b").writeTo(home.resolve("b.jar"));
        // A thread that doesn't run for ten windows is a check that hangs, as far as anybody can tell.
        fixture.settleFor(Duration.ofSeconds(1));
        fixture.run.close();
        Files.move(first, fixture.file("a.jar"));
        Files.move(second, fixture.file("b.jar"));
        fixture.startRun();
        assertThat(fixture.chain.causes()).contains("deploy a.jar, b.jar");
    }

    @Test
    void whatIsCheckedIsWaitedForBeforeAllCountsAsDealtWith() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        register("policy", 0, ofFiles(file -> {
            asked.countDown();
            end.await();
            return CheckOutcome.passed();
        }));
        middleware("greeting", "1.0.0", "greeting").writeTo(fixture.file("greeting.jar"));
        CompletableFuture<Void> dealtWith = fixture.run.reconciled();
        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
        // Longer than a file is waited for that goes on changing.
        assertThatThrownBy(() -> dealtWith.get(1, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);

        end.countDown();
        dealtWith.get(20, TimeUnit.SECONDS);
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
    }

    @Test
    void aFileThatChangesWhileItIsCheckedIsCheckedAnewAndTheOldCopyGoes() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        register("policy", 0, ofFiles(file -> {
            if (calls.incrementAndGet() == 1) {
                asked.countDown();
                end.await();
            }
            return CheckOutcome.passed();
        }));
        middleware("greeting", "1.0.0", "greeting").writeTo(fixture.file("greeting.jar"));
        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
        deploy("greeting", "2.0.0");
        assertThat(fixture.chain.serving()).isEqualTo("greeting=2.0.0");
        assertThat(fixture.chain.causes()).containsExactly("deploy greeting.jar");
        assertThat(fixture.data("store")).isDirectoryNotContaining("glob:**.tmp");

        fixture.delete("greeting.jar");
        eventually("it is gone", () -> fixture.chain.serving().isEmpty());
    }

    @Test
    void aCheckThatWritesIntoTheCopyGetsNothingInstalled() throws Exception {
        register("clumsy", 0, ofFiles(file -> {
            Files.write(file.copy(), new byte[] {0}, StandardOpenOption.APPEND);
            return CheckOutcome.passed();
        }));
        deploy("greeting", "1.0.0");
        assertThat(fixture.reason("greeting.jar")).contains("has changed its private copy");
        assertThat(fixture.chain.serving()).isEmpty();
    }

    @Test
    void whatIsDeployedIsNotTouchedByACheckThatComesAlsoNotAtARestart() throws Exception {
        deploy("greeting", "1.0.0");
        AtomicInteger calls = new AtomicInteger();
        register("policy", 0, ofFiles(file -> {
            calls.incrementAndGet();
            return CheckOutcome.refused("no");
        }));
        fixture.settle();
        fixture.run.close();
        fixture.startRun();
        assertThat(fixture.states()).isEqualTo("greeting.jar:PUBLISHED");
        assertThat(calls).hasValue(0);
        deploy("greeting", "2.0.0");
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
        assertThat(fixture.reason("greeting.jar")).contains("The check 'policy' refuses it: no");
    }

    @Test
    void filesWaitForARequiredCheckAlsoAtAStart() throws Exception {
        rules(Set.of("policy"), Set.of(), Duration.ofSeconds(20));
        deploy("greeting", "1.0.0");
        assertWaits();
        fixture.crashAndStart();
        assertWaits();
        assertThat(fixture.chain.view().open()).isFalse();

        ServiceRegistration<ArtifactCheck> policy = register("policy", 0, ofFiles(file -> CheckOutcome.passed()));
        eventually("it is deployed", () -> fixture.chain.serving().equals("greeting=1.0.0"));
        policy.unregister();
        deploy("other", "1.0.0");
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
        assertThat(fixture.in("other.jar", DeploymentState.INCOMPLETE)).isPresent();
    }

    private void assertWaits() {
        assertThat(fixture.in("greeting.jar", DeploymentState.INCOMPLETE)
                        .orElseThrow()
                        .reason()
                        .orElseThrow())
                .startsWith(
                        "waiting: the check policy, without which deploy.checks.required lets nothing in, isn't there");
    }

    @Test
    void aBundleThatBringsARequiredCheckDoesNotWaitForItAndOthersDo() throws Exception {
        rules(Set.of("policy"), Set.of("com.acme.policy"), Duration.ofSeconds(20));
        deploy("greeting", "1.0.0");
        assertWaits();
        new BundleJar("com.acme.policy", "1.0.0")
                .imports("dev.sluice.deployer")
                .activator(
                        "Hashtable<String, Object> p = new Hashtable<>(); p.put(\"check.name\", \"policy\");"
                                + " context.registerService(dev.sluice.deployer.ArtifactCheck.class,"
                                + " new dev.sluice.deployer.ArtifactCheck() {}, p);",
                        "")
                .writeTo(fixture.file("policy.jar"));
        eventually("both are deployed", () -> fixture.chain.serving().equals("greeting=1.0.0"));
        assertThat(fixture.in("policy.jar", DeploymentState.PUBLISHED)).isPresent();
    }
}
