package io.ketju.records.text;

import io.ketju.tensor.Plural;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Describes the machine in a few words, so that a log says where its numbers come from. */
public final class Machine {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    private Machine() {}

    /**
     * Processor, threads and JDK.
     *
     * @param threads that compute
     * @return {@code Intel(R) Xeon(R) ..., 2 processors, 2 threads, JDK 25.0.3}
     */
    public static String describe(int threads) {
        int processors = Runtime.getRuntime().availableProcessors();
        return processorName() + ", " + Plural.of(processors, "processor") + ", " + Plural.of(threads, "thread")
                + ", JDK " + System.getProperty("java.version");
    }

    private static String processorName() {
        String architecture = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        try (Stream<String> lines = Files.lines(CPU_INFO)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(architecture);
        } catch (IOException | java.io.UncheckedIOException e) {
            // Not Linux: the name is only for information.
            return architecture;
        }
    }
}
