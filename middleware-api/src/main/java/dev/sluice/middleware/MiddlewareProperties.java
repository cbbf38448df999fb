package dev.sluice.middleware;

/**
 * The names of the service properties that describe a middleware, and of the capability that announces it. They are the
 * contract; the annotations of this package only set them.
 */
public final class MiddlewareProperties {

    /**
     * The middleware's name: its place in the chain, the same for all its versions. Type {@code String}: letters, digits,
     * {@code .}, {@code -} and {@code _}. A bundle that registers a single middleware may leave it out: the bundle's
     * symbolic name is taken.
     */
    public static final String NAME = "middleware.name";

    /**
     * The paths on which it runs: patterns as in the Servlet specification 12.2 ({@code /exact}, {@code /prefix/*},
     * {@code *.extension}, {@code /} and {@code /*} for everything). {@code /prefix/*} matches {@code /prefix} too. The
     * path that is matched is decoded, without path parameters, and begins with the context path. Type {@code String+};
     * default {@code /*}.
     */
    public static final String PATHS = "middleware.paths";

    /** What happens to requests when it is missing: {@link OnFailure#CLOSED} (default) or {@link OnFailure#OPEN}. */
    public static final String ON_FAILURE = "middleware.on.failure";

    /**
     * The namespace of the capability by which a bundle says, before it runs, what it will bring. Its attributes are
     * {@link #CAPABILITY_NAME}, {@link #CAPABILITY_PATHS}, {@link #CAPABILITY_ON_FAILURE} and
     * {@link #CAPABILITY_COMPONENT}; several capabilities with one component describe one middleware together. An
     * attribute that is missing means the default of the service property.
     *
     * <p>A bundle that declares a middleware must register it when it starts: one that doesn't is not deployed. A bundle
     * need not declare anything; what it has registered when its start returns is then what it brings.
     */
    public static final String CAPABILITY_NAMESPACE = "dev.sluice.middleware";

    /** Capability attribute, {@code String}: as {@link #NAME}. */
    public static final String CAPABILITY_NAME = "name";

    /** Capability attribute, {@code List<String>} or {@code String}: as {@link #PATHS}. */
    public static final String CAPABILITY_PATHS = "paths";

    /** Capability attribute, {@code String}: as {@link #ON_FAILURE}. */
    public static final String CAPABILITY_ON_FAILURE = "on.failure";

    /** Capability attribute, {@code String}: the class that implements the middleware. */
    public static final String CAPABILITY_COMPONENT = "component";

    /** The name of the {@code osgi.implementation} capability that the container provides, with the API's version. */
    public static final String IMPLEMENTATION = "dev.sluice.middleware";

    private MiddlewareProperties() {}
}
