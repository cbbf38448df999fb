package dev.sluice.deployer.testing;

/** A bundle with the symbolic name auth that declares nothing, and has one component, of which a test writes what matters. */
public final class AuthComponent {

    private AuthComponent() {}

    /**
     * {@return the bundle}
     *
     * @param version its version
     * @param service the service that the component provides
     * @param xmlAttributes attributes of the component, such as {@code activate="activate"}
     * @param xmlContent elements in the component, such as references
     * @param activate the statements of its method {@code activate}
     */
    public static BundleJar of(
            String version, String service, String xmlAttributes, String xmlContent, String activate) {
        return new BundleJar("auth", version)
                .header("Service-Component", "OSGI-INF/auth.xml")
                .source(
                        "a.Auth",
                        """
                        package a;
                        import dev.sluice.middleware.*;
                        import jakarta.servlet.*;
                        import jakarta.servlet.http.*;
                        public class Auth implements Middleware, Filter, Runnable {
                            public void handle(HttpServletRequest request, HttpServletResponse response, Next next)
                                    throws java.io.IOException, ServletException {
                                next.proceed(request, response);
                            }
                            public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain) {}
                            public void run() {}
                            public void activate() { %s }
                        }
                        """
                                .formatted(activate))
                .resource(
                        "OSGI-INF/auth.xml",
                        """
                        <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.4.0" name="auth.component" %s>
                          <implementation class="a.Auth"/>
                          <service><provide interface="%s"/></service>
                          %s
                        </scr:component>
                        """
                                .formatted(xmlAttributes, service, xmlContent));
    }

    /** {@return a bundle whose component provides the middleware auth} */
    public static BundleJar middleware(String version, String xmlAttributes, String xmlContent, String activate) {
        return of(
                version,
                "dev.sluice.middleware.Middleware",
                xmlAttributes,
                "<property name=\"middleware.name\" value=\"auth\"/>" + xmlContent,
                activate);
    }
}
