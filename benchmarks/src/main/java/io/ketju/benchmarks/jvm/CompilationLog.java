package io.ketju.benchmarks.jvm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a JVM throws away of its compiled code, from its log: {@code [12.3s] 4711  4  io.ketju.A::b (99 bytes)   made not
 * entrant: uncommon trap}. Code of tier 4 is the optimizing compiler's; lower tiers always go in the end.
 */
final class CompilationLog {
    private static final Pattern LINE =
            Pattern.compile("\\]\\s+\\d+\\s+[%sb!n ]*\\s+([1-4])\\s+(\\S+)::(\\S+) .*made not entrant(?:: (.*))?");

    /**
     * Numbers of one stretch of the log.
     *
     * @param all lines of any tier
     * @param optimized of tier 4
     * @param ours of tier 4 in Ketju's own code
     * @param methods which these were, with the reason
     */
    record Counts(long all, long optimized, long ours, List<String> methods) {}

    private final Path file;
    private int seen;

    CompilationLog(Path file) {
        this.file = file;
    }

    /** The JVM's flag for such a log. */
    static String flag(Path file) {
        return "-Xlog:jit+compilation=debug:file=" + file + ":uptime";
    }

    /** What has come since the last time. */
    Counts next() throws IOException {
        String text = Files.readString(file, StandardCharsets.UTF_8);
        String news = text.substring(Math.min(seen, text.length()));
        seen = text.length();
        return count(news);
    }

    static Counts count(String log) {
        List<Matcher> lines =
                log.lines().map(LINE::matcher).filter(Matcher::find).toList();
        List<Matcher> optimized =
                lines.stream().filter(line -> line.group(1).equals("4")).toList();
        List<String> ours = optimized.stream()
                .filter(line -> line.group(2).startsWith("io.ketju."))
                .map(line -> line.group(2).substring(line.group(2).lastIndexOf('.') + 1) + "." + line.group(3) + ": "
                        + line.group(4))
                .toList();
        return new Counts(lines.size(), optimized.size(), ours.size(), ours);
    }
}
