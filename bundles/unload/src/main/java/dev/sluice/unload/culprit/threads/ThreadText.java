package dev.sluice.unload.culprit.threads;

/** How a thread, a class and a frame are called in findings. */
final class ThreadText {

    private static final int LENGTH = 100;

    private ThreadText() {}

    /** {@return the thread by its name, which is the bundle's to choose: of one line, and bounded} */
    static String of(Thread thread) {
        return "thread \"" + line(thread.getName()) + '"';
    }

    /** {@return the class of an object, which a lambda has of the class that it is written in} */
    static String type(Object object) {
        return type(object instanceof Class<?> type ? type : object.getClass());
    }

    /** {@return a frame without the names of class loader and module} */
    static String frame(StackTraceElement frame) {
        String place = frame.getFileName() == null
                ? "unknown source"
                : frame.getFileName() + (frame.getLineNumber() > 0 ? ":" + frame.getLineNumber() : "");
        return line(frame.getClassName()) + '.' + line(frame.getMethodName()) + '(' + line(place) + ')';
    }

    private static String type(Class<?> type) {
        String name = type.getName();
        int lambda = name.indexOf("$$Lambda");
        return lambda < 0 ? line(name) : "a lambda of " + line(name.substring(0, lambda));
    }

    private static String line(String text) {
        String cut = text.length() <= LENGTH ? text : text.substring(0, LENGTH) + "...";
        return cut.replaceAll("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]", "?");
    }
}
