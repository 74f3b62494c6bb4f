package io.ketju.tests;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The command line laid out once for all tests of a build, as a distribution is, with archives of its classes: processes start in two
 * thirds of the time. Only jars can be archived, so there is none where classes lie in folders.
 */
final class SharedLauncher {
    private static Optional<Path> script = Optional.empty();
    private static boolean sought;

    private SharedLauncher() {}

    /** Its script, which is made now if it is not there yet; empty: the classes under test are not packed. */
    static synchronized Optional<Path> script() {
        if (!sought) {
            sought = true;
            try {
                script = find();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return script;
    }

    private static Optional<Path> find() throws IOException {
        Path target = Launcher.repository().resolve("tests").resolve("target");
        List<Path> jars = new ArrayList<>();
        for (String entry : Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(System.getProperty("java.class.path"))
                .toList()) {
            Path path = Path.of(entry).toAbsolutePath();
            if (path.startsWith(target) || !Files.exists(path)) {
                continue; // the tests themselves are not what is started
            }
            if (Files.isDirectory(path)) {
                return Optional.empty();
            }
            jars.add(path);
        }
        return Optional.of(laidOut(target, jars));
    }

    private static Path laidOut(Path target, List<Path> jars) throws IOException {
        Path source = Launcher.repository().resolve("ketju");
        Path folder = target.resolve("launcher-" + key(source, jars));
        Path made = folder.resolve("made");
        // Another JVM may run other tests of the same build.
        try (FileChannel file = FileChannel.open(
                target.resolve("launcher.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.lock(); // until it is closed
            if (!Files.exists(made)) {
                layOut(folder, source, jars);
                Files.createFile(made);
            }
            return folder.resolve("ketju");
        }
    }

    private static void layOut(Path folder, Path source, List<Path> jars) throws IOException {
        Path lib = Files.createDirectories(folder.resolve("lib"));
        for (Path jar : jars) {
            Files.createSymbolicLink(lib.resolve(jar.getFileName()), jar);
        }
        Path script = Files.copy(source, folder.resolve("ketju"));
        ProcessBuilder builder = new ProcessBuilder(script.toString(), "--archive");
        builder.environment().put("JAVA25_HOME", System.getProperty("java.home"));
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        try (ChildProcess archive = ChildProcess.start("ketju --archive", builder)) {
            archive.requireSuccess();
        }
    }

    /** Of the script, and of jars that were not written since. */
    private static String key(Path source, List<Path> jars) throws IOException {
        StringBuilder all = new StringBuilder(Files.readString(source));
        for (Path jar : jars) {
            all.append(jar).append(Files.size(jar)).append(Files.getLastModifiedTime(jar));
        }
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(all.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JVM has SHA-256", e);
        }
    }
}
