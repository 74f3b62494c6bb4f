package io.ketju.web;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.ketju.actors.job.MetricsEndpoint;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The page over HTTP, on loopback alone. It only tells: no request changes anything. A name that leads here from elsewhere (DNS
 * rebinding) is refused by the host that a browser says it asked.
 */
final class DashboardServer implements AutoCloseable {
    private static final int OK = 200;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int NO_SUCH_METHOD = 405;
    private static final int BUSY = 503;

    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    /** Connections that wait to be taken. */
    private static final int BACKLOG = 16;

    /** Seconds that a browser has to hear of the end. */
    private static final int FAREWELL = 1;

    private static final String POLICY = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline';"
            + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private static final String JSON = "application/json";
    private static final String RUN = "/api/runs/";

    private final HttpServer http;
    private final ExecutorService threads;
    private final LiveRun run;
    private final EventStreams streams;
    private final List<String> hosts;
    private final AtomicReference<MetricsEndpoint.@Nullable Meters> meters = new AtomicReference<>();

    private DashboardServer(HttpServer http, LiveRun run) {
        this.http = http;
        this.run = run;
        streams = new EventStreams(run);
        threads = Executors.newVirtualThreadPerTaskExecutor();
        int port = http.getAddress().getPort();
        hosts = List.of("127.0.0.1:" + port, "localhost:" + port, "[::1]:" + port);
        http.setExecutor(threads);
        http.createContext("/", this::answer);
    }

    /** Opens the port and answers from now on. */
    static DashboardServer start(int port, LiveRun run) throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port), BACKLOG);
        DashboardServer server = new DashboardServer(http, run);
        // Threads are daemons if the one is that makes them: a page that is forgotten keeps no JVM.
        Thread starter = Thread.ofPlatform().daemon().name("ketju-web-start").start(http::start);
        boolean interrupted = false;
        while (starter.isAlive()) {
            try {
                starter.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return server;
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort() + "/");
    }

    /** Answers those who ask for numbers, too. */
    void serve(MetricsEndpoint.Meters asked) {
        meters.set(asked);
    }

    /** Whether a browser has the page open. */
    boolean isWatched() {
        return streams.open() > 0;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!isForThisMachine(exchange)) {
                send(exchange, FORBIDDEN, "text/plain", "expected to be asked as " + hosts.getFirst() + "\n");
            } else if (!exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET");
                send(exchange, NO_SUCH_METHOD, "text/plain", "expected GET\n");
            } else {
                route(exchange, exchange.getRequestURI().getRawPath());
            }
        }
    }

    /** Whether a browser asked one of the names that this machine alone has, once. */
    private boolean isForThisMachine(HttpExchange exchange) {
        List<String> asked = exchange.getRequestHeaders().getOrDefault("Host", List.of());
        return asked.size() == 1 && hosts.contains(asked.getFirst().toLowerCase(Locale.ROOT));
    }

    private void route(HttpExchange exchange, String path) throws IOException {
        Optional<PageFile> file = PageFile.of(path);
        if (file.isPresent()) {
            send(exchange, OK, file.get().type(), file.get().bytes());
        } else if (path.equals("/api/run")) {
            Optional<RunFacts> facts = run.facts();
            send(exchange, OK, JSON, facts.map(FactsJson::of).orElse("null"));
        } else if (path.equals("/api/events")) {
            stream(exchange);
        } else if (path.equals("/api/runs")) {
            List<String> names =
                    run.runs().isPresent() ? OtherRuns.names(run.runs().get()) : List.of();
            send(exchange, OK, JSON, Json.of(json -> {
                json.writeStartObject();
                Json.strings(json, "runs", names);
                json.writeEndObject();
            }));
        } else if (path.startsWith(RUN)) {
            other(exchange, URLDecoder.decode(path.substring(RUN.length()), StandardCharsets.UTF_8));
        } else if (path.equals(MetricsEndpoint.PATH)) {
            numbers(exchange);
        } else {
            send(exchange, NOT_FOUND, "text/plain", "nothing here\n");
        }
    }

    private void numbers(HttpExchange exchange) throws IOException {
        MetricsEndpoint.Meters asked = meters.get();
        if (asked == null) {
            send(exchange, NOT_FOUND, "text/plain", "no numbers are served here\n");
            return;
        }
        List<String> accepted = exchange.getRequestHeaders().getOrDefault("Accept", List.of());
        MetricsEndpoint.Answer answer = asked.answer(String.join(", ", accepted));
        send(exchange, OK, answer.type(), answer.text());
    }

    private void other(HttpExchange exchange, String name) throws IOException {
        Optional<Path> folder = run.runs();
        Optional<String> numbers = folder.isPresent() ? OtherRuns.numbers(folder.get(), name) : Optional.empty();
        if (numbers.isPresent()) {
            send(exchange, OK, JSON, numbers.get());
        } else {
            send(exchange, NOT_FOUND, "text/plain", "no such run\n");
        }
    }

    private void stream(HttpExchange exchange) throws IOException {
        if (!streams.enter()) {
            send(exchange, BUSY, "text/plain", "too many pages are open\n");
            return;
        }
        try {
            headers(exchange, "text/event-stream");
            exchange.sendResponseHeaders(OK, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                streams.write(out);
            }
        } finally {
            streams.leave();
        }
    }

    private static void headers(HttpExchange exchange, String type) {
        Headers headers = exchange.getResponseHeaders();
        Map.of(
                        "Content-Type", type + "; charset=utf-8",
                        "Content-Security-Policy", POLICY,
                        "X-Content-Type-Options", "nosniff",
                        "Referrer-Policy", "no-referrer",
                        "Cross-Origin-Resource-Policy", "same-origin",
                        "Cache-Control", "no-store")
                .forEach(headers::set);
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        send(exchange, status, type, body.getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        headers(exchange, type);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        streams.close();
        http.stop(streams.open() == 0 ? 0 : FAREWELL);
        threads.shutdownNow();
    }
}
