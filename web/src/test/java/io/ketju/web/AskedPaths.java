package io.ketju.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Stands between a browser and a page, and tells what the browser has asked for. */
final class AskedPaths implements AutoCloseable {
    private final HttpServer http;
    private final Browser page;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, CompletableFuture<Void>> answered = new ConcurrentHashMap<>();

    AskedPaths(URI address) throws IOException {
        page = new Browser(address);
        http = HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 0);
        http.setExecutor(threads);
        http.createContext("/", exchange -> pass(exchange, address));
        http.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort() + "/");
    }

    /** Done once a browser has the answer. */
    CompletableFuture<Void> answered(String path) {
        return answered.computeIfAbsent(path, first -> new CompletableFuture<>());
    }

    private void pass(HttpExchange exchange, URI address) throws IOException {
        String path = exchange.getRequestURI().getPath();
        HttpResponse<InputStream> answer =
                page.send(HttpRequest.newBuilder(address.resolve(path)), HttpResponse.BodyHandlers.ofInputStream());
        answer.headers()
                .firstValue("Content-Type")
                .ifPresent(type -> exchange.getResponseHeaders().set("Content-Type", type));
        exchange.sendResponseHeaders(answer.statusCode(), 0);
        try (exchange;
                InputStream in = answer.body();
                OutputStream out = exchange.getResponseBody()) {
            byte[] part = new byte[8192];
            for (int read = in.read(part); read >= 0; read = in.read(part)) {
                out.write(part, 0, read);
                out.flush();
            }
        }
        answered(path).complete(null);
    }

    @Override
    public void close() {
        http.stop(0);
        page.close();
        threads.shutdownNow();
    }
}
