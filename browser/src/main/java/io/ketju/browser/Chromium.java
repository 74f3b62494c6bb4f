package io.ketju.browser;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A real browser without a screen, one for all tests of a JVM; it ends with the JVM. */
public final class Chromium {
    private static final String LISTENING = "DevTools listening on ";
    private static @Nullable Chromium started;

    private final DevTools tools;

    private Chromium(DevTools tools) {
        this.tools = tools;
    }

    /** Where there is none, and none may be installed, the test says that it skips, and why. */
    public static synchronized Chromium orSkip() throws InterruptedException {
        if (started == null) {
            ChromiumProgram.Found found = ChromiumProgram.here().find();
            assumeTrue(found.program().isPresent(), "skipped: " + found.why());
            try {
                started = new Chromium(start(found.program().get()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return started;
    }

    private static DevTools start(Path program) throws IOException {
        Path profile = Files.createTempDirectory("ketju-browser");
        Process process = new ProcessBuilder(List.of(
                        program.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--disable-extensions",
                        "--no-first-run",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank"))
                .redirectErrorStream(true)
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(process, profile)));
        StringBuilder said = new StringBuilder();
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith(LISTENING)) {
                Thread.ofVirtual().start(() -> lines.lines().forEach(more -> {}));
                return new DevTools(URI.create(line.substring(LISTENING.length())));
            }
            said.append(line).append('\n');
        }
        throw new AssertionError("Chromium ended:\n" + said);
    }

    private static void end(Process process, Path profile) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor();
            Files.walkFileTree(profile, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
                        throws IOException {
                    Files.deleteIfExists(folder);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            profile.toFile().deleteOnExit(); // a last file of a process that just ends
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A page on a screen of this width, light, with the functions of {@code look.js}; whoever opens it closes it. */
    public BrowserPage open(URI address, int width) throws InterruptedException {
        tools.forget();
        String target = JsonTree.text(tools.send("", "Target.createTarget", Map.of("url", "about:blank")), "targetId");
        Object attached = tools.send("", "Target.attachToTarget", Map.of("targetId", target, "flatten", true));
        BrowserPage page = new BrowserPage(tools, target, JsonTree.text(attached, "sessionId"));
        page.prepare(width);
        page.show(address);
        return page;
    }
}
