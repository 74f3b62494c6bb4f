package io.ketju.tests;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;

/**
 * Starts the command line as its users do, through the script {@code ketju} at the root of the repository, with the
 * classes under test. Where those are packed, it is the {@link SharedLauncher}; else the script is copied beside a folder
 * {@code lib}, as in a packed distribution, whose one jar names this JVM's class path.
 */
final class Launcher {
    /** Small JVMs: a test starts several at once. */
    private static final List<String> SMALL = List.of("-Xmx256m", "-XX:ActiveProcessorCount=2");

    private final Path folder;
    private final Map<String, String> environment;

    private Launcher(Path folder, Map<String, String> environment) {
        this.folder = folder;
        this.environment = Map.copyOf(environment);
    }

    /** Puts the launcher into a folder, which also becomes the working directory of what it starts. */
    static Launcher in(Path folder) {
        return SharedLauncher.script().map(shared -> linked(folder, shared)).orElseGet(() -> laidOutIn(folder));
    }

    private static Launcher linked(Path folder, Path shared) {
        try {
            Files.createSymbolicLink(folder.resolve("ketju"), shared);
            return new Launcher(folder, Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same with a script of its own, beside its classes. */
    static Launcher laidOutIn(Path folder) {
        try {
            Path script = folder.resolve("ketju");
            Files.copy(repository().resolve("ketju"), script);
            Files.createDirectory(folder.resolve("lib"));
            writeClassPath(folder.resolve("lib").resolve("classpath.jar"));
            return new Launcher(folder, Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** This launcher, for processes with one more variable in their environment. */
    Launcher with(String variable, String value) {
        Map<String, String> more = new HashMap<>(environment);
        more.put(variable, value);
        return new Launcher(folder, more);
    }

    /** Where it is laid out. */
    Path folder() {
        return folder;
    }

    /** Starts {@code ketju} with these arguments. */
    ChildProcess ketju(String... arguments) {
        return ketju(List.of(), arguments);
    }

    /** Starts {@code ketju} in a JVM with further flags. */
    ChildProcess ketju(List<String> jvmFlags, String... arguments) {
        List<String> command = new ArrayList<>(List.of(folder.resolve("ketju").toString()));
        command.addAll(List.of(arguments));
        return start(folder, jvmFlags, command);
    }

    /** Starts a command that starts {@code ketju}, in another working directory. */
    ChildProcess start(Path workingDirectory, List<String> jvmFlags, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(workingDirectory.toFile());
        List<String> flags = new ArrayList<>(SMALL);
        flags.addAll(jvmFlags);
        builder.environment().put("KETJU_JAVA_OPTS", String.join(" ", flags));
        builder.environment().put("JAVA25_HOME", System.getProperty("java.home"));
        builder.environment().remove("JAVA_TOOL_OPTIONS"); // the JVM would announce it on standard error
        builder.environment().putAll(environment);
        return ChildProcess.start(String.join(" ", command), builder);
    }

    /**
     * Starts a main class in a JVM with this JVM's flags, apart from those that begin as {@code without} says, and
     * further ones.
     */
    static ChildProcess java(Class<?> main, List<String> without, List<String> flags, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> !flag.startsWith("-agentlib") && !flag.startsWith("-Dketju."))
                .filter(flag -> without.stream().noneMatch(flag::startsWith))
                .forEach(command::add);
        command.addAll(SMALL);
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return ChildProcess.start(main.getSimpleName() + " " + flags, new ProcessBuilder(command));
    }

    /** The folder that holds the script, from wherever the tests run. */
    static Path repository() {
        Path here = Path.of("").toAbsolutePath();
        for (Path folder = here; folder != null; folder = folder.getParent()) {
            if (Files.isRegularFile(folder.resolve("ketju")) && Files.isRegularFile(folder.resolve("pom.xml"))) {
                return folder;
            }
        }
        throw new IllegalStateException(here + ": no folder above it has the script ketju");
    }

    private static void writeClassPath(Path jar) throws IOException {
        String entries = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.isEmpty())
                .map(entry -> Path.of(entry).toAbsolutePath().toUri().toString())
                .collect(Collectors.joining(" "));
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, entries);
        try (OutputStream file = Files.newOutputStream(jar)) {
            new JarOutputStream(file, manifest).close(); // the manifest is all there is
        }
    }
}
