package dev.sluice.itests.leak;

import static dev.sluice.itests.leak.LeakPattern.found;
import static dev.sluice.itests.leak.LeakPattern.unseen;

import java.util.List;

/** What is left in other bundles, and in the framework on behalf of others. */
final class NeighbourPatterns {

    static final List<LeakPattern> ALL = List.of(
            kept(
                    "static-list",
                    """
                        private final Thing kept = new Thing();
                    """),
            unseen(
                    "static-list-through-a-service",
                    """
                        private final Thing thing = new Thing();
                        private Neighbour.Registry registry;

                        @Override
                        void start() {
                            registry = context.getService(context.getServiceReference(Neighbour.Registry.class));
                            registry.add(thing);
                        }

                        @Override
                        void stop() {
                            registry.remove(thing);
                        }
                    """),
            // The fault is the other bundle's, which keeps services that have gone.
            unseen(
                    "static-list-through-a-listener",
                    """
                        @Override
                        void start() {
                            Hashtable<String, Object> properties = new Hashtable<>();
                            properties.put("forget", tidy);
                            Thing thing = new Thing();
                            context.registerService(Neighbour.Listener.class, thing::touch, properties);
                        }
                    """),
            kept(
                    "exception",
                    """
                        private static final class Failure extends RuntimeException {
                            private static final long serialVersionUID = 1;
                        }

                        private final Failure kept = new Failure();
                    """),
            // Its stack has the classes that were on it.
            kept(
                    "exception-of-the-jdk",
                    """
                        private final Exception kept = new IllegalStateException("as it always does");
                    """),
            unseen(
                    "servlet-context",
                    """
                        private ServletContext kept;

                        @Override
                        void request(HttpServletRequest request) {
                            kept = request.getServletContext();
                            kept.setAttribute("leak.thing", new Thing());
                        }

                        @Override
                        void stop() {
                            kept.removeAttribute("leak.thing");
                        }
                    """),
            found(
                    "service-listener",
                    "FRAMEWORK",
                    """
                        private final ServiceListener listener = event -> {};

                        @Override
                        void start() {
                            Neighbour.context().addServiceListener(listener);
                        }

                        @Override
                        void stop() {
                            Neighbour.context().removeServiceListener(listener);
                        }
                    """),
            found(
                    "service-of-another-bundle",
                    "FRAMEWORK",
                    """
                        private ServiceRegistration<?> registration;

                        @Override
                        void start() {
                            registration = Neighbour.context().registerService(Runnable.class, new Run(), null);
                        }

                        private static final class Run implements Runnable {
                            @Override
                            public void run() {}
                        }

                        @Override
                        void stop() {
                            registration.unregister();
                        }
                    """),
            found(
                    "service-property",
                    "FRAMEWORK",
                    """
                        @Override
                        void start() {
                            Hashtable<String, Object> properties = new Hashtable<>();
                            properties.put("leak.thing", new Thing());
                            Neighbour.service().setProperties(properties);
                        }

                        @Override
                        void stop() {
                            Neighbour.service().setProperties(new Hashtable<>());
                        }
                    """));

    private NeighbourPatterns() {}

    /** {@return a row whose member {@code kept} another bundle has in a list} */
    private static LeakPattern kept(String name, String members) {
        return unseen(
                name,
                members
                        + """
                              @Override
                              void start() {
                                  Neighbour.KEPT.add(kept);
                              }

                              @Override
                              void stop() {
                                  Neighbour.KEPT.remove(kept);
                              }
                          """);
    }
}
