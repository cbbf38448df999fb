package dev.sluice.unload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.unload.RootPath.Step;
import java.util.List;
import org.junit.jupiter.api.Test;

class RootPathTest {

    private static final String ROOT = "thread \"main\", which lives";
    private static final Step FRAMEWORK = new Step("", "org.apache.felix.framework.Felix", "", false);
    private static final Step SHOP = new Step("element 0", "acme.shop.Listener", "acme.shop 1.0.0", true);

    @Test
    void aStaticFieldIsTheSource() {
        RootPath path = new RootPath(
                ROOT,
                List.of(
                        FRAMEWORK,
                        new Step("element 1", "class acme.Registry", "acme.registry 1.0.0", false),
                        new Step("static field LISTENERS", "java.util.ArrayList", "", false),
                        new Step("field elementData", "java.lang.Object[]", "", false),
                        SHOP,
                        new Step("static field OWN", "java.util.HashMap", "", false)));
        assertThat(path.source())
                .isEqualTo("static field LISTENERS of class acme.Registry [acme.registry 1.0.0],"
                        + " which leads to acme.shop.Listener");
        assertThat(path.lines())
                .contains("=> element 0: acme.shop.Listener  [acme.shop 1.0.0]  <= here it enters the bundle");
    }

    @Test
    void withoutOneItIsTheLastFieldOfAClassThatIsNotTheJdks() {
        RootPath path = new RootPath(
                ROOT,
                List.of(
                        FRAMEWORK,
                        new Step("field m_registry", "acme.Registry", "acme.registry 1.0.0", false),
                        new Step("field listeners", "java.util.ArrayList", "", false),
                        new Step("field elementData", "java.lang.Object[]", "", false),
                        SHOP));
        assertThat(path.source())
                .isEqualTo("field listeners of acme.Registry [acme.registry 1.0.0], which leads to acme.shop.Listener");
    }

    @Test
    void withNeitherItIsWhereThePathStarts() {
        RootPath path = new RootPath(
                ROOT,
                List.of(
                        new Step("", "java.lang.Thread", "", false),
                        new Step("field target", "acme.shop.Listener", "acme.shop 1.0.0", true)));
        assertThat(path.source()).isEqualTo(ROOT + ", which leads to acme.shop.Listener");
        assertThat(new RootPath(ROOT, List.of(SHOP)).source()).isEqualTo(ROOT + ", which leads to acme.shop.Listener");
        assertThat(new RootPath(ROOT, List.of()).source()).isEqualTo(ROOT);
    }
}
