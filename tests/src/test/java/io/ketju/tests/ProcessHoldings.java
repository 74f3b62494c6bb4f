package io.ketju.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a JVM of this machine holds, after a garbage collection.
 *
 * @param heapKib that the objects fill which outlived the collection; those made since are young and left out
 * @param residentKib of memory, of whatever kind
 */
record ProcessHoldings(long heapKib, long residentKib, long threads, long descriptors) {
    private static final Pattern OLD_GENERATION = Pattern.compile("Tenured.* used (\\d+)K");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    static ProcessHoldings of(long pid) {
        jcmd(pid, "GC.run");
        Matcher used = OLD_GENERATION.matcher(jcmd(pid, "GC.heap_info"));
        if (!used.find()) {
            throw new AssertionError("expected the serial collector in process " + pid);
        }
        Path process = Path.of("/proc", Long.toString(pid));
        try {
            Matcher resident = RESIDENT.matcher(Files.readString(process.resolve("status")));
            if (!resident.find()) {
                throw new AssertionError("no VmRSS of process " + pid);
            }
            return new ProcessHoldings(
                    Long.parseLong(used.group(1)),
                    Long.parseLong(resident.group(1)),
                    count(process.resolve("task")),
                    count(process.resolve("fd")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long count(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.count();
        }
    }

    private static String jcmd(long pid, String command) {
        try {
            Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
            Process process = new ProcessBuilder(jcmd.toString(), Long.toString(pid), command)
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError("jcmd " + pid + " " + command + ": " + said);
            }
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
