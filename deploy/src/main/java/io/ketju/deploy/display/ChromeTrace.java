package io.ketju.deploy.display;

import io.ketju.pipeline.trace.ProcessTrace;
import io.ketju.pipeline.trace.TracedAction;
import io.ketju.records.timeline.ActionText;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * A trace in the format of Chrome's trace viewer, which others read too (Trace Event Format, JSON array form): a process for
 * each worker, a thread for each rank, an event for each action.
 */
public final class ChromeTrace {
    private ChromeTrace() {}

    /** @param processes by one clock */
    public static void write(Path file, List<ProcessTrace> processes) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write("[");
            String separator = "\n";
            for (int process = 0; process < processes.size(); process++) {
                out.write(separator + named("process_name", process, 0, "worker " + process));
                separator = ",\n";
                TreeSet<Integer> ranks = new TreeSet<>();
                for (TracedAction action : processes.get(process).actions()) {
                    if (ranks.add(action.rank())) {
                        out.write(separator + named("thread_name", process, action.rank(), "rank " + action.rank()));
                    }
                    out.write(separator + event(process, action));
                }
            }
            out.write("\n]\n");
        }
    }

    private static String named(String what, int process, int thread, String name) {
        return String.format(
                Locale.ROOT,
                "{\"name\":\"%s\",\"ph\":\"M\",\"pid\":%d,\"tid\":%d,\"args\":{\"name\":\"%s\"}}",
                what,
                process,
                thread,
                name);
    }

    /** Times are microseconds. */
    private static String event(int process, TracedAction action) {
        return String.format(
                Locale.ROOT,
                "{\"name\":\"%s\",\"cat\":\"%s\",\"ph\":\"X\",\"ts\":%.3f,\"dur\":%.3f,\"pid\":%d,\"tid\":%d,"
                        + "\"args\":{\"window\":%d,\"waited_for\":\"%s\",\"ready\":%.3f}}",
                action.action(),
                action.action().kind(),
                action.started() / 1e3,
                (action.ended() - action.started()) / 1e3,
                process,
                action.rank(),
                action.window(),
                ActionText.cause(action.cause()),
                action.ready() / 1e3);
    }
}
