package dev.sluice.unload.culprit.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sluice.unload.culprit.Suspect;
import java.io.ObjectStreamClass;
import java.io.Serializable;
import java.lang.ref.Reference;
import java.lang.reflect.Field;
import org.junit.jupiter.api.Test;

class SerialCachesTest {

    private record Thing(int count) implements Serializable {}

    @Test
    void aClearedReferenceThatHasTheClassDoesNotStayInItsQueue() throws Exception {
        ObjectStreamClass.lookup(Thing.class);
        Object cache = value(Class.forName("java.io.ObjectStreamClass$Caches"), "localDescs", null);
        Class<?> type = cache.getClass().getSuperclass();
        assumeThat(type.getName()).isEqualTo("java.io.ClassCache");
        ClassValue<?> map = (ClassValue<?>) value(type, "map", cache);
        Reference<?> cleared = (Reference<?>) map.get(Thing.class);
        // As a collection does when memory runs short.
        cleared.enqueue();
        assertThat(map.get(Thing.class)).isSameAs(cleared);

        new Caches().search(new Suspect(new ClassLoader(null) {}, "acme"));

        // Whoever takes one from the queue takes it from here, too.
        assertThat(map.get(Thing.class)).isNotSameAs(cleared);
    }

    private static Object value(Class<?> owner, String name, Object of) throws Exception {
        Field field = owner.getDeclaredField(name);
        field.setAccessible(true);
        return field.get(of);
    }
}
