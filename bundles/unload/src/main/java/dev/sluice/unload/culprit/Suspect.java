package dev.sluice.unload.culprit;

/**
 * The class loader that should have gone, for as long as one search takes: whoever has a suspect keeps the class loader, so it is
 * for the stack alone, and never for a field.
 *
 * @param loader the class loader
 * @param name symbolic name and version of its bundle, for logs
 */
public record Suspect(ClassLoader loader, String name) {

    /** {@return whether a class is the bundle's own, or an array of such} */
    public boolean owns(Class<?> type) {
        Class<?> element = type;
        while (element.isArray()) {
            element = element.getComponentType();
        }
        return element.getClassLoader() == loader;
    }

    /** {@return whether an object is the class loader, one of its classes, or an instance of one} */
    public boolean owns(Object object) {
        return object != null && (object == loader || owns(object instanceof Class<?> type ? type : object.getClass()));
    }
}
