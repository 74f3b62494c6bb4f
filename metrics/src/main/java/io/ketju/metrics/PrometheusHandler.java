package io.ketju.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Answers what Prometheus asks, in its text format or in OpenMetrics, as it wishes. May be mounted on any server of the JDK. */
public final class PrometheusHandler implements HttpHandler {
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";
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
            String type = accepted != null && accepted.contains("application/openmetrics-text") ? OPEN_METRICS : TEXT;
            byte[] body = registry.scrape(type).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(OK, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
