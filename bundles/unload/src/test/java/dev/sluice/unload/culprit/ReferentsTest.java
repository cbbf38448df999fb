package dev.sluice.unload.culprit;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.SoftReference;
import java.lang.reflect.Field;
import org.junit.jupiter.api.Test;

class ReferentsTest {

    private static final Opened OPENED = new Opened("soft references");

    @Test
    void whatIsReadDoesNotLiveLongerForThat() throws Exception {
        Field stamp = OPENED.field(SoftReference.class, "timestamp");
        Object object = new Object();
        SoftReference<Object> reference = new SoftReference<>(object);
        stamp.setLong(reference, -1);

        assertThat(new Referents(OPENED).of(reference)).isSameAs(object);
        assertThat(stamp.getLong(reference)).isEqualTo(-1);
        reference.get();
        assertThat(stamp.getLong(reference)).as("as get would have set it").isNotEqualTo(-1);
    }

    @Test
    void whatWasClearedOrIsNoSoftReferenceRefersToNothing() throws Exception {
        SoftReference<Object> reference = new SoftReference<>(new Object());
        reference.clear();

        assertThat(new Referents(OPENED).of(reference)).isNull();
        assertThat(new Referents(OPENED).of("text")).isNull();
        assertThat(new Referents(OPENED).of(null)).isNull();
    }
}
