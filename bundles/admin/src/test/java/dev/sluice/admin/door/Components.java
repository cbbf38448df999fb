package dev.sluice.admin.door;

import java.util.List;
import org.osgi.framework.dto.BundleDTO;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** The components of the framework that the tests pretend: 100 in the container's bundle 3, 200 in the deployed 40. */
final class Components {

    static final List<ComponentDescriptionDTO> ALL =
            List.of(description(3, "dev.sluice.chain.Filter"), description(AdminServer.DEPLOYED, "greeting"));

    private Components() {}

    static List<ComponentConfigurationDTO> of(Object description) {
        ComponentConfigurationDTO configuration = new ComponentConfigurationDTO();
        configuration.id = ((ComponentDescriptionDTO) description).bundle.id == 3 ? 100 : 200;
        return List.of(configuration);
    }

    private static ComponentDescriptionDTO description(long bundle, String name) {
        ComponentDescriptionDTO description = new ComponentDescriptionDTO();
        description.name = name;
        description.bundle = new BundleDTO();
        description.bundle.id = bundle;
        return description;
    }
}
