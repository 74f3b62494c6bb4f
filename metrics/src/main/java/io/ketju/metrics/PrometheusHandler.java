package io.ketju.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.ketju.actors.job.MetricsEndpoint;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Answers what Prometheus asks, in its text format or in OpenMetrics, as it wishes. May be mounted on any server of the JDK. */
public final class PrometheusHandler implements HttpHandler {
    private static final int OK = 200;
    private static final int WRONG_METHOD = 405;
    private static final int NO_BODY = -1;

    private final PrometheusMeterRegistry registry;

    /**
     * For a server of the program's own.
     *
     * @param registry what a request is answered from
     */
    public PrometheusHandler(PrometheusMeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET");
                exchange.sendResponseHeaders(WRONG_METHOD, NO_BODY);
                return;
            }
            String accepted = exchange.getRequestHeaders().getFirst("Accept");
            MetricsEndpoint.Answer answer = PrometheusMeters.answer(registry, accepted == null ? "" : accepted);
            byte[] body = answer.text().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", answer.type() + "; charset=utf-8");
            exchange.sendResponseHeaders(OK, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
