package dev.sluice.unload.culprit.threads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.unload.culprit.Finding;
import dev.sluice.unload.culprit.Search;
import dev.sluice.unload.culprit.Suspect;
import dev.sluice.unload.culprit.UnseenException;
import dev.sluice.unload.testing.CompiledLoader;
import dev.sluice.unload.testing.Gone;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A bundle in small: a class loader of its own with the class {@code acme.Leaks}, compiled for the tests. */
final class Fixture {

    private static final Map<String, byte[]> CLASSES = CompiledLoader.compile("acme.Leaks", Leaks.SOURCE);

    private final WeakReference<ClassLoader> watched;
    private ClassLoader loader;

    Fixture() {
        this.loader = new CompiledLoader(CLASSES);
        this.watched = new WeakReference<>(loader);
    }

    /** Calls a method of {@code acme.Leaks}, as others call a bundle. */
    Object call(String method, Object argument) {
        try {
            return Class.forName("acme.Leaks", true, loader)
                    .getMethod(method, Object.class)
                    .invoke(null, argument);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    ClassLoader loader() {
        return loader;
    }

    List<Finding> found(Search search) throws UnseenException {
        return search.search(new Suspect(loader, "acme 1.0.0"));
    }

    /** {@return what the findings say} */
    List<String> said(Search search) throws UnseenException {
        return found(search).stream().map(finding -> finding.culprit().what()).toList();
    }

    /** Cleans up all that may be. */
    List<String> clean(Search search) throws Exception {
        List<String> done = new ArrayList<>();
        for (Finding finding : found(search)) {
            if (finding.cleaning().isPresent()) {
                done.add(finding.cleaning().get().clean());
            }
        }
        return done;
    }

    /** Lets go of the class loader, and tells whether it is collected within the time. */
    boolean goesWithin(int seconds) {
        loader = null;
        return Gone.within(Duration.ofSeconds(seconds), watched);
    }

    void isCollected() {
        assertThat(goesWithin(10)).as("collected").isTrue();
    }
}
