package io.ketju.benchmarks.pipeline;

import io.ketju.benchmarks.measure.Effort;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** Whether a pipeline pays, part by part: see the parts, each of which prints a table with its bars. */
public final class PipelineBenchmark {
    private final List<Measured> parts;

    /**
     * Steps take milliseconds, and runs of actors more to begin: turns are stretched.
     *
     * @param folder of the summary
     * @param only a regular expression that must be found in a part's name
     */
    public PipelineBenchmark(Effort effort, Path folder, Pattern only) {
        Effort longer = effort.withLongerTurns(5);
        List<Measured> all = List.of(
                new ActorCost(longer),
                new TwoStages(TwoStages.Place.ONE_JVM, longer),
                new TwoStages(TwoStages.Place.TWO_PROCESSES, longer),
                new Hop(effort),
                new HeapBytes(longer),
                new TorchPipelines(longer, folder));
        parts = all.stream().filter(part -> only.matcher(part.name()).find()).toList();
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("no part's name has '" + only + "' in it, they are "
                    + all.stream().map(Measured::name).toList());
        }
    }

    /** Runs the chosen parts and prints their tables. */
    public void run(PrintStream out) throws Exception {
        for (Measured part : parts) {
            part.run(out);
        }
    }
}
