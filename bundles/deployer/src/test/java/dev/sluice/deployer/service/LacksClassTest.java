package dev.sluice.deployer.service;

import static dev.sluice.deployer.testing.BundleJar.middleware;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.deployer.testing.BundleJar;
import dev.sluice.deployer.testing.ReleaseZip;
import org.junit.jupiter.api.Test;

/** What is said of a bundle that lacks a class: which it is, and where. */
class LacksClassTest extends WithFixture {

    private static BundleJar component(BundleJar jar, String type) {
        return jar.header("Service-Component", "OSGI-INF/auth.xml")
                .resource(
                        "OSGI-INF/auth.xml",
                        """
                        <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.4.0" name="auth.component">
                          <implementation class="%s"/>
                          <service><provide interface="dev.sluice.middleware.Middleware"/></service>
                          <property name="middleware.name" value="auth"/>
                        </scr:component>
                        """
                                .formatted(type));
    }

    private String put(BundleJar bad) throws Exception {
        ReleaseZip.of("shop", "1.0.0")
                .bundle("lib/auth.jar", bad)
                .bundle("greeting.jar", middleware("greeting", "1.0.0", "greeting"))
                .writeTo(fixture.file("shop.zip"));
        fixture.settle();
        assertThat(fixture.chain.serving()).isEmpty();
        assertThat(fixture.marker("shop.zip")).contains(fixture.reason("shop.zip"));
        return fixture.reason("shop.zip");
    }

    @Test
    void thatOfAComponentItself() throws Exception {
        assertThat(put(component(new BundleJar("auth", "1.0.0"), "a.Missing")))
                .startsWith("lib/auth.jar: middleware auth: ")
                .contains(
                        "component auth.component lacks a class: ",
                        "ClassNotFoundException: a.Missing not found by auth")
                .doesNotContain("see the log");
    }

    @Test
    void oneThatItsClassRefersTo() throws Exception {
        BundleJar other = new BundleJar("other", "1.0.0").source("b.Thing", "package b; public class Thing {}");
        BundleJar jar = new BundleJar("auth", "1.0.0")
                .compiledAgainst(other)
                .source(
                        "a.Auth",
                        """
                        package a;
                        import dev.sluice.middleware.*;
                        import jakarta.servlet.http.*;
                        public class Auth implements Middleware {
                            public void handle(HttpServletRequest request, HttpServletResponse response, Next next) {}
                            public void set(b.Thing thing) {}
                        }
                        """);
        assertThat(put(component(jar, "a.Auth")))
                .startsWith("lib/auth.jar: middleware auth: ")
                .contains("component auth.component lacks a class: ", "NoClassDefFoundError: b/Thing")
                .doesNotContain("see the log");
    }
}
