package io.ketju.dist;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A command that has run to its end.
 *
 * @param out lines of its standard output
 * @param err lines of its standard error
 */
record Command(String line, int code, List<String> out, List<String> err) {
    private static final int PATIENCE_SECONDS = 120;

    /**
     * Runs it, with these variables in its environment and no others.
     *
     * @param folder its working folder; what it prints is kept beside it
     */
    static Command run(Path folder, Map<String, String> environment, List<String> command) {
        try {
            Path out = Files.createTempFile("ketju-dist", ".out");
            Path err = Files.createTempFile("ketju-dist", ".err");
            try {
                ProcessBuilder builder = new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
                builder.environment().clear();
                builder.environment().putAll(environment);
                Process process = builder.start();
                if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly().waitFor();
                }
                return new Command(
                        String.join(" ", command),
                        process.exitValue(),
                        Files.readAllLines(out),
                        Files.readAllLines(err));
            } finally {
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Itself, if it ended well. */
    Command requireSuccess() {
        if (code != 0) {
            throw new AssertionError("exit code " + code + ": " + this);
        }
        return this;
    }

    @Override
    public String toString() {
        return line + "\n" + String.join("\n", out) + "\n--- standard error\n" + String.join("\n", err);
    }
}
