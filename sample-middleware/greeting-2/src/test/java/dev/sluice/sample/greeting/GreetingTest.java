package dev.sluice.sample.greeting;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GreetingTest {

    @Test
    void theResponseIsGreetedBeforeTheRequestGoesOn() throws Exception {
        List<String> calls = new ArrayList<>();
        HttpServletResponse response = (HttpServletResponse) Proxy.newProxyInstance(
                HttpServletResponse.class.getClassLoader(),
                new Class<?>[] {HttpServletResponse.class},
                (proxy, method, args) -> {
                    calls.add(method.getName() + " " + args[0] + ": " + args[1]);
                    return null;
                });

        new Greeting().handle(null, response, (request, back) -> calls.add("proceed"));

        assertThat(calls).containsExactly("setHeader X-Greeting: hello again, from version 2", "proceed");
    }
}
