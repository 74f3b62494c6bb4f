package io.ketju.browser;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One connection by Chromium's DevTools protocol, to all pages of a browser: commands, their answers, and what is told unasked. */
final class DevTools implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    private final HttpClient client = HttpClient.newHttpClient();
    private final WebSocket socket;
    private final Map<Integer, CompletableFuture<@Nullable Object>> asked = new ConcurrentHashMap<>();
    private final Map<Event, CompletableFuture<@Nullable Object>> awaited = new ConcurrentHashMap<>();
    private final List<String> complaints = new ArrayList<>();
    private final List<String> requests = new ArrayList<>();
    private int last;

    /** What is told of one page. */
    private record Event(String session, String method) {}

    DevTools(URI address) {
        socket = client.newWebSocketBuilder().buildAsync(address, new Reader()).join();
    }

    /** The answer to a command. */
    Object send(String session, String method, Map<String, ?> parameters) throws InterruptedException {
        CompletableFuture<@Nullable Object> answer = new CompletableFuture<>();
        Map<String, Object> command = new LinkedHashMap<>();
        synchronized (this) {
            command.put("id", ++last);
            command.put("method", method);
            command.put("params", parameters);
            if (!session.isEmpty()) {
                command.put("sessionId", session);
            }
            asked.put(last, answer);
            socket.sendText(JsonTree.write(command), true).join();
        }
        Object told = told(answer, method + " " + parameters);
        if (told == null || JsonTree.at(told, "error") != null) {
            throw new AssertionError(method + " " + parameters + ": " + told);
        }
        return Objects.requireNonNullElse(JsonTree.at(told, "result"), Map.of());
    }

    /** Does something and waits until the browser has told of what follows. */
    void until(String session, String method, BrowserPage.Step step) throws InterruptedException {
        CompletableFuture<@Nullable Object> event = new CompletableFuture<>();
        awaited.put(new Event(session, method), event);
        step.run();
        told(event, method);
    }

    private @Nullable Object told(CompletableFuture<@Nullable Object> what, String name) throws InterruptedException {
        try {
            return what.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError(name + " has no answer; " + complaints(), e);
        }
    }

    /** What pages threw, logged as errors or were refused, and took back. */
    List<String> complaints() {
        return taken(complaints);
    }

    /** Addresses of all that pages asked for. */
    List<String> requests() {
        return taken(requests);
    }

    /** What earlier pages left is nobody's. */
    void forget() {
        taken(complaints);
        taken(requests);
    }

    private static List<String> taken(List<String> from) {
        synchronized (from) {
            List<String> all = List.copyOf(from);
            from.clear();
            return all;
        }
    }

    private void take(String message) {
        Object tree = JsonTree.read(message);
        if (JsonTree.at(tree, "id") instanceof Double id) {
            CompletableFuture<@Nullable Object> answer = asked.remove(id.intValue());
            if (answer != null) {
                answer.complete(tree);
            }
            return;
        }
        String method = JsonTree.text(tree, "method");
        if (method.equals("Network.requestWillBeSent")) {
            synchronized (requests) {
                requests.add(JsonTree.text(tree, "params", "request", "url"));
            }
        }
        if (JsonTree.at(tree, "sessionId") instanceof String session) {
            CompletableFuture<@Nullable Object> event = awaited.remove(new Event(session, method));
            if (event != null) {
                event.complete(tree);
            }
        }
        boolean complaint = method.equals("Runtime.exceptionThrown")
                || (method.equals("Log.entryAdded") && "error".equals(JsonTree.at(tree, "params", "entry", "level")));
        if (complaint) {
            synchronized (complaints) {
                complaints.add(message);
            }
        }
    }

    @Override
    public void close() {
        socket.abort();
        client.shutdownNow();
        client.close();
    }

    /** Puts the parts of messages together. */
    private final class Reader implements WebSocket.Listener {
        private final StringBuilder parts = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean isLast) {
            parts.append(part);
            if (isLast) {
                String whole = parts.toString();
                parts.setLength(0);
                take(whole);
            }
            from.request(1);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable cause) {
            asked.values().forEach(answer -> answer.completeExceptionally(cause));
            awaited.values().forEach(event -> event.completeExceptionally(cause));
        }
    }
}
