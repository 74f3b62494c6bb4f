package io.ketju.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/** A page in a browser: what stands in it, what it looks like, keys that are pressed. */
public final class BrowserPage implements AutoCloseable {
    private static final int HEIGHT = 900;

    /** Names of keys, with the codes that Windows has for them, as the protocol wants it. */
    private static final Map<String, Integer> CODES = Map.of(
            "Backspace", 8, "Tab", 9, "Enter", 13, " ", 32, "End", 35, "Home", 36, "ArrowLeft", 37, "ArrowRight", 39);

    /** What keys write, where they write something. */
    private static final Map<String, String> WRITTEN = Map.of("Enter", "\r", " ", " ");

    private final DevTools tools;
    private final String target;
    private final String session;

    BrowserPage(DevTools tools, String target, String session) {
        this.tools = tools;
        this.target = target;
        this.session = session;
    }

    private Object send(String method, Map<String, ?> parameters) throws InterruptedException {
        return tools.send(session, method, parameters);
    }

    /** Something that is done in a browser. */
    @FunctionalInterface
    public interface Step {
        void run() throws InterruptedException;
    }

    /** Before its first address. */
    void prepare(int width) throws InterruptedException {
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            send(domain + ".enable", Map.of());
        }
        send("Page.addScriptToEvaluateOnNewDocument", Map.of("source", look()));
        send("Emulation.setFocusEmulationEnabled", Map.of("enabled", true));
        width(width);
        scheme("light");
    }

    private static String look() {
        try (InputStream in = Objects.requireNonNull(BrowserPage.class.getResourceAsStream("look.js"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Goes to an address and waits until all of it is loaded. */
    public void show(URI address) throws InterruptedException {
        arrive(() -> {
            Object answer = send("Page.navigate", Map.of("url", address.toString()));
            assertThat(JsonTree.at(answer, "errorText")).as(address.toString()).isNull();
        });
    }

    /** Does what leads to another page, and waits until all of that is loaded. */
    public void arrive(Step step) throws InterruptedException {
        tools.until(session, "Page.loadEventFired", step);
    }

    /** Addresses of all that was asked for since this was asked last. */
    public List<String> requests() {
        return tools.requests();
    }

    public void width(int width) throws InterruptedException {
        send(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", HEIGHT, "deviceScaleFactor", 1, "mobile", false));
        until("innerWidth === " + width);
        settle();
    }

    /** @param scheme {@code light} or {@code dark} */
    public void scheme(String scheme) throws InterruptedException {
        send(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
        until("matchMedia('(prefers-color-scheme: " + scheme + ")').matches");
        settle();
    }

    /** What was changed is drawn: charts draw in the microtasks and frames that follow. */
    public void settle() throws InterruptedException {
        evaluate("new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(() => drawn(true))))");
    }

    /** The value of an expression, or of its promise. */
    public @Nullable Object evaluate(String expression) throws InterruptedException {
        Object answer =
                send("Runtime.evaluate", Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
        assertThat(JsonTree.at(answer, "exceptionDetails")).as(expression).isNull();
        return JsonTree.at(answer, "result", "value");
    }

    public String text(String expression) throws InterruptedException {
        return Objects.requireNonNull(evaluate(expression), expression).toString();
    }

    public double number(String expression) throws InterruptedException {
        return (double) Objects.requireNonNull(evaluate(expression), expression);
    }

    @SuppressWarnings("unchecked")
    public List<Object> list(String expression) throws InterruptedException {
        return (List<Object>) Objects.requireNonNull(evaluate(expression), expression);
    }

    /** Waits until an expression is true. */
    public void until(String condition) throws InterruptedException {
        Object held =
                evaluate("new Promise(done => { const end = performance.now() + 40000; const look = () => { const is = "
                        + condition
                        + "; if (is || performance.now() > end) done(!!is); else setTimeout(look, 10); }; look(); })");
        assertThat(held).as("within 40 s: " + condition).isEqualTo(true);
    }

    public String html() throws InterruptedException {
        return text("document.documentElement.outerHTML");
    }

    /** Presses a key and lets it go. */
    public void press(String key) throws InterruptedException {
        for (String type : List.of("keyDown", "keyUp")) {
            Map<String, Object> parameters = new LinkedHashMap<>();
            parameters.put("type", type);
            parameters.put("key", key);
            parameters.put("code", key.equals(" ") ? "Space" : key);
            parameters.put("windowsVirtualKeyCode", Objects.requireNonNull(CODES.get(key)));
            if (WRITTEN.containsKey(key) && type.equals("keyDown")) {
                parameters.put("text", Objects.requireNonNull(WRITTEN.get(key)));
            }
            send("Input.dispatchKeyEvent", parameters);
        }
    }

    /** Types a text letter by letter into what has the focus. */
    public void type(String text) throws InterruptedException {
        for (String letter : text.codePoints().mapToObj(Character::toString).toList()) {
            send("Input.dispatchKeyEvent", Map.of("type", "keyDown", "key", letter, "text", letter));
            send("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", letter));
        }
        settle();
    }

    /**
     * Moves the mouse to the middle of something.
     *
     * @param element an expression that gives it
     */
    public void pointAt(String element) throws InterruptedException {
        evaluate(element + ".scrollIntoView({ block: 'center', inline: 'center' })");
        settle();
        mouse("mouseMoved", middle(element), "none", 0);
        settle();
    }

    /** Points at something and clicks. */
    public void click(String element) throws InterruptedException {
        pointAt(element);
        List<Object> middle = middle(element);
        mouse("mousePressed", middle, "left", 1);
        mouse("mouseReleased", middle, "left", 1);
    }

    private List<Object> middle(String element) throws InterruptedException {
        return list(
                "(box => [box.left + box.width / 2, box.top + box.height / 2])(" + element + ".getClientRects()[0])");
    }

    private void mouse(String type, List<Object> at, String button, int clicks) throws InterruptedException {
        send(
                "Input.dispatchMouseEvent",
                Map.of("type", type, "x", at.getFirst(), "y", at.getLast(), "button", button, "clickCount", clicks));
    }

    /** All of the page, not only what the screen shows. */
    public Screenshot screenshot() throws InterruptedException {
        settle();
        Object answer =
                send("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true, "clip", whole()));
        byte[] png = Base64.getDecoder().decode(JsonTree.text(answer, "data"));
        try {
            return new Screenshot(Objects.requireNonNull(ImageIO.read(new ByteArrayInputStream(png))), png);
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
    public List<Named> named() throws InterruptedException {
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
    public record Named(String role, String name) {}

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
