package dev.sluice.deployer.artifact;

import static dev.sluice.deployer.testing.BundleJar.middleware;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.deployer.store.Store;
import dev.sluice.deployer.testing.BundleJar;
import dev.sluice.deployer.testing.ReleaseZip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReleaseVerificationTest {

    private static final byte[] AUTH = ReleaseZip.bytes(
            new BundleJar("com.example.auth", "1.0.0").declares("auth").resource("a.txt", "a"));
    private static final byte[] GREETING = ReleaseZip.bytes(new BundleJar("com.example.greeting", "1.2.0"));

    @TempDir
    Path home;

    private final Verification verification = new Verification(
            () -> VerificationLimits.DEFAULT,
            rule -> rule.getOrDefault("weights", "").contains("=") ? List.of() : List.of("weights: it has none"));

    private static ReleaseZip zip() {
        return new ReleaseZip().entry("auth.jar", AUTH).entry("lib/greeting.jar", GREETING);
    }

    private Verdict verify(String file, ReleaseZip zip) throws IOException {
        Path source = zip.writeTo(home.resolve(file));
        Store store = new Store(home.resolve("store"));
        Verdict verdict = verification.verify(file, store.copyIn(source));
        try (Stream<Path> left = Files.list(home.resolve("store"))) {
            assertThat(left.filter(path -> path.toString().endsWith(".tmp"))).isEmpty();
        }
        return verdict;
    }

    private Artifact accepted(String file, ReleaseZip zip) throws IOException {
        Verdict verdict = verify(file, zip);
        assertThat(verdict).isInstanceOf(Verdict.Accepted.class);
        return ((Verdict.Accepted) verdict).artifact();
    }

    private String refused(ReleaseZip zip) throws IOException {
        Verdict verdict = verify("shop.zip", zip);
        assertThat(verdict).isInstanceOf(Verdict.Refused.class);
        return ((Verdict.Refused) verdict).message();
    }

    @Test
    void withoutADescriptorItIsCalledAsItsFileAndHasNoVersion() throws IOException {
        Artifact release = accepted("my shop.zip", zip());
        assertThat(release.symbolicName()).isEqualTo("my shop");
        assertThat(release.version()).isEmpty();
        assertThat(release.bundles())
                .extracting(Artifact::file)
                .containsExactly("my shop.zip!/auth.jar", "my shop.zip!/lib/greeting.jar");
        assertThat(release.bundles())
                .extracting(Artifact::symbolicName)
                .containsExactly("com.example.auth", "com.example.greeting");
        assertThat(release.declaredNames()).containsExactly("auth");
    }

    @Test
    void aDescriptorSaysNameVersionDigestsAndTraffic() throws IOException {
        Artifact release = accepted(
                "shop.zip",
                zip().json(
                                """
                                {"name": "shop", "version": "2.1",
                                 "bundles": [{"file": "auth.jar", "sha256": "%s"},
                                             {"file": "lib/greeting.jar", "sha256": "%s"}],
                                 "traffic": [{"middleware": "greeting", "weights": "1.0.0=80, 2.0.0=20",
                                              "sticky": "client-ip"}]}
                                """
                                        .formatted(
                                                ReleaseZip.sha256(AUTH).toUpperCase(java.util.Locale.ROOT),
                                                ReleaseZip.sha256(GREETING)))
                        .entry("README.md", "what it is")
                        .entry("LICENSE", "as you like")
                        .entry("docs/notes.txt", "notes")
                        .entry("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\n")
                        .entry("__MACOSX/._auth.jar", "x")
                        .entry(".DS_Store", "x"));
        assertThat(release.symbolicName()).isEqualTo("shop");
        assertThat(release.version()).isEqualTo("2.1.0");
        assertThat(release.release().orElseThrow().traffic())
                .containsExactly(
                        Map.of("middleware", "greeting", "weights", "1.0.0=80, 2.0.0=20", "sticky", "client-ip"));
    }

    @Test
    void itsBundlesAreTakenOutOfTheVerifiedBytes() throws IOException {
        Store store = new Store(home.resolve("store"));
        Artifact unpacked = Unpacking.of(accepted("shop.zip", zip()), store);
        assertThat(unpacked.bundles().get(0).stored()).hasBinaryContent(AUTH);
        assertThat(unpacked.bundles().get(1).stored()).hasBinaryContent(GREETING);
        assertThat(Unpacking.headers(unpacked.stored(), "shop.zip!/auth.jar"))
                .containsEntry("Bundle-SymbolicName", "com.example.auth");
    }

    @Test
    void allThatIsWrongIsNamedAtOnceAndWhatWasProbablyMeant() throws IOException {
        String message = refused(zip().json(
                        """
                        {"nam": "shop", "version": "one",
                         "bundles": [{"file": "auht.jar", "sha256": "%s"},
                                     {"file": "lib/greeting.jar", "sha25": "00", "sha256": "12"}],
                         "traffic": [{"middleware": "greeting", "weigths": "1.0.0=80"}, "all"]}
                        """
                                .formatted(ReleaseZip.sha256(AUTH)))
                .entry("inner.zip", "PK")
                .entry("notes/release.json", "{}")
                .entry("start.sh", "x"));
        assertThat(message)
                .contains("inner.zip is a ZIP in the ZIP")
                .contains("notes/release.json isn't read")
                .contains("nothing would come of its entry start.sh")
                .contains("\"nam\" is no key: \"name\" is probably meant")
                .contains("the version \"one\" isn't one")
                .contains("\"sha25\" in bundles[1] is no key: \"sha256\" is probably meant")
                .contains("the sha256 in bundles[1] is \"12\"")
                .contains("\"weigths\" in traffic[0] is no key: \"weights\" is probably meant")
                .contains("traffic[1] is the text \"all\"")
                .contains("release.json lists auht.jar, which isn't in the ZIP: auth.jar is probably meant")
                .contains("release.json doesn't list auth.jar");
    }

    @Test
    void aWrongDigestIsToldWithBoth() throws IOException {
        String other = "0".repeat(64);
        assertThat(refused(new ReleaseZip()
                        .entry("auth.jar", AUTH)
                        .json("{\"bundles\": [{\"file\": \"auth.jar\", \"sha256\": \"" + other + "\"}]}")))
                .contains("auth.jar hasn't the sha256 that release.json says, " + other + ", but "
                        + ReleaseZip.sha256(AUTH));
    }

    @Test
    void whatIsNoBundleIsNamedWithItsReason() throws IOException {
        assertThat(refused(zip().entry(
                                "plain.jar",
                                new ReleaseZip().entry("a.txt", "a").bytes())
                        .entry("half.jar", java.util.Arrays.copyOf(AUTH, AUTH.length / 2))
                        .entry("text.jar", "text")))
                .contains("plain.jar: It has no META-INF/MANIFEST.MF")
                .contains("half.jar: it isn't complete")
                .contains("text.jar: It is not a ZIP, so no JAR");
    }

    @Test
    void twoOfOneNameAndVersionClash() throws IOException {
        assertThat(refused(zip().bundle("auth-again.jar", middleware("com.example.auth", "1.0.0", "auth"))))
                .contains("auth-again.jar")
                .contains("both com.example.auth 1.0.0");
    }

    @Test
    void withoutABundleThereIsNothingToDeploy() throws IOException {
        assertThat(refused(new ReleaseZip().json("{}"))).contains("It has no JAR");
        assertThat(refused(new ReleaseZip().entry("a/B.class", "x").entry("META-INF/MANIFEST.MF", "x")))
                .contains("give it a name that ends in .jar");
    }

    @Test
    void jsonIsReadStrictly() throws IOException {
        assertThat(refused(zip().json("{"))).contains("release.json: it isn't JSON: it ends early");
        assertThat(refused(zip().json("[]"))).contains("it is a list, and must be an object");
        assertThat(refused(zip().json("{name: shop}"))).contains("it isn't JSON: line 1, column ");
        for (String json : List.of(
                "{name: shop}",
                "{\"name\": \"shop\",}",
                "{\"name\" \"shop\"}",
                "{\"name\": \"shop\" \"version\": \"1\"}",
                "{\"name\": shop}",
                "{\"bundles\": [1 2]}",
                "{\"name\": \"\\x\"}",
                "{\"name\": \"shop",
                "// none\n{}",
                "{} {}",
                "}",
                "")) {
            assertThat(refused(zip().json(json)))
                    .as(json)
                    .contains("release.json: it isn't JSON: ")
                    .doesNotContain("JsonReader", "http", "\n", "path $", "BEGIN", "END");
        }
        assertThat(refused(zip().json("{\n  \"name\": \"shop\",\n}")))
                .contains("it isn't JSON: line 3, column ", "after the last one there is no comma");
        assertThat(refused(zip().json("{} {}"))).contains("there is more after its end");
        assertThat(refused(zip().json("{\"name\": \"a\", \"name\": \"b\"}"))).contains("\"name\" is there twice");
        assertThat(refused(zip().json("{\"name\": 1}"))).contains("\"name\" is the number 1, and must be a text");
        assertThat(refused(zip().json("{\"version\": null}"))).contains("\"version\" is null, and must be a text");
        assertThat(refused(zip().json("{\"bundles\": {}}"))).contains("\"bundles\" is an object, and must be a list");
        assertThat(refused(zip().json("{\"name\": \"a/b\"}"))).contains("the name \"a/b\" isn't one");
        assertThat(refused(zip().json("{\"traffic\": [{\"middleware\": \"a\"}]}")))
                .contains("traffic[0]: weights: it has none");
        assertThat(refused(zip().json("[".repeat(1000)))).contains("levels deep");
    }

    @Test
    void aDuplicateBundleInTheDescriptorIsNamed() throws IOException {
        String one = "{\"file\": \"auth.jar\", \"sha256\": \"" + ReleaseZip.sha256(AUTH) + "\"}";
        assertThat(refused(new ReleaseZip().entry("auth.jar", AUTH).json("{\"bundles\": [" + one + ", " + one + "]}")))
                .contains("\"auth.jar\" is there twice in bundles");
    }

    @Test
    void aPathThatLeavesTheZipIsRefused() throws IOException {
        assertThat(refused(zip().entry("../evil.jar", AUTH))).contains("leads out");
    }

    @Test
    void limitsHoldForWhatIsInIt() throws IOException {
        Verification strict = new Verification(() -> new VerificationLimits(1, 1 << 20, 200), rule -> List.of());
        Path source = zip().writeTo(home.resolve("shop.zip"));
        Verdict verdict = strict.verify("shop.zip", new Store(home.resolve("store")).copyIn(source));
        assertThat(((Verdict.Refused) verdict).message()).contains("verify.max.entries");
    }

    @Test
    void whatIsNoZipIsNoRelease() throws IOException {
        Path source = Files.writeString(home.resolve("shop.zip"), "text, and no archive");
        Verdict verdict = verification.verify("shop.zip", new Store(home.resolve("store")).copyIn(source));
        assertThat(((Verdict.Refused) verdict).message()).contains("It is not a ZIP, so no release");
    }

    @Test
    void theJarsTogetherMustNotInflateToMoreThanIsAllowedThoughEachOfThemIsSmallEnough() throws IOException {
        ReleaseZip zip = new ReleaseZip()
                .bundle("a.jar", middleware("a", "1.0.0", "a").resource("data", "x".repeat(600_000)))
                .bundle("b.jar", middleware("b", "1.0.0", "b").resource("data", "x".repeat(600_000)));
        Verification strict =
                new Verification(() -> new VerificationLimits(1_000, 1_000_000, 2_000, 1_000_000), rule -> List.of());
        Path source = zip.writeTo(home.resolve("shop.zip"));
        Verdict verdict = strict.verify("shop.zip", new Store(home.resolve("store")).copyIn(source));
        assertThat(((Verdict.Refused) verdict).message())
                .isEqualTo("The JARs in it inflate to more than 1000000 bytes together, as a ZIP bomb does. If it is"
                        + " meant so, raise verify.max.release.size.");
    }
}
