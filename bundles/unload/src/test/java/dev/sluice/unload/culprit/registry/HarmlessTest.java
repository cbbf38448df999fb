package dev.sluice.unload.culprit.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.unload.testing.Gone;
import java.lang.ref.WeakReference;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What looks as if it held a class loader and doesn't, so that nobody looks for it. */
class HarmlessTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "level of its own that no logger has | static class V extends java.util.logging.Level { V() { super(\"HV\", 821); } } "
                        + "public static void leak() { java.util.logging.Logger.getLogger(\"harmless\").log(new V(), \"x\"); }",
                "property editor | public static class E extends java.beans.PropertyEditorSupport {} "
                        + "public static void leak() { java.beans.PropertyEditorManager.registerEditor(Fixture.class, E.class); "
                        + "java.beans.PropertyEditorManager.registerEditor(String.class, E.class); }",
                "value of others' ClassValue for its class | public static void leak() { "
                        + "dev.sluice.unload.culprit.registry.HarmlessValue.VALUE.get(Fixture.class); }",
                "ClassValue with values of the JDK's | static final ClassValue<String> V = new ClassValue<>() { "
                        + "protected String computeValue(Class<?> c) { return c.getName(); } }; "
                        + "public static void leak() { V.get(String.class); }",
                "text joined of its objects | public static class A { int one; } static A a = new A(); static Fixture f = new Fixture(); "
                        + "public static void leak() { String s = \"\" + a + 'x' + f + 1 + a + 2L + f; s.isEmpty(); }",
                "proxy | public interface I {} public static void leak() { java.lang.reflect.Proxy.newProxyInstance("
                        + "Fixture.class.getClassLoader(), new Class<?>[] {I.class, Runnable.class}, (p, m, a) -> null); }",
                "method type and handle | public static void leak() throws Exception { "
                        + "java.lang.invoke.MethodHandles.lookup().findStatic(Fixture.class, \"take\", "
                        + "java.lang.invoke.MethodType.methodType(Fixture.class, Fixture.class)).asType("
                        + "java.lang.invoke.MethodType.methodType(Object.class, Fixture.class)); } "
                        + "public static Fixture take(Fixture f) { return f; }",
                "logger | public static void leak() { java.util.logging.Logger.getLogger(\"acme.gone\"); }",
                "bean information, flushed | public static class B { public int getOne() { return 1; } public void setOne(int i) {} } "
                        + "public static void leak() throws Exception { java.beans.Introspector.getBeanInfo(B.class); java.beans.Introspector.flushCaches(); }",
                "serialization | public static class B implements java.io.Serializable { int one = 1; } "
                        + "public static void leak() throws Exception { new java.io.ObjectOutputStream("
                        + "new java.io.ByteArrayOutputStream()).writeObject(new B()); }",
                "enum and annotation | public enum E { A } @Deprecated public static class A {} public static void leak() { "
                        + "E.valueOf(\"A\"); A.class.getAnnotations(); new java.util.EnumMap<E, String>(E.class).put(E.A, \"a\"); }",
                "ServiceLoader | public static void leak() { java.util.ServiceLoader.load(Runnable.class, "
                        + "Fixture.class.getClassLoader()).findFirst(); }"
            })
    void isCollectedWithoutUs(String title, String body) throws Exception {
        WeakReference<ClassLoader> left = left(body);
        assertThat(Gone.within(Duration.ofSeconds(10), left)).as(title).isTrue();
    }

    private static WeakReference<ClassLoader> left(String body) throws Exception {
        FixtureLoader loader = FixtureLoader.of(body);
        loader.call("leak");
        return new WeakReference<>(loader);
    }
}
