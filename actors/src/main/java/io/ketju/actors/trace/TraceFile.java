package io.ketju.actors.trace;

import io.ketju.data.BadDataException;
import io.ketju.pipeline.trace.ProcessTrace;
import io.ketju.pipeline.trace.TracedAction;
import io.ketju.pipeline.trace.TracedTensor;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The trace of one worker as {@code trace-0.csv} in the folder of its run; {@code docs/run-folder.md} has the columns. */
public final class TraceFile {
    private static final Pattern NAME = Pattern.compile("trace-\\d{1,6}\\.csv");

    private TraceFile() {}

    /**
     * {@return where the trace of a worker is, or would be}
     *
     * @param run its folder
     * @param worker its number in the run, from 0
     */
    public static Path of(Path run, int worker) {
        return run.resolve("trace-" + worker + ".csv");
    }

    /**
     * {@return the traces in the folder of a run, ascending by the number of their worker}
     *
     * @param run its folder
     * @throws BadDataException if the folder cannot be read
     */
    public static List<Path> in(Path run) {
        try (Stream<Path> files = Files.list(run)) {
            return files.filter(file ->
                            NAME.matcher(String.valueOf(file.getFileName())).matches())
                    .sorted(Comparator.comparingInt(
                                    (Path file) -> file.toString().length())
                            .thenComparing(Path::toString))
                    .toList();
        } catch (IOException e) {
            throw BadDataException.unreadable(run.toString(), e);
        }
    }

    /**
     * Removes those of an earlier start of the run, which may have had more workers.
     *
     * @param run its folder
     * @throws BadDataException if the folder cannot be read, or a trace not be removed
     */
    public static void removeFrom(Path run) {
        for (Path file : in(run)) {
            try {
                Files.delete(file);
            } catch (IOException e) {
                throw BadDataException.unwritable(file.toString(), e);
            }
        }
    }

    /**
     * Writes a trace over what is there.
     *
     * @param file in a folder that is there
     * @param trace what the ranks of one worker did
     * @throws IOException if it cannot be written
     */
    public static void write(Path file, ProcessTrace trace) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            line(out, String.join(",", TraceRow.COLUMNS));
            for (TracedAction action : trace.actions()) {
                line(out, TraceRow.of(action));
            }
            for (TracedTensor tensor : trace.sent()) {
                line(out, TraceRow.of(TraceRow.SENT, tensor));
            }
            for (TracedTensor tensor : trace.arrived()) {
                line(out, TraceRow.of(TraceRow.ARRIVED, tensor));
            }
            if (trace.dropped() > 0) {
                line(out, TraceRow.ofDropped(trace.dropped()));
            }
        }
    }

    private static void line(BufferedWriter out, String line) throws IOException {
        out.write(line);
        out.write('\n');
    }

    /**
     * {@return what a trace says of the ranks of its worker}
     *
     * @param file as {@link #in} gives it
     * @throws BadDataException if it cannot be read, or naming the line that cannot be understood
     */
    public static ProcessTrace read(Path file) {
        List<TracedAction> actions = new ArrayList<>();
        List<TracedTensor> sent = new ArrayList<>();
        List<TracedTensor> arrived = new ArrayList<>();
        long dropped = 0;
        int number = 1;
        for (String line : lines(file)) {
            TraceRow row = TraceRow.of(file.toString(), number++, line);
            if (row.number() == 1) {
                row.requireHeading();
                continue;
            }
            switch (row.kind()) {
                case TraceRow.ACTION -> actions.add(row.action());
                case TraceRow.SENT -> sent.add(row.tensor());
                case TraceRow.ARRIVED -> arrived.add(row.tensor());
                default -> dropped += row.dropped();
            }
        }
        if (number == 1) {
            throw BadDataException.of(file.toString(), "a heading", "an empty file");
        }
        return new ProcessTrace(actions, sent, arrived, dropped);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw BadDataException.unreadable(file.toString(), e);
        }
    }
}
