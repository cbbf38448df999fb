package dev.sluice.heap;

/** How one object leads to another. */
enum Link {
    /** By a field of an instance. */
    FIELD,
    /** By a static field of a class. */
    STATIC,
    /** By an element of an array. */
    ELEMENT,
    /** An object keeps its class. */
    CLASS,
    /** A class keeps its class loader. */
    LOADER,
    /** A class keeps the class that it extends. */
    SUPERCLASS,
    /** A class keeps what else the JVM remembers with it. */
    BELONGINGS;

    /** {@return the link in words} */
    String words(String name, int index) {
        return switch (this) {
            case FIELD -> "field " + name;
            case STATIC -> "static field " + name;
            case ELEMENT -> "element " + index;
            case CLASS -> "its class";
            case LOADER -> "its class loader";
            case SUPERCLASS -> "its superclass";
            case BELONGINGS -> "its " + name;
        };
    }
}
