package io.ketju.browser;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Where Chromium is. Where none is, root installs it on a machine with apt-get, unless {@code -Dketju.browser.install=false} says that
 * nothing is to be installed.
 */
final class ChromiumProgram {
    static final String PROPERTY = "ketju.browser.install";

    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome", "chrome");
    private static final List<String> UPDATE = List.of("update");
    private static final List<String> INSTALL = List.of("install", "-y", "--no-install-recommends", "chromium");

    /** A mirror that does not answer is no mirror; other users of apt-get are waited for. */
    private static final List<String> OPTIONS = List.of(
            "-q", "-o", "Acquire::http::Timeout=15", "-o", "Acquire::Retries=1", "-o", "DPkg::Lock::Timeout=60");

    private static final int LAST_LINES = 8;

    /** What did not work in one build is not tried by its other processes. */
    private static final Duration REMEMBERED = Duration.ofMinutes(20);

    private final List<Path> places;
    private final boolean root;
    private final boolean allowed;
    private final Duration patience;
    private final Path lock;

    /** Beside the lock: to read a file and close it lets go of every lock that the process has on it. */
    private final Path said;

    /**
     * What there is, and why there is none.
     *
     * @param program empty: none
     * @param why one line, or some of what the installation said; empty if there is one
     */
    record Found(Optional<Path> program, String why) {}

    /**
     * @param patience with the installation in all
     * @param lock a file that all processes have which may install: one does at a time, and leaves beside it why it could not
     */
    ChromiumProgram(List<Path> places, boolean root, boolean allowed, Duration patience, Path lock) {
        this.places = List.copyOf(places);
        this.root = root;
        this.allowed = allowed;
        this.patience = patience;
        this.lock = lock;
        said = lock.resolveSibling(lock.getFileName() + ".said");
    }

    /** On this machine. */
    static ChromiumProgram here() {
        List<Path> places = Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .map(Path::of)
                .toList();
        boolean allowed = Boolean.parseBoolean(System.getProperty(PROPERTY, "true"));
        Path lock = Path.of(System.getProperty("java.io.tmpdir"), "ketju-browser.lock");
        return new ChromiumProgram(places, isRoot(), allowed, Duration.ofMinutes(3), lock);
    }

    private static boolean isRoot() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid") instanceof Integer user && user == 0;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return false; // not Linux
        }
    }

    /** Looks, and installs where that helps and may be. */
    Found find() throws InterruptedException {
        Optional<Path> there = first(NAMES);
        if (there.isPresent()) {
            return new Found(there, "");
        }
        Optional<Path> apt = first(List.of("apt-get"));
        String none = "no Chromium on the PATH (" + String.join(", ", NAMES) + ")";
        if (!allowed) {
            return new Found(Optional.empty(), none + ", and -D" + PROPERTY + "=false");
        }
        if (!root || apt.isEmpty()) {
            return new Found(
                    Optional.empty(),
                    none + ", and none can be installed: " + (root ? "there is no apt-get" : "this user is not root"));
        }
        try {
            return install(apt.get(), none);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<Path> first(List<String> names) {
        return places.stream()
                .flatMap(place -> names.stream().map(place::resolve))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Whoever waited for another process finds what that has installed, or why it could not. */
    private Found install(Path apt, String none) throws IOException, InterruptedException {
        try (FileChannel file = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = file.lock()) {
            String failure = "";
            if (held.isValid() && first(NAMES).isEmpty()) {
                failure = before().isEmpty() ? tried(apt) : before();
            }
            Optional<Path> program = first(NAMES);
            Files.writeString(said, program.isPresent() ? "" : failure);
            return new Found(
                    program, program.isPresent() ? "" : none + ", and apt-get did not install it:\n" + failure);
        }
    }

    private String before() throws IOException {
        if (!Files.exists(said)) {
            return "";
        }
        Instant left = Files.getLastModifiedTime(said).toInstant();
        return Instant.now().isBefore(left.plus(REMEMBERED)) ? Files.readString(said) : "";
    }

    /** The last of what was said. */
    private String tried(Path apt) throws IOException, InterruptedException {
        List<String> said = new ArrayList<>();
        long until = System.nanoTime() + patience.toNanos();
        if (!ran(apt, INSTALL, until, said) && ran(apt, UPDATE, until, said)) {
            ran(apt, INSTALL, until, said);
        }
        return String.join("\n", said.subList(Math.max(0, said.size() - LAST_LINES), said.size()));
    }

    private static boolean ran(Path apt, List<String> command, long until, List<String> said)
            throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(apt.toString()));
        all.addAll(OPTIONS);
        all.addAll(command);
        Path output = Files.createTempFile("ketju-apt", ".txt");
        try {
            ProcessBuilder builder = new ProcessBuilder(all)
                    .redirectErrorStream(true)
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectOutput(output.toFile());
            builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
            Process process = builder.start();
            boolean ended = process.waitFor(until - System.nanoTime(), TimeUnit.NANOSECONDS);
            process.destroy(); // apt-get alone: what unpacks a package just then comes to its end
            said.addAll(Files.readAllLines(output));
            said.add(String.join(" ", command) + (ended ? " ended with " + process.exitValue() : " took too long"));
            return ended && process.exitValue() == 0;
        } finally {
            Files.delete(output);
        }
    }
}
