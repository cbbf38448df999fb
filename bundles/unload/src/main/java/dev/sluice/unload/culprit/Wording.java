package dev.sluice.unload.culprit;

/** How a thread, a class and a frame are called in findings. */
public final class Wording {

    private static final int LENGTH = 100;
    private static final String LAMBDA = "a lambda of ";

    private Wording() {}

    /** {@return the thread by its name, which is the bundle's to choose: of one line, and bounded} */
    public static String thread(Thread thread) {
        return "thread \"" + line(thread.getName()) + '"';
    }

    /** {@return the class of an object, which a lambda has of the class that it is written in} */
    public static String type(Object object) {
        return type(object instanceof Class<?> type ? type : object.getClass());
    }

    /** {@return the same with its article} */
    public static String aType(Object object) {
        String type = type(object);
        return type.startsWith(LAMBDA) ? type : "a " + type;
    }

    /** {@return a frame without the names of class loader and module} */
    public static String frame(StackTraceElement frame) {
        String place = frame.getFileName() == null
                ? "unknown source"
                : frame.getFileName() + (frame.getLineNumber() > 0 ? ":" + frame.getLineNumber() : "");
        return line(frame.getClassName()) + '.' + line(frame.getMethodName()) + '(' + line(place) + ')';
    }

    private static String type(Class<?> type) {
        String name = type.getName();
        int lambda = name.indexOf("$$Lambda");
        return lambda < 0 ? line(name) : LAMBDA + line(name.substring(0, lambda));
    }

    private static String line(String text) {
        return line(text, LENGTH);
    }

    /** {@return a text with names that are the bundle's to choose: of one line, and of so many characters at most} */
    public static String line(String text, int length) {
        String cut = text.length() <= length ? text : text.substring(0, length) + "...";
        return cut.replaceAll("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]", "?");
    }
}
