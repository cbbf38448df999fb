package dev.sluice.proxy.upstream;

import java.net.ProtocolException;
import org.eclipse.jetty.client.ProtocolHandler;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.client.transport.HttpConversation;
import org.eclipse.jetty.client.transport.HttpExchange;
import org.eclipse.jetty.client.transport.HttpRequest;
import org.eclipse.jetty.http.HttpStatus;

/**
 * Takes the interim answers (1xx) out of the way of the final one. In place of the library's own handlers: those wait for
 * 100 for ever where an upstream ignores Expect, and hand any other answer than 100 to the listeners only after its body.
 */
public final class InterimAnswers implements ProtocolHandler {

    /** The request's attribute with a {@link Runnable} that is run when the upstream says 100. */
    public static final String ON_CONTINUE = "dev.sluice.proxy.continue";

    /** More is no way to an answer. Each of them restarts the time that an upstream may be silent. */
    private static final int MOST = 100;

    private static final String COUNT = "dev.sluice.proxy.interim";

    @Override
    public String getName() {
        return "interim";
    }

    @Override
    public boolean accept(Request request, Response response) {
        // 101 isn't one: HTTP ends there.
        return HttpStatus.isInterim(response.getStatus());
    }

    @Override
    public Response.Listener getResponseListener() {
        return new Response.Listener() {
            @Override
            public void onSuccess(Response response) {
                int status = response.getStatus();
                HttpConversation conversation = ((HttpRequest) response.getRequest()).getConversation();
                conversation.updateResponseListeners(null);
                HttpExchange exchange = conversation.getExchanges().peekLast();
                exchange.resetResponse();
                int count = conversation.getAttribute(COUNT) instanceof Integer before ? before + 1 : 1;
                if (count > MOST) {
                    response.getRequest().abort(new ProtocolException(MOST + " interim answers, and no final one"));
                    return;
                }
                conversation.setAttribute(COUNT, count);
                if (status == HttpStatus.CONTINUE_100
                        && response.getRequest().getAttributes().get(ON_CONTINUE) instanceof Runnable onContinue) {
                    onContinue.run();
                }
            }

            @Override
            public void onFailure(Response response, Throwable failure) {
                HttpConversation conversation = ((HttpRequest) response.getRequest()).getConversation();
                conversation.updateResponseListeners(null);
                HttpExchange exchange = conversation.getExchanges().peekLast();
                exchange.getResponseListeners()
                        .emitFailureComplete(new Result(
                                exchange.getRequest(), exchange.getRequestFailure(), exchange.getResponse(), failure));
            }
        };
    }
}
