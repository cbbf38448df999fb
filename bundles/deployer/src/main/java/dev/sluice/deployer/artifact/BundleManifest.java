package dev.sluice.deployer.artifact;

import dev.sluice.middleware.MiddlewareProperties;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.felix.utils.resource.ResourceBuilder;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;
import org.osgi.framework.namespace.BundleNamespace;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.namespace.IdentityNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.resource.Capability;
import org.osgi.resource.Resource;

/**
 * What a bundle's manifest says of it, as far as it must be known before the framework sees the bundle.
 *
 * @param symbolicName its symbolic name
 * @param version its version
 * @param declared the middleware that it declares
 * @param lends whether it has anything that others can be wired to, apart from being a bundle
 */
record BundleManifest(String symbolicName, Version version, List<DeclaredMiddleware> declared, boolean lends) {

    /** Each bundle has the first three; nobody is wired to the others, which are for tools and for the deployer. */
    private static final Set<String> NOT_LENT = Set.of(
            IdentityNamespace.IDENTITY_NAMESPACE,
            BundleNamespace.BUNDLE_NAMESPACE,
            HostNamespace.HOST_NAMESPACE,
            "osgi.service",
            MiddlewareProperties.CAPABILITY_NAMESPACE);

    /** As Felix looks it up: through the ZIP's directory, so wherever it is, and by this name exactly. */
    private static final String NAME = "META-INF/MANIFEST.MF";

    private static final Pattern SYMBOLIC_NAME = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");

    /** By these the admin listener and the console tell the container's own bundles, and operators do. */
    private static final Set<String> CONTAINERS_OWN = Set.of(
            "dev.sluice.middleware-api",
            "dev.sluice.listener",
            "dev.sluice.chain",
            "dev.sluice.proxy",
            "dev.sluice.deployer",
            "dev.sluice.unload",
            "dev.sluice.admin");

    private static final String BUILD_IT = "Build it with bnd-maven-plugin (docs/first-middleware.md shows how).";

    /** The headers that are read here. What the bundle needs is for the framework to judge, and to explain. */
    private static final List<String> HEADERS = List.of(
            Constants.BUNDLE_MANIFESTVERSION,
            Constants.BUNDLE_SYMBOLICNAME,
            Constants.BUNDLE_VERSION,
            Constants.EXPORT_PACKAGE,
            Constants.PROVIDE_CAPABILITY);

    static BundleManifest of(ZipFile zip) throws IOException, Rejection {
        return of(headers(zip));
    }

    /** {@return its main headers; looked up in whatever case} */
    static Map<String, String> headers(ZipFile zip) throws IOException, Rejection {
        ZipEntry entry = zip.getEntry(NAME);
        if (entry == null) {
            throw new Rejection("It has no " + NAME + ": a plain ZIP, no bundle. " + BUILD_IT);
        }
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        try (InputStream in = zip.getInputStream(entry)) {
            new Manifest(in)
                    .getMainAttributes()
                    .forEach((name, value) -> headers.put(name.toString(), value.toString()));
        } catch (IOException | IllegalArgumentException e) {
            throw new Rejection("Its manifest can't be read: " + e.getMessage() + ". " + BUILD_IT);
        }
        return headers;
    }

    static BundleManifest of(Map<String, String> headers) throws Rejection {
        String named = headers.get(Constants.BUNDLE_SYMBOLICNAME);
        String manifestVersion =
                headers.getOrDefault(Constants.BUNDLE_MANIFESTVERSION, "").trim();
        if (named == null || !manifestVersion.equals("2")) {
            throw new Rejection("Its manifest has no "
                    + (named == null ? Constants.BUNDLE_SYMBOLICNAME : Constants.BUNDLE_MANIFESTVERSION + ": 2")
                    + ": a plain JAR, no bundle. " + BUILD_IT);
        }
        refuseFragment(headers);
        Version version = version(headers.get(Constants.BUNDLE_VERSION));
        Resource resource = parse(headers);
        String symbolicName = (String)
                resource.getCapabilities("osgi.identity").get(0).getAttributes().get("osgi.identity");
        if (!SYMBOLIC_NAME.matcher(symbolicName).matches()) {
            throw new Rejection("Its Bundle-SymbolicName '" + symbolicName
                    + "' isn't one: letters, digits, '_' and '-', in parts with '.' between them. Correct it and build "
                    + "again.");
        }
        if (CONTAINERS_OWN.contains(symbolicName)) {
            throw new Rejection("Its Bundle-SymbolicName " + symbolicName
                    + " is that of one of the container's own bundles, which only the container brings. Give it a name of "
                    + "its own, such as com.example.auth, and build again.");
        }
        refuseExports(resource);
        return new BundleManifest(symbolicName, version, Declarations.of(resource, symbolicName), lends(resource));
    }

    private static boolean lends(Resource resource) {
        return resource.getCapabilities(null).stream()
                .map(Capability::getNamespace)
                .anyMatch(namespace -> !NOT_LENT.contains(namespace));
    }

    private static void refuseFragment(Map<String, String> headers) throws Rejection {
        String host = headers.get(Constants.FRAGMENT_HOST);
        if (host == null) {
            return;
        }
        boolean extension = host.contains(Constants.EXTENSION_DIRECTIVE)
                || host.startsWith(Constants.SYSTEM_BUNDLE_SYMBOLICNAME)
                || host.startsWith("org.apache.felix.framework");
        throw new Rejection(
                extension
                        ? "It is an extension of the framework (Fragment-Host: " + host
                                + "), which the deploy folder doesn't take: it couldn't be undone without a restart. Make "
                                + "it an ordinary bundle."
                        : "It is a fragment (Fragment-Host: " + host
                                + "), which the deploy folder doesn't take: it would "
                                + "change another bundle while that runs. Put its content into " + host
                                + ", or make it a bundle of its own.");
    }

    private static Version version(String header) throws Rejection {
        try {
            return Version.parseVersion(header);
        } catch (IllegalArgumentException e) {
            throw new Rejection("Its Bundle-Version '" + header
                    + "' isn't a version: up to three numbers and a qualifier, as in 1.2.3.final. Correct it and build "
                    + "again.");
        }
    }

    private static Resource parse(Map<String, String> headers) throws Rejection {
        Map<String, String> read = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String header : HEADERS) {
            if (headers.containsKey(header)) {
                read.put(header, headers.get(header));
            }
        }
        try {
            return ResourceBuilder.build(null, read);
        } catch (BundleException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new Rejection("One of its headers " + String.join(", ", read.keySet()) + " can't be understood: "
                    + cause.getMessage() + ". Correct it and build again.");
        }
    }

    private static void refuseExports(Resource resource) throws Rejection {
        List<String> refused = new ArrayList<>();
        for (Capability capability : resource.getCapabilities(PackageNamespace.PACKAGE_NAMESPACE)) {
            String name = (String) capability.getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE);
            if (isWithin(name, "dev.sluice") || isWithin(name, "jakarta.servlet")) {
                refused.add(name);
            }
        }
        if (!refused.isEmpty()) {
            throw new Rejection("It exports " + String.join(", ", refused)
                    + ", which only the container may export: its own middleware and others would see different classes. "
                    + "Import the package instead: depend on the API with scope 'provided', and export nothing of it.");
        }
    }

    private static boolean isWithin(String name, String root) {
        return name.equals(root) || name.startsWith(root + ".");
    }
}
