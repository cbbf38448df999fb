package dev.sluice.deployer.testing;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;

/**
 * A real framework in this process, with Declarative Services and Configuration Admin. What bundles share with the test
 * comes from the class path.
 */
public final class TestFramework implements AutoCloseable {

    private static final String SHARED = String.join(
            ",",
            "dev.sluice.middleware;version=1.0.0",
            "dev.sluice.deployer.testing",
            "dev.sluice.deployer;version=1.1.0",
            "jakarta.servlet;version=6.0.0",
            "jakarta.servlet.http;version=6.0.0",
            "org.slf4j;version=2.0.17",
            "org.apache.felix.hc.api;version=2.0.0",
            "org.osgi.service.cm;version=1.6.1",
            "org.osgi.service.component;version=1.5.1",
            "org.osgi.service.component.runtime;version=1.5.0",
            "org.osgi.service.component.runtime.dto;version=1.5.0",
            "org.osgi.util.promise;version=1.3.0",
            "org.osgi.util.function;version=1.2.0");

    private final Framework framework;

    public TestFramework(Path storage) throws BundleException {
        Map<String, String> properties = new HashMap<>();
        properties.put(Constants.FRAMEWORK_STORAGE, storage.toString());
        properties.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        properties.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, SHARED);
        properties.put(Constants.FRAMEWORK_BSNVERSION, Constants.FRAMEWORK_BSNVERSION_MULTIPLE);
        properties.put("felix.service.urlhandlers", "false");
        framework = new FrameworkFactory().newFramework(properties);
        framework.start();
        install(org.apache.felix.cm.impl.ConfigurationManager.class);
        install(org.apache.felix.scr.impl.Activator.class);
    }

    private void install(Class<?> ofBundle) throws BundleException {
        try {
            String jar = ofBundle.getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI()
                    .toString();
            framework.getBundleContext().installBundle(jar).start();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    public BundleContext context() {
        return framework.getBundleContext();
    }

    public <T> T service(Class<T> type) {
        return context().getService(context().getServiceReference(type));
    }

    /** {@return the bundle of a symbolic name and version that isn't uninstalled} */
    public Bundle bundle(String symbolicName, String version) {
        for (Bundle bundle : context().getBundles()) {
            if (symbolicName.equals(bundle.getSymbolicName())
                    && version.equals(bundle.getVersion().toString())) {
                return bundle;
            }
        }
        throw new AssertionError("no bundle " + symbolicName + " " + version + " is installed");
    }

    @Override
    public void close() throws BundleException, IOException, InterruptedException {
        framework.stop();
        framework.waitForStop(10_000);
    }
}
