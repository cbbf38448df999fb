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
 * <p><b>Name, version, unit.</b> The name is a place in the chain; the version of the bundle is the version of the
 * middleware. Keep name and symbolic name from one version to the next and count the bundle's version up: the new one
 * takes the place of the old one. A name belongs to the symbolic name that first provided it; a bundle with another
 * symbolic name is refused it unless an operator allows it.
 *
 * <p><b>Order.</b> Middleware with a higher {@code service.ranking} runs earlier; equal rankings run in the order of their
 * names. Without one the ranking is 0.
 *
 * <p><b>Without annotations.</b> They are a convenience: they set the service properties that {@link
 * dev.sluice.middleware.MiddlewareProperties} names, and let bnd write into the manifest what the bundle will bring. A
 * bundle that registers the service by hand with the same properties works the same. So does a {@code
 * jakarta.servlet.Filter} service that carries the property {@code middleware.name}: its {@code init} is called before it
 * serves its first request, its {@code destroy} after its last.
 *
 * <p><b>Coming and going.</b> A bundle from the deploy folder is installed and started beside what runs. Each middleware
 * that its manifest declares is waited for, up to the start deadline, and each {@code org.apache.felix.hc.api.HealthCheck}
 * service that the bundle registers must report that it is well. Only then do requests come to it. Should any of this
 * fail, the bundle is taken out again and nothing changes for any request. When the bundle is to go, new requests stop
 * coming first; it is stopped when the last request that holds it is complete. So do in a component's constructor
 * what has to be done before the first request, and in its {@code @Deactivate} method what has to be done after the last;
 * leave no thread running, and no {@code ThreadLocal} set, that would keep the bundle's classes in memory.
 *
 * <p><b>Stay inside.</b> Middleware share one virtual machine. That they are bundles guards them against each other's
 * mistakes, not against malice.
 */
@Export
@Version("1.0.0")
package dev.sluice.middleware;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
