package io.ketju.benchmarks.pipeline;

import io.ketju.benchmarks.measure.Clock;
import io.ketju.benchmarks.measure.Effort;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** Whether a pipeline pays, part by part: see the parts, each of which prints a table with its bars. */
public final class PipelineBenchmark {
    private final List<Measured> parts;

    /**
     * Steps take milliseconds: turns are stretched. By the wall clock, whatever the effort's: processor time of threads
     * that wait for each other tells nothing.
     *
     * @param folder of the summary
     * @param only a regular expression that must be found in a part's name
     */
    public PipelineBenchmark(Effort effort, Path folder, Pattern only) {
        Effort wall = effort.with(Clock.WALL);
        Effort longer = wall.withLongerTurns(5);
        List<Measured> all = List.of(
                new ActorCost(longer),
                new TwoStages(TwoStages.Place.ONE_JVM, longer),
                new TwoStages(TwoStages.Place.TWO_PROCESSES, longer),
                new PacedSchedules(wall),
                new Hop(wall),
                new HeapBytes(longer),
                new TorchPipelines(longer, folder),
                new ScheduledPipelines(PipelineWork.LENET, longer),
                new ScheduledPipelines(PipelineWork.MLP, longer),
                new ScheduledPipelines(PipelineWork.GPT, longer),
                new ClippingCost(longer),
                new CopyCost(longer),
                new CheckpointCost(longer.with(Duration.ofSeconds(10), 5)),
                new Launch(wall, folder),
                new FirstEpoch(wall));
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
