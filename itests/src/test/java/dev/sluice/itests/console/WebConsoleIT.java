package dev.sluice.itests.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sluice.itests.fixture.TestBundle;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Client;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.Shipped;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * An operator at the web console: what the page shows, what the status says, what lies in the folder and what requests get
 * agree, after each click and over a restart.
 */
@Tag("process")
@Tag("one-java")
class WebConsoleIT {

    private static final String FIRST = "greeting-1.jar";
    private static final String SECOND = "greeting-2.jar";
    private static final String BUNDLES = "/system/console/bundles";

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    @TempDir
    Path downloads;

    private Browser browser;

    @BeforeEach
    void startTheBrowser() throws IOException {
        Optional<Path> chromium = Browser.command("chromium", "chromium-browser", "google-chrome");
        Optional<Path> chromedriver = Browser.command("chromedriver");
        assumeThat(chromium.isPresent() && chromedriver.isPresent())
                .as("needs Chromium and its driver: apt-get install chromium chromium-driver")
                .isTrue();
        browser = Browser.start(chromium.orElseThrow(), chromedriver.orElseThrow());
    }

    @AfterEach
    void stopTheBrowser() throws IOException {
        if (browser != null) {
            try {
                Files.createDirectories(Shipped.workDirectory());
                browser.screenshot(Shipped.workDirectory().resolve("console.png"));
            } finally {
                browser.close();
            }
        }
    }

    @Test
    void pageStatusAndFolderAgreeThroughUploadStopStartUninstallAndRestart() throws IOException {
        SluiceProcess sluice = sluices.start();
        Home home = sluice.home();
        home.copy(greeting("1.0.0"), FIRST);
        awaitServing(sluice, "1.0.0");

        logIn(sluice);
        assertThat(browser.title()).contains("Bundles");
        awaitRow("1.0.0", "Active");

        upload(greeting("2.0.0"), SECOND);
        awaitServing(sluice, "2.0.0");
        reload(sluice);
        awaitRow("2.0.0", "Active");
        awaitRow("1.0.0", "Active");
        assertThat(home.files()).containsExactly(FIRST, SECOND);
        Await.until(() -> assertThat(sluice.status().stateOf(SECOND)).isEqualTo("PUBLISHED"));

        press("2.0.0", "ui-icon-stop");
        awaitServing(sluice, "1.0.0");
        // The page says what was when it was loaded, and a stop takes as long as the drain.
        Await.until(() -> assertThat(sluice.status().stateOf(SECOND)).isEqualTo("STOPPED"));
        reload(sluice);
        awaitRow("2.0.0", "Resolved");
        assertThat(home.deploy(SECOND)).exists();

        press("2.0.0", "ui-icon-play");
        awaitServing(sluice, "2.0.0");
        reload(sluice);
        awaitRow("2.0.0", "Active");
        Await.until(() -> assertThat(sluice.status().stateOf(SECOND)).isEqualTo("PUBLISHED"));

        press("2.0.0", "ui-icon-trash");
        awaitServing(sluice, "1.0.0");
        reload(sluice);
        awaitNoRow("2.0.0");
        Await.until(() -> assertThat(sluice.status().stateOf(SECOND)).isIn("REMOVED", ""));
        boolean fileStays = Files.exists(home.deploy(SECOND));

        press("1.0.0", "ui-icon-stop");
        awaitGone(sluice);
        Await.until(() -> assertThat(sluice.status().stateOf(FIRST)).isEqualTo("STOPPED"));
        assertThat(sluice.terminate()).isZero();

        SluiceProcess again = sluices.start(home);
        logIn(again);
        assertThat(greetingOf(again))
                .as("stopped and uninstalled outlive a restart")
                .isEmpty();
        Await.until(() -> assertThat(again.status().stateOf(FIRST)).isEqualTo("STOPPED"));
        Await.until(() -> assertThat(again.status().stateOf(SECOND)).isIn("REMOVED", ""));
        assertThat(Files.exists(home.deploy(SECOND))).isEqualTo(fileStays);
        awaitNoRow("2.0.0");
    }

