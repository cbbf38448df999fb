/**
 * The contract between the author of a middleware and the container.
 *
 * <p>A middleware is an OSGi service of type {@link dev.sluice.middleware.Middleware}. With Declarative Services and the
 * annotations of this package that is one small class:
 *
 * <pre>{@code
 * @Component
 * @MiddlewareName("greeting")
 * @MiddlewarePaths("/*")
 * @ServiceRanking(100)
 * public final class Greeting implements Middleware {
 *     @Override
 *     public void handle(HttpServletRequest request, HttpServletResponse response, Next next)
 *             throws IOException, ServletException {
 *         response.setHeader("X-Greeting", "hello");
 *         next.proceed(request, response);
 *     }
 * }
 * }</pre>
 *
 * <p>The annotations are a convenience: they set the service properties that {@link
 * dev.sluice.middleware.MiddlewareProperties} names, and let bnd write into the manifest what the bundle will bring. A
 * bundle that registers the service by hand with the same properties works the same. So does a {@code
 * jakarta.servlet.Filter} service that carries the property {@code middleware.name}.
 *
 * <p>Middleware with a higher {@code service.ranking} runs earlier; equal rankings run in the order of their names.
 */
@Export
@Version("1.0.0")
package dev.sluice.middleware;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
