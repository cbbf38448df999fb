package dev.sluice.deployer.service;

import java.lang.reflect.Proxy;
import java.util.Map;

/** A configuration as Declarative Services hands it over: the defaults where nothing is written. */
final class Written {

    private Written() {}

    static DeployerConfiguration of(Map<String, String> written) {
        return (DeployerConfiguration) Proxy.newProxyInstance(
                Written.class.getClassLoader(),
                new Class<?>[] {DeployerConfiguration.class},
                (proxy, method, arguments) -> written.getOrDefault(
                        method.getName().replace('_', '.'), String.valueOf(method.getDefaultValue())));
    }
}
