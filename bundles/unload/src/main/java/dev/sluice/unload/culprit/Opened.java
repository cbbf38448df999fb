package dev.sluice.unload.culprit;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;

/**
 * Private parts of the JDK, as far as its packages are opened to us.
 *
 * @param what what is looked at, for the sentence that says it can't be
 */
public record Opened(String what) {

    /**
     * {@return a private class}
     *
     * @throws UnseenException if this JDK has none of that name
     */
    public Class<?> type(String name) throws UnseenException {
        try {
            return Class.forName(name, false, ClassLoader.getPlatformClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            throw other(name);
        }
    }

    /**
     * {@return a private field}
     *
     * @throws UnseenException if its package isn't opened, or this JDK has none of that name
     */
    public Field field(Class<?> owner, String name) throws UnseenException {
        try {
            Field field = owner.getDeclaredField(name);
            return opened(field, owner);
        } catch (NoSuchFieldException e) {
            throw other(owner.getName() + '.' + name);
        }
    }

    /**
     * {@return a private method}
     *
     * @throws UnseenException as for a field
     */
    public Method method(Class<?> owner, String name, Class<?>... parameters) throws UnseenException {
        try {
            return opened(owner.getDeclaredMethod(name, parameters), owner);
        } catch (NoSuchMethodException e) {
            throw other(owner.getName() + '.' + name);
        }
    }

    /**
     * {@return a private field that can be compared and set in one step}
     *
     * @throws UnseenException as for a field
     */
    public VarHandle handle(Class<?> owner, String name) throws UnseenException {
        Field field = field(owner, name);
        try {
            MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(owner, MethodHandles.lookup());
            return Modifier.isStatic(field.getModifiers())
                    ? lookup.findStaticVarHandle(owner, name, field.getType())
                    : lookup.findVarHandle(owner, name, field.getType());
        } catch (ReflectiveOperationException e) {
            throw other(owner.getName() + '.' + name);
        }
    }

    /**
     * {@return the JDK's own method, whatever subclasses make of it: theirs may be the bundle's code}
     *
     * @throws UnseenException as for a field
     */
    public MethodHandle own(Class<?> owner, String name, Class<?> result, Class<?>... parameters)
            throws UnseenException {
        try {
            return MethodHandles.privateLookupIn(owner, MethodHandles.lookup())
                    .findSpecial(owner, name, MethodType.methodType(result, parameters), owner);
        } catch (NoSuchMethodException e) {
            throw other(owner.getName() + '.' + name);
        } catch (IllegalAccessException e) {
            throw closed(owner);
        }
    }

    private <T extends AccessibleObject> T opened(T member, Class<?> owner) throws UnseenException {
        if (!member.trySetAccessible()) {
            throw closed(owner);
        }
        return member;
    }

    private UnseenException closed(Class<?> owner) {
        return new UnseenException(
                what + ": start the JVM with --add-opens " + owner.getModule().getName() + '/' + owner.getPackageName()
                        + "=ALL-UNNAMED",
                List.of());
    }

    private UnseenException other(String member) {
        return new UnseenException(
                what + ": this JDK (" + Runtime.version() + ") has no " + member
                        + "; run on JDK 17, 21 or 25 to have them looked at",
                List.of());
    }

    /** {@return what a field has; null if it can't be read after all} */
    public static Object get(Field field, Object of) {
        try {
            return field.get(of);
        } catch (IllegalAccessException e) {
            return null;
        }
    }
}
