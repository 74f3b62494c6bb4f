package io.ketju.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/** A page in a browser: what stands in it, what it looks like, keys that are pressed. */
final class Page implements AutoCloseable {
    private static final int HEIGHT = 900;

    /** Names of keys, with the codes that Windows has for them, as the protocol wants it. */
    private static final Map<String, Integer> CODES =
            Map.of("Tab", 9, "Enter", 13, " ", 32, "End", 35, "Home", 36, "ArrowLeft", 37, "ArrowRight", 39);

    private final DevTools tools;
    private final String target;
    private final String session;

    Page(DevTools tools, String target, String session) {
        this.tools = tools;
        this.target = target;
        this.session = session;
    }

    private Object send(String method, Map<String, ?> parameters) throws InterruptedException {
        return tools.send(session, method, parameters);
    }

    void show(URI address, int width) throws InterruptedException {
        for (String domain : List.of("Page", "Runtime", "Log")) {
            send(domain + ".enable", Map.of());
        }
        send("Emulation.setFocusEmulationEnabled", Map.of("enabled", true));
        width(width);
        scheme("light");
        send("Page.navigate", Map.of("url", address.toString()));
        until("document.readyState === 'complete' && typeof run === 'object' && run.facts !== null");
    }

    void width(int width) throws InterruptedException {
        send(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", HEIGHT, "deviceScaleFactor", 1, "mobile", false));
        until("innerWidth === " + width);
        settle();
    }

    /** @param scheme {@code light} or {@code dark} */
    void scheme(String scheme) throws InterruptedException {
        send(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
        until("matchMedia('(prefers-color-scheme: " + scheme + ")').matches");
        settle();
    }

    /** What was changed is drawn: charts draw in the microtasks and frames that follow. */
    void settle() throws InterruptedException {
        evaluate("new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(() => drawn(true))))");
    }

    /** The value of an expression, or of its promise. */
    @Nullable
    Object evaluate(String expression) throws InterruptedException {
        Object answer =
                send("Runtime.evaluate", Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
        assertThat(JsonTree.at(answer, "exceptionDetails")).as(expression).isNull();
        return JsonTree.at(answer, "result", "value");
    }

    String text(String expression) throws InterruptedException {
        return Objects.requireNonNull(evaluate(expression), expression).toString();
    }

    double number(String expression) throws InterruptedException {
        return (double) Objects.requireNonNull(evaluate(expression), expression);
    }

    @SuppressWarnings("unchecked")
    List<Object> list(String expression) throws InterruptedException {
        return (List<Object>) Objects.requireNonNull(evaluate(expression), expression);
    }

    /** Waits until an expression is true. */
    void until(String condition) throws InterruptedException {
        Object held =
                evaluate("new Promise(done => { const end = performance.now() + 40000; const look = () => { const is = "
                        + condition
                        + "; if (is || performance.now() > end) done(!!is); else setTimeout(look, 10); }; look(); })");
        assertThat(held).as("within 40 s: " + condition).isEqualTo(true);
    }

    String html() throws InterruptedException {
        return text("document.documentElement.outerHTML");
    }

    /** Presses a key and lets it go. */
    void press(String key) throws InterruptedException {
        for (String type : List.of("keyDown", "keyUp")) {
            Map<String, Object> parameters = new LinkedHashMap<>();
            parameters.put("type", type);
            parameters.put("key", key);
            parameters.put("code", key.equals(" ") ? "Space" : key);
            parameters.put("windowsVirtualKeyCode", Objects.requireNonNull(CODES.get(key)));
            if (key.equals(" ") && type.equals("keyDown")) {
                parameters.put("text", key);
            }
            send("Input.dispatchKeyEvent", parameters);
        }
    }

    /**
     * Moves the mouse to the middle of something.
     *
     * @param element an expression that gives it
     */
    void pointAt(String element) throws InterruptedException {
        evaluate(element + ".scrollIntoView({ block: 'center', inline: 'center' })");
        settle();
        List<Object> middle = list("(box => [box.left + box.width / 2, box.top + box.height / 2])(" + element
                + ".getBoundingClientRect())");
        send(
                "Input.dispatchMouseEvent",
                Map.of("type", "mouseMoved", "x", middle.getFirst(), "y", middle.getLast(), "button", "none"));
        settle();
    }

    /** All of the page, not only what the screen shows. */
    Picture picture() throws InterruptedException {
        settle();
        Object answer =
                send("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true, "clip", whole()));
        byte[] png = Base64.getDecoder().decode(JsonTree.text(answer, "data"));
        try {
            return new Picture(Objects.requireNonNull(ImageIO.read(new ByteArrayInputStream(png))), png);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, Object> whole() throws InterruptedException {
        return Map.of(
                "x", 0,
                "y", 0,
                "width", number("document.documentElement.clientWidth"),
                "height", number("document.documentElement.scrollHeight"),
                "scale", 1);
    }

    /** Role and name of everything that somebody with a screen reader meets. */
    List<Named> named() throws InterruptedException {
        List<Named> all = new ArrayList<>();
        for (Object node : JsonTree.list(send("Accessibility.getFullAXTree", Map.of()), "nodes")) {
            if (!Boolean.TRUE.equals(JsonTree.at(node, "ignored"))) {
                Object name = JsonTree.at(node, "name", "value");
                all.add(new Named(JsonTree.text(node, "role", "value"), name == null ? "" : name.toString()));
            }
        }
        return all;
    }

    /** What a screen reader says of something. */
    record Named(String role, String name) {}

    @Override
    public void close() {
        try {
            assertThat(tools.complaints()).as("errors of the page").isEmpty();
            tools.send("", "Target.closeTarget", Map.of("targetId", target));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