    @Test
    void aStoppedVersionCanBeStartedAfterARestart() throws IOException {
        SluiceProcess sluice = sluices.start();
        Home home = sluice.home();
        home.copy(greeting("1.0.0"), FIRST);
        awaitServing(sluice, "1.0.0");
        logIn(sluice);
        press("1.0.0", "ui-icon-stop");
        awaitGone(sluice);
        assertThat(sluice.terminate()).isZero();

        SluiceProcess again = sluices.start(home);
        logIn(again);
        awaitRow("1.0.0", "Installed", "Resolved");
        press("1.0.0", "ui-icon-play");

        awaitServing(again, "1.0.0");
        reload(again);
        awaitRow("1.0.0", "Active");
    }

    @Test
    void theContainersOwnBundlesStayWhateverIsPressed() throws IOException {
        SluiceProcess sluice = sluices.start();
        logIn(sluice);

        String row = "//tr[td[2][contains(., 'dev.sluice.chain')] or contains(., 'Sluice: chain')]";
        browser.click(row + "//span[contains(@class, 'ui-icon-stop')]");

        Await.until(() -> assertThat(Client.anonymous().get(sluice.data("/")).statusCode())
                .isEqualTo(404));
        reload(sluice);
        assertThat(browser.script("return Array.from(document.querySelectorAll('#plugin_table tbody tr'))"
                                + ".filter(tr => /Sluice: chain|dev\\.sluice\\.chain/.test(tr.textContent))"
                                + ".map(tr => tr.children[4].textContent.trim())[0]")
                        .getAsString())
                .isEqualTo("Active");
        assertThat(sluice.status().chain()).isEmpty();
    }

    /** The browser keeps the login for the pages and for what they load. */
    private void logIn(SluiceProcess sluice) {
        URI console = sluice.admin(BUNDLES);
        browser.open(
                URI.create("http://admin:" + sluice.password() + "@" + console.getAuthority() + console.getPath()));
        Await.until(() -> assertThat(browser.texts("#plugin_table tbody tr")).hasSizeGreaterThan(5));
    }

    private void reload(SluiceProcess sluice) {
        browser.open(sluice.admin(BUNDLES));
        Await.until(() -> assertThat(browser.texts("#plugin_table tbody tr")).hasSizeGreaterThan(5));
    }

    /** As a user does: the button, the dialog, the file chooser, the dialog's button. */
    private void upload(byte[] jar, String name) throws IOException {
        Path file = Files.write(downloads.resolve(name), jar);
        browser.click("(//button[contains(@class, 'installButton')])[1]");
        browser.type("//div[@id='uploadDialog']//input[@type='file'][not(@disabled)]", file.toString());
        browser.click("//div[contains(@class, 'ui-dialog')][.//div[@id='uploadDialog']]"
                + "//div[contains(@class, 'ui-dialog-buttonset') or contains(@class, 'ui-dialog-buttonpane')]//button");
    }

    private void press(String version, String icon) {
        browser.click("//tr[td[2][contains(., 'test.greeting')]][normalize-space(td[3]) = '" + version + "']"
                + "//span[contains(@class, '" + icon + "')]");
    }

    private void awaitRow(String version, String... states) {
        Await.until(() -> assertThat(stateOnPage(version)).isIn((Object[]) states));
    }

    private void awaitNoRow(String version) {
        Await.until(() -> assertThat(stateOnPage(version)).isEqualTo("no row"));
    }

    private String stateOnPage(String version) {
        return browser.script(
                        "const row = Array.from(document.querySelectorAll('#plugin_table tbody tr')).filter(tr =>"
                                + " tr.children[1].textContent.includes('test.greeting')"
                                + " && tr.children[2].textContent.trim() === arguments[0])[0];"
                                + " return row ? row.children[4].textContent.trim() : 'no row'",
                        version)
                .getAsString();
    }

    private static void awaitServing(SluiceProcess sluice, String version) {
        Await.until(() -> assertThat(greetingOf(sluice)).contains(version));
        Await.until(() -> assertThat(sluice.status().serving("greeting")).contains(version));
    }

    private static void awaitGone(SluiceProcess sluice) {
        Await.until(() -> {
            HttpResponse<String> answer = Client.anonymous().get(sluice.data("/"));
            assertThat(answer.headers().firstValue("X-greeting")).isEmpty();
            assertThat(answer.statusCode()).isEqualTo(404);
        });
    }

    private static Optional<String> greetingOf(SluiceProcess sluice) {
        return Client.anonymous().get(sluice.data("/")).headers().firstValue("X-greeting");
    }

    private static byte[] greeting(String version) {
        return TestBundle.stamping("greeting", version).jar();
    }
}
