package io.ketju.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real browser, on a small screen. */
final class Chromium {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome", "chrome");
    private static final int PATIENCE_SECONDS = 120;

    private final Path program;
    private final Path folder;

    private Chromium(Path program, Path folder) {
        this.program = program;
        this.folder = folder;
    }

    /**
     * Where none is, the test says that it skips.
     *
     * @param folder for what it leaves
     */
    static Chromium orSkip(Path folder) {
        Optional<Path> program = Stream.of(
                        System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .flatMap(place -> NAMES.stream().map(name -> Path.of(place, name)))
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(program.isPresent(), "skipped: no Chromium on the PATH (" + String.join(", ", NAMES) + ")");
        return new Chromium(program.get(), folder);
    }

    /** The page as it stands when nothing more is going on. */
    String open(URI address) throws IOException, InterruptedException {
        Path page = folder.resolve("page.html");
        Path said = folder.resolve("said.txt");
        List<String> command =
                new ArrayList<>(List.of(program.toString(), "--headless", "--no-sandbox", "--disable-gpu"));
        command.addAll(List.of("--disable-dev-shm-usage", "--no-first-run", "--window-size=400,1200"));
        command.add("--user-data-dir=" + folder.resolve("profile"));
        command.addAll(List.of("--enable-logging=stderr", "--virtual-time-budget=8000", "--dump-dom"));
        command.add(address.toString());
        Process process = new ProcessBuilder(command)
                .redirectOutput(page.toFile())
                .redirectError(said.toFile())
                .start();
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("Chromium ends within %d s", PATIENCE_SECONDS)
                    .isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        assertThat(Files.readString(said)).doesNotContain("Uncaught", "Refused to", "Content Security Policy");
        return Files.readString(page);
    }
}
