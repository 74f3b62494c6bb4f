package io.ketju.metrics;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.Set;

/**
 * Lets through what was asked of this machine by a name of its loopback address. A page of another site may have a browser ask a
 * server of this machine under the site's own name, whose address it has changed (DNS rebinding): that is refused.
 */
final class LoopbackHosts extends Filter {
    private static final Set<String> NAMES = Set.of("127.0.0.1", "localhost", "[::1]");
    private static final int FORBIDDEN = 403;
    private static final int NO_BODY = -1;

    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
        String host = exchange.getRequestHeaders().getFirst("Host");
        if (host != null && NAMES.contains(host.replaceFirst(":\\d{1,5}$", ""))) {
            chain.doFilter(exchange);
            return;
        }
        try (exchange) {
            exchange.sendResponseHeaders(FORBIDDEN, NO_BODY);
        }
    }

    @Override
    public String description() {
        return "asked by a name of the loopback address";
    }
}
