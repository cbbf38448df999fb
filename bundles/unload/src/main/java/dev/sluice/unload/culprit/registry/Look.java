package dev.sluice.unload.culprit.registry;

import dev.sluice.unload.Culprit;
import dev.sluice.unload.culprit.Finding;
import dev.sluice.unload.culprit.Suspect;
import dev.sluice.unload.culprit.UnseenException;
import java.lang.reflect.AccessibleObject;
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

    private final String search;
    private final Suspect suspect;
    private final List<Finding> found = new ArrayList<>();
    private final Set<String> unseen = new LinkedHashSet<>();

    Look(String search, Suspect suspect) {
        this.search = search;
        this.suspect = suspect;
    }

    /** {@return whether this JVM has a module; in one that was cut down there is nothing to hold either} */
    static boolean has(String module) {
        return ModuleLayer.boot().findModule(module).isPresent();
    }

    /** {@return a class of the JDK, not initialized} */
    static Class<?> type(String name) throws ReflectiveOperationException {
        return Class.forName(name, false, ClassLoader.getPlatformClassLoader());
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
        found.add(Finding.of(new Culprit(kind, line(what), remedy), cleaning));
    }

    /** Notes where nobody could look, and why. */
    void unseen(String sentence) {
        unseen.add(sentence);
    }

    /** {@return what a private field of the JDK's has; null if it can't be read, which is noted} */
    Object get(Class<?> owner, String name, Object of) {
        Field field = field(owner, name);
        try {
            return field == null ? null : field.get(of);
        } catch (IllegalAccessException | LinkageError e) {
            return null;
        }
    }

    /** {@return a private field that can be read; null if it can't be, which is noted} */
    Field field(Class<?> owner, String name) {
        try {
            Field field = owner.getDeclaredField(name);
            return opened(owner, field) ? field : null;
        } catch (NoSuchFieldException e) {
            other(owner, name);
            return null;
        }
    }

    /** {@return what a private method of the JDK's without parameters returns; null if it can't be called, which is noted} */
    Object call(Class<?> owner, String name, Object of) {
        try {
            Method method = owner.getDeclaredMethod(name);
            return opened(owner, method) ? method.invoke(of) : null;
        } catch (NoSuchMethodException e) {
            other(owner, name);
            return null;
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    /** Notes that this JDK is made otherwise than those we know. */
    void other(Class<?> owner, String member) {
        unseen(search + ": this JDK (" + Runtime.version() + ") has no " + owner.getName() + '.' + member
                + "; run on JDK 17, 21 or 25 to have it looked at");
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

    private boolean opened(Class<?> owner, AccessibleObject member) {
        if (member.trySetAccessible()) {
            return true;
        }
        unseen(search + ": start the JVM with --add-opens " + owner.getModule().getName() + '/' + owner.getPackageName()
                + "=ALL-UNNAMED");
        return false;
    }

    /** {@return a text with names that are the bundle's to choose: of one line, and bounded} */
    private static String line(String text) {
        String cut = text.length() <= LENGTH ? text : text.substring(0, LENGTH) + "...";
        return cut.replaceAll("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]", "?");
    }
}
