package io.ketju.actors.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One call of the system for a file in a folder, as strace sees it: it can be made to fail, or to be the last one.
 *
 * @param path within the folder; that of a file's first name, if it gets another
 * @param occurrence of this call for this path, from 1
 */
record SystemCall(String name, Path path, int occurrence) {
    private static final String CALLS = "openat,mkdir,read,pread64,write,pwrite64,fsync,rename,unlink,rmdir";

    /** {@code 4711 write(4</path>, ...} or {@code 4711 rename("/path", ...}; folders that files are looked for in come first. */
    private static final Pattern LINE =
            Pattern.compile("^\\d+ +(\\w+)\\((?:AT_FDCWD(?:<[^>]*>)?, )?(?:\\d+<([^>]*)>|\"([^\"]*)\")");

    /** All that a command does with files in a folder, in order. */
    static List<SystemCall> of(List<String> command, Path folder, Path log) throws IOException {
        List<String> strace = strace(log, "-y", "-e", "trace=" + CALLS);
        strace.addAll(command);
        Command.require(strace.toArray(String[]::new));
        List<SystemCall> calls = new ArrayList<>();
        Map<String, Integer> occurrences = new HashMap<>();
        for (String line : Files.readAllLines(log)) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.find()) {
                Path path = Path.of(matcher.group(2) == null ? matcher.group(3) : matcher.group(2));
                if (path.startsWith(folder)) {
                    String name = matcher.group(1);
                    calls.add(new SystemCall(
                            name, folder.relativize(path), occurrences.merge(name + " " + path, 1, Integer::sum)));
                }
            }
        }
        return calls;
    }

    /** Runs a command in which this call of this folder goes wrong, as strace's {@code inject} has it. */
    Command with(String fault, List<String> command, Path folder, Path log) {
        List<String> strace = strace(
                log,
                "-P",
                folder.resolve(path).toString(),
                "-e",
                "trace=" + name,
                "-e",
                "inject=" + name + ":" + fault + ":when=" + occurrence);
        strace.addAll(command);
        return Command.run(strace);
    }

    private static List<String> strace(Path log, String... more) {
        List<String> strace = new ArrayList<>(List.of("strace", "-f", "-o", log.toString()));
        strace.addAll(List.of(more));
        return strace;
    }
}
