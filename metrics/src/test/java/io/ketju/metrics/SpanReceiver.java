package io.ketju.metrics;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/** A collector: takes what OTLP over HTTP brings, on the loopback address, and reads it by the numbers of the fields. */
final class SpanReceiver implements AutoCloseable {
    private static final int OK = 200;

    private final HttpServer server;
    private final List<Span> spans = new ArrayList<>();
    private final List<String> requests = new ArrayList<>();

    /** One span, its ids as bytes. */
    record Span(
            String service,
            String name,
            ByteString trace,
            ByteString id,
            ByteString parent,
            long start,
            long end,
            Map<String, UnknownFieldSet> attributes) {
        private UnknownFieldSet attribute(String name) {
            return Objects.requireNonNull(attributes.get(name), name);
        }

        long whole(String attribute) {
            return attribute(attribute).getField(3).getVarintList().getFirst();
        }

        double number(String attribute) {
            return Double.longBitsToDouble(
                    attribute(attribute).getField(4).getFixed64List().getFirst());
        }

        String text(String attribute) {
            return attribute(attribute)
                    .getField(1)
                    .getLengthDelimitedList()
                    .getFirst()
                    .toStringUtf8();
        }
    }

    SpanReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::receive);
        server.start();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Method, path and type of each request. */
    synchronized List<String> requests() {
        return List.copyOf(requests);
    }

    synchronized List<Span> named(String name) {
        return spans.stream().filter(span -> span.name().equals(name)).toList();
    }

    private synchronized void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Content-Type"));
            boolean packed = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
            try (InputStream body =
                    packed ? new GZIPInputStream(exchange.getRequestBody()) : exchange.getRequestBody()) {
                read(UnknownFieldSet.parseFrom(body.readAllBytes()));
            }
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(OK, -1);
        }
    }

    private void read(UnknownFieldSet request) throws IOException {
        for (UnknownFieldSet resourceSpans : messages(request, 1)) {
            String service = "";
            for (UnknownFieldSet resource : messages(resourceSpans, 1)) {
                UnknownFieldSet named =
                        Objects.requireNonNull(attributes(resource, 1).get("service.name"), "service.name");
                service = named.getField(1).getLengthDelimitedList().getFirst().toStringUtf8();
            }
            for (UnknownFieldSet scope : messages(resourceSpans, 2)) {
                for (UnknownFieldSet span : messages(scope, 2)) {
                    spans.add(span(service, span));
                }
            }
        }
    }

    private static Span span(String service, UnknownFieldSet span) throws IOException {
        return new Span(
                service,
                bytes(span, 5).toStringUtf8(),
                bytes(span, 1),
                bytes(span, 2),
                bytes(span, 4),
                span.getField(7).getFixed64List().getFirst(),
                span.getField(8).getFixed64List().getFirst(),
                attributes(span, 9));
    }

    private static Map<String, UnknownFieldSet> attributes(UnknownFieldSet of, int field) throws IOException {
        Map<String, UnknownFieldSet> attributes = new TreeMap<>();
        for (UnknownFieldSet pair : messages(of, field)) {
            attributes.put(bytes(pair, 1).toStringUtf8(), messages(pair, 2).getFirst());
        }
        return attributes;
    }

    private static ByteString bytes(UnknownFieldSet of, int field) {
        List<ByteString> all = of.getField(field).getLengthDelimitedList();
        return all.isEmpty() ? ByteString.EMPTY : all.getFirst();
    }

    private static List<UnknownFieldSet> messages(UnknownFieldSet of, int field) throws InvalidProtocolBufferException {
        List<UnknownFieldSet> messages = new ArrayList<>();
        for (ByteString bytes : of.getField(field).getLengthDelimitedList()) {
            messages.add(UnknownFieldSet.parseFrom(bytes));
        }
        return messages;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
