package dev.sluice.deployer.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

class UnreadFilesTest {

    @TempDir
    Path conf;

    private Set<String> taken = Set.of();
    private long nanos = Long.MAX_VALUE - 1;
    private UnreadFiles files;

    @BeforeEach
    void make() {
        files = new UnreadFiles(conf, () -> taken, () -> nanos);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(conf.resolve(name), text);
    }

    private Map<String, UnreadFiles.Unread> lookAfter(long seconds) {
        nanos += TimeUnit.SECONDS.toNanos(seconds);
        return files.look();
    }

    @Test
    void whatLiesThereAtTheFirstLookAndWasNotTakenCannotBeRead() throws IOException {
        write("dev.sluice.deployer.cfg", "deploy.signature=\\u00 required");
        write("dev.sluice.traffic-a.cfg", "<properties");
        write("dev.sluice.chain.cfg", "chain.required=auth");
        taken = Set.of("dev.sluice.chain.cfg");
        assertThat(files.look()).containsOnlyKeys("dev.sluice.deployer.cfg", "dev.sluice.traffic-a.cfg");
    }

    @Test
    void whatIsNoRuleOfDeploymentsIsNotLookedAt() throws IOException {
        write("dev.sluice.route-a.cfg", "\\u00");
        write("com.acme.cfg", "\\u00");
        write("dev.sluice.deployer.cfg.bak", "\\u00");
        Files.createDirectory(conf.resolve("dev.sluice.traffic-dir.cfg"));
        assertThat(files.look()).isEmpty();
    }

    @Test
    void aFileThatComesHasTheTimeToBeTaken() throws IOException {
        assertThat(files.look()).isEmpty();
        write("dev.sluice.rollout-a.cfg", "\\u00");
        assertThat(lookAfter(1)).isEmpty();
        assertThat(lookAfter(4)).isEmpty();
        write("dev.sluice.rollout-a.cfg", "\\u00 and more");
        assertThat(lookAfter(1)).isEmpty();
        assertThat(lookAfter(5)).containsOnlyKeys("dev.sluice.rollout-a.cfg");
        taken = Set.of("dev.sluice.rollout-a.cfg");
        assertThat(lookAfter(1)).isEmpty();
    }

    @Test
    void ofAFileThatWasReadBeforeItWasDamagedThatIsSaid() throws IOException {
        write("dev.sluice.chain.cfg", "chain.required=auth");
        taken = Set.of("dev.sluice.chain.cfg");
        assertThat(files.look()).isEmpty();
        write("dev.sluice.chain.cfg", "chain.required=\\u00 auth");
        assertThat(lookAfter(1)).isEmpty();
        assertThat(lookAfter(5).get("dev.sluice.chain.cfg").wasRead()).isTrue();
        assertThat(lookAfter(1).get("dev.sluice.chain.cfg").why()).contains("unicode");
        write("dev.sluice.chain.cfg", "chain.required=auth, log");
        assertThat(lookAfter(1)).isEmpty();
    }

    @Test
    void aFileThatIsMendedIsUnreadUntilItIsRead() throws IOException {
        write("dev.sluice.deployer.cfg", "deploy.signature=\\u00 required");
        assertThat(files.look()).hasSize(1);
        write("dev.sluice.deployer.cfg", "deploy.signature=required");
        assertThat(lookAfter(1)).hasSize(1);
        assertThat(lookAfter(60)).hasSize(1);
        taken = Set.of("dev.sluice.deployer.cfg");
        assertThat(lookAfter(1)).isEmpty();
    }

    @Test
    void aFileThatIsAwayForAMomentIsUnread() throws IOException {
        write("dev.sluice.deployer.cfg", "deploy.signature=\\u00 required");
        assertThat(files.look()).hasSize(1);
        Files.delete(conf.resolve("dev.sluice.deployer.cfg"));
        assertThat(lookAfter(1)).hasSize(1);
        assertThat(lookAfter(4)).hasSize(1);
        write("dev.sluice.deployer.cfg", "deploy.signature=required");
        assertThat(lookAfter(1)).hasSize(1);
        Files.delete(conf.resolve("dev.sluice.deployer.cfg"));
        assertThat(lookAfter(1)).hasSize(1);
        assertThat(lookAfter(5)).isEmpty();
    }

    @Test
    void thereNeedNotBeAFolder() throws IOException {
        Files.delete(conf);
        assertThat(files.look()).isEmpty();
    }

    private static Configuration of(String origin) {
        return (Configuration) Proxy.newProxyInstance(
                UnreadFilesTest.class.getClassLoader(),
                new Class<?>[] {Configuration.class},
                (proxy, method, arguments) ->
                        new Hashtable<String, Object>(Map.of("felix.fileinstall.filename", origin)));
    }

    @Test
    void aConfigurationMayComeFromAnywhere() {
        Configuration[] found = {of("no uri"), of("http://acme/x.cfg"), of("x.cfg"), of("file:///c/a.cfg"), of("file:/")
        };
        ConfigurationAdmin configurations = (ConfigurationAdmin) Proxy.newProxyInstance(
                UnreadFilesTest.class.getClassLoader(),
                new Class<?>[] {ConfigurationAdmin.class},
                (proxy, method, arguments) -> found);
        assertThat(UnreadFiles.taken(configurations)).containsExactly("a.cfg");
    }

    @Test
    void aSecondFileOfWhatThereIsOneOfIsReadByNobody() throws IOException {
        write("dev.sluice.deployer-old.cfg", "deploy.signature=required");
        write("dev.sluice.chain-old.cfg", "chain.required=auth");
        write("dev.sluice.admin-old.cfg", "");
        assertThat(files.look()).containsOnlyKeys("dev.sluice.deployer-old.cfg", "dev.sluice.chain-old.cfg");
    }
}
