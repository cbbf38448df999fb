package dev.sluice.chain.snapshot;

import dev.sluice.chain.FailureMode;
import dev.sluice.chain.path.PathPattern;
import dev.sluice.middleware.Middleware;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** Units and what belongs to them, in few words. */
final class Parts {

    static final Middleware PASSES = (request, response, next) -> next.proceed(request, response);

    /** Nobody watches suspended requests: their listeners alone tell of their end. */
    static final BiConsumer<HttpServletRequest, Runnable> UNWATCHED = (request, whenOver) -> {};

    private Parts() {}

    static WaitingRoom waitingRoom() {
        return new WaitingRoom(new WaitingRoom.Limits(100, Duration.ofSeconds(30)));
    }

    static Spec spec(int ranking, String... paths) {
        return spec(ranking, FailureMode.CLOSED, paths);
    }

    static Spec spec(int ranking, FailureMode onFailure, String... paths) {
        return new Spec(ranking, paths.length == 0 ? patterns("/*") : patterns(paths), onFailure);
    }

    static List<PathPattern> patterns(String... paths) {
        return Stream.of(paths).map(PathPattern::parse).toList();
    }

    /** A unit from a bundle of its own: the symbolic name is {@code by.<name>}. */
    static Provider provider(String name, int major, long bundleId, Spec spec, Middleware middleware) {
        return new Provider(
                new Unit(
                        name,
                        new UnitVersion(major, 0, 0, ""),
                        "by." + name,
                        bundleId,
                        middleware,
                        new ClassLoader(Parts.class.getClassLoader()) {}),
                spec);
    }

    static Provider provider(String name, int major, long bundleId) {
        return provider(name, major, bundleId, spec(0), PASSES);
    }
}
