package io.ketju.report.gather;

import io.ketju.actors.trace.TraceFile;
import io.ketju.data.BadDataException;
import io.ketju.pipeline.trace.ProcessTrace;
import io.ketju.records.timeline.WatchedSteps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The steps that a report shows as measured, kept in the folder of the run for pictures that are drawn later: {@code
 * steps-STEP-WORKER.csv} for each worker, by its own clock, with the columns of a trace.
 */
public final class KeptSteps {
    private static final Pattern NAME = Pattern.compile("steps-(?<step>\\d{1,18})-(?<worker>\\d{1,6})\\.csv");

    private KeptSteps() {}

    /**
     * What is kept.
     *
     * @param step of which the run had told when they were seen; 0: none
     * @param processes of each worker, by its own clock
     */
    record Kept(long step, List<ProcessTrace> processes) {}

    /**
     * Keeps them in the place of those that are there.
     *
     * @param folder of the run
     * @param sample what was seen
     * @throws BadDataException if a file cannot be written, or an earlier one not be removed
     */
    public static void write(Path folder, WatchedSteps.Sample sample) {
        for (Path earlier : files(folder)) {
            try {
                Files.delete(earlier);
            } catch (IOException e) {
                throw BadDataException.unwritable(earlier.toString(), e);
            }
        }
        List<ProcessTrace> processes = sample.ranks().processes();
        for (int worker = 0; worker < processes.size(); worker++) {
            Path file = folder.resolve("steps-" + sample.step() + "-" + worker + ".csv");
            try {
                TraceFile.write(file, processes.get(worker));
            } catch (IOException e) {
                throw BadDataException.unwritable(file.toString(), e);
            }
        }
    }

    static Optional<Kept> read(Path folder) {
        List<Path> files = files(folder);
        return files.isEmpty()
                ? Optional.empty()
                : Optional.of(new Kept(
                        number(files.getFirst(), "step"),
                        files.stream().map(TraceFile::read).toList()));
    }

    /** Ascending by their workers. */
    private static List<Path> files(Path folder) {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> NAME.matcher(name(file)).matches())
                    .sorted(Comparator.comparingLong(file -> number(file, "worker")))
                    .toList();
        } catch (IOException e) {
            throw BadDataException.unreadable(folder.toString(), e);
        }
    }

    private static long number(Path file, String group) {
        Matcher matcher = NAME.matcher(name(file));
        if (!matcher.matches()) {
            throw new IllegalArgumentException(file.toString());
        }
        return Long.parseLong(matcher.group(group));
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }
}
