package dev.sluice.unload.culprit.registry;

import dev.sluice.unload.Culprit;
import dev.sluice.unload.culprit.Finding;
import dev.sluice.unload.culprit.Opened;
import dev.sluice.unload.culprit.Referents;
import dev.sluice.unload.culprit.Suspect;
import dev.sluice.unload.culprit.UnseenException;
import dev.sluice.unload.culprit.Wording;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One look of one search: what it has found, and where it couldn't look. A part that isn't opened doesn't end the look. Of one
 * thread, and for the stack alone, as it has the suspect.
 */
final class Look {

    private static final int LENGTH = 200;

    private final Opened opened;
    private final Suspect suspect;
    private final List<Finding> found = new ArrayList<>();
    private final Set<String> unseen = new LinkedHashSet<>();

    /** Null until it is needed. */
    private Referents referents;

    Look(String search, Suspect suspect) {
        this.opened = new Opened(search);
        this.suspect = suspect;
    }

    /** {@return whether this JVM has a module; in one that was cut down there is nothing to hold either} */
    static boolean has(String module) {
        return ModuleLayer.boot().findModule(module).isPresent();
    }

    /** {@return whether it is the suspect's} */
    boolean owns(Object object) {
        return suspect.owns(object);
    }

    /** {@return the suspect's class loader} */
    ClassLoader loader() {
        return suspect.loader();
    }

    /** Notes a culprit that nothing can be done about from outside. */
    void found(Culprit.Kind kind, String what, String remedy) {
        found.add(Finding.only(new Culprit(kind, line(what), remedy)));
    }

    /** Notes a culprit, and what gets rid of it. */
    void found(Culprit.Kind kind, String what, String remedy, Finding.Cleaning cleaning) {
        found.add(Finding.of(new Culprit(kind, line(what), remedy), () -> line(cleaning.clean())));
    }

    /** Notes where nobody could look, and why. */
    void unseen(String sentence) {
        unseen.add(sentence);
    }

    /** {@return a class of the JDK, not initialized; null if there is none, which is noted} */
    Class<?> type(String name) {
        return noted(() -> opened.type(name));
    }

    /** {@return what a private field of the JDK's has; null if it can't be read, which is noted} */
    Object get(Class<?> owner, String name, Object of) {
        Field field = noted(() -> opened.field(owner, name));
        return field == null ? null : Opened.get(field, of);
    }

    /** {@return what a private method of the JDK's returns; null if it can't be called, which is noted, or fails} */
    Object call(Class<?> owner, String name, Object of) {
        Method method = noted(() -> opened.method(owner, name));
        return method == null ? null : called(method, of);
    }

    /** {@return what a private method of the JDK's with one parameter returns; null as above} */
    <T> Object call(Class<?> owner, String name, Object of, Class<T> parameter, T argument) {
        Method method = noted(() -> opened.method(owner, name, parameter));
        return method == null ? null : called(method, of, argument);
    }

    /** {@return a field of the JDK's that can be compared and set in one step; null if it can't be, which is noted} */
    VarHandle handle(Class<?> owner, String name) {
        return noted(() -> opened.handle(owner, name));
    }

    /** {@return what a soft reference refers to, without prolonging its life; null if nothing, or it can't be read, which is noted} */
    Object referent(Object reference) {
        if (referents == null) {
            referents = noted(() -> new Referents(opened));
        }
        return referents == null ? null : referents.of(reference);
    }

    /** {@return whether a method of an object is another than the JDK's own, as then it may be the bundle's code} */
    static boolean overrides(Object object, Class<?> base, String method, Class<?>... parameters) {
        try {
            return object.getClass().getMethod(method, parameters).getDeclaringClass() != base;
        } catch (NoSuchMethodException | LinkageError e) {
            return true;
        }
    }

    /**
     * {@return all that was found}
     *
     * @throws UnseenException if there was something that nobody could look at
     */
    List<Finding> end() throws UnseenException {
        if (!unseen.isEmpty()) {
            throw new UnseenException(String.join("; ", unseen), found);
        }
        return List.copyOf(found);
    }

    private static Object called(Method method, Object of, Object... arguments) {
        try {
            return method.invoke(of, arguments);
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    private <T> T noted(Looking<T> looking) {
        try {
            return looking.look();
        } catch (UnseenException e) {
            unseen(e.getMessage());
            return null;
        }
    }

    private static String line(String text) {
        return Wording.line(text, LENGTH);
    }

    @FunctionalInterface
    private interface Looking<T> {
        T look() throws UnseenException;
    }
}
