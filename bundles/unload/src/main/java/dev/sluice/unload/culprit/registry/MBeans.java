package dev.sluice.unload.culprit.registry;

import dev.sluice.unload.Culprit.Kind;
import dev.sluice.unload.culprit.Finding;
import dev.sluice.unload.culprit.Search;
import dev.sluice.unload.culprit.Suspect;
import dev.sluice.unload.culprit.UnseenException;
import dev.sluice.unload.culprit.Wording;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.management.MBeanRegistration;
import javax.management.MBeanServer;
import javax.management.MBeanServerDelegate;
import javax.management.MBeanServerFactory;
import javax.management.NotificationBroadcasterSupport;
import javax.management.ObjectName;
import javax.management.StandardMBean;

/**
 * MBeans of the JVM's MBean servers, and listeners to those of others. Only the JDK's own server is looked into: asking another would
 * run who knows whose code.
 */
public final class MBeans implements Search {

    private static final String SERVER = "com.sun.jmx.mbeanserver.JmxMBeanServer";
    private static final String REMEDY = "call MBeanServer.unregisterMBean when you stop";

    /** Made for the list of searches. */
    public MBeans() {}

    @Override
    public String name() {
        return "mbeans";
    }

    @Override
    public List<Finding> search(Suspect suspect) throws UnseenException {
        Look look = new Look(name(), suspect);
        if (Look.has("java.management")) {
            for (MBeanServer server : MBeanServerFactory.findMBeanServer(null)) {
                if (look.owns(server)) {
                    look.found(
                            Kind.MBEAN,
                            "MBean server " + server.getClass().getName(),
                            "call MBeanServerFactory.releaseMBeanServer when you stop");
                } else if (server.getClass().getName().equals(SERVER)) {
                    server(look, server);
                }
            }
        }
        return look.end();
    }

    private static void server(Look look, MBeanServer server) {
        Object interceptor = look.get(server.getClass(), "mbsInterceptor", server);
        if (interceptor == null) {
            return;
        }
        Object repository = look.get(interceptor.getClass(), "repository", interceptor);
        if (repository == null) {
            return;
        }
        Object delegate = retrieve(look, repository, MBeanServerDelegate.DELEGATE_NAME);
        boolean hears = delegate != null && parts(look, delegate).anyMatch(part -> look.owns(part.value()));
        for (ObjectName name : server.queryNames(null, null)) {
            if (look.owns(name)) {
                look.found(Kind.MBEAN, "an MBean by a name that is " + Wording.aType(name), REMEDY);
            } else {
                mbean(look, server, repository, hears, name, retrieve(look, repository, name));
            }
        }
    }

    /** @param hears whether the bundle's own listener is told of each MBean that is unregistered */
    private static void mbean(
            Look look, MBeanServer server, Object repository, boolean hears, ObjectName name, Object mbean) {
        Object implementation = implementation(look, mbean);
        if (look.owns(mbean) || look.owns(implementation)) {
            Object own = look.owns(implementation) ? implementation : mbean;
            String what = "MBean " + name + " (" + Wording.type(own) + ") is registered";
            if (mbean instanceof MBeanRegistration && look.owns(mbean) || own instanceof MBeanRegistration) {
                // Unregistering would call its preDeregister: the bundle's code, after its end.
                look.found(Kind.MBEAN, what + " and wants to be called when it is unregistered, so it stays", REMEDY);
            } else if (hears) {
                // The same goes for its listener to the server itself. One of others is their code, and may take its
                // time.
                look.found(
                        Kind.MBEAN,
                        what + ", and a listener of the bundle would be told of its end, so it stays",
                        REMEDY);
            } else {
                look.found(Kind.MBEAN, what, REMEDY, () -> {
                    // A new version may have the name by now. What is left between the two calls: a name is registered
                    // anew only once somebody else has unregistered it, and both would have to come in between. The
                    // repository's lock would close that, but others wait for us while they hold it.
                    boolean still = retrieve(look, repository, name) == mbean;
                    if (still) {
                        server.unregisterMBean(name);
                    }
                    return (still ? "unregistered MBean " : "found unregistered MBean ") + name
                            + ", which was left registered";
                });
            }
        } else if (mbean != null) {
            listeners(look, name, mbean);
            listeners(look, name, implementation);
        }
    }

    /** {@return what answers for an MBean: itself, or what the JDK's wrappers wrap} */
    private static Object implementation(Look look, Object mbean) {
        Object inner = mbean;
        for (int depth = 0; depth < 4 && inner != null && !look.owns(inner); depth++) {
            if (inner instanceof StandardMBean) {
                inner = look.get(StandardMBean.class, "mbean", inner);
            } else if (is(inner, "com.sun.jmx.mbeanserver.MBeanSupport")) {
                inner = look.get(inner.getClass().getSuperclass(), "resource", inner);
            } else {
                return inner;
            }
        }
        return inner;
    }

    /** {@return what is registered by a name, or null} */
    private static Object retrieve(Look look, Object repository, ObjectName name) {
        return look.call(repository.getClass(), "retrieve", repository, ObjectName.class, name);
    }

    private static void listeners(Look look, ObjectName name, Object mbean) {
        parts(look, mbean)
                .filter(part -> look.owns(part.value()))
                .forEach(part ->
                        // Taking it away would compare it to others by its own equals.
                        look.found(
                                Kind.MBEAN,
                                "notification " + part.name() + ' ' + Wording.type(part.value()) + " of MBean " + name,
                                "call MBeanServer.removeNotificationListener when you stop"));
    }

    /** A listener, its filter or its handback. */
    private record Part(String name, Object value) {}

    private static Stream<Part> parts(Look look, Object mbean) {
        Object list = null;
        if (mbean instanceof NotificationBroadcasterSupport) {
            list = look.get(NotificationBroadcasterSupport.class, "listenerList", mbean);
        } else if (mbean != null && is(mbean, "sun.management.NotificationEmitterSupport")) {
            list = look.get(mbean.getClass().getSuperclass(), "listenerList", mbean);
        } else if (mbean instanceof MBeanServerDelegate) {
            Object broadcaster = look.get(MBeanServerDelegate.class, "broadcaster", mbean);
            list = broadcaster == null
                    ? null
                    : look.get(NotificationBroadcasterSupport.class, "listenerList", broadcaster);
        }
        if (!(list instanceof List<?> entries)) {
            return Stream.empty();
        }
        List<Part> parts = new ArrayList<>();
        for (Object entry : entries.toArray()) {
            Class<?> type = entry.getClass();
            while (!type.getSimpleName().equals("ListenerInfo") && type.getSuperclass() != Object.class) {
                type = type.getSuperclass();
            }
            for (String name : List.of("listener", "filter", "handback")) {
                Object value = look.get(type, name, entry);
                if (value != null && value.getClass().getName().endsWith("Interceptor$ListenerWrapper")) {
                    value = look.get(value.getClass(), "listener", value);
                }
                if (value != null) {
                    parts.add(new Part(name, value));
                }
            }
        }
        return parts.stream();
    }

    /** {@return whether an object's class is a direct subclass of a class of the JDK's that we can't name in code} */
    private static boolean is(Object object, String superclass) {
        Class<?> parent = object.getClass().getSuperclass();
        return parent != null && parent.getName().equals(superclass);
    }
}
