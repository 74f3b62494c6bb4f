package io.ketju.actors.feed;

import io.ketju.layers.model.ModelTypes;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.program.BatchPorts;
import io.ketju.pipeline.schedule.ForwardOnly;
import io.ketju.pipeline.stage.StagePlan;
import io.ketju.tensor.TensorType;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How far a batch feeder runs ahead of the stages.
 *
 * @param buffers micro-batches that may be under way, at least 1
 * @param together micro-batches whose buffers it hears of together when they come back: fewer than it is ahead by, so that it
 *     never waits for one more of which nobody tells
 */
public record FeedAhead(int buffers, int together) {
    /** On their way, besides those that a stage works on; less of what is large. */
    private static final int MOST_TRAVELLING = 8;

    private static final int LEAST_TRAVELLING = 2;
    private static final long TRAVELLING_BYTES = 4 << 20;

    /**
     * {@return how far ahead the feeder of a pipeline runs} Under way may be the most that any stage has in flight, whose inputs a stage
     * that recomputes keeps, or that a rank evaluates on one of its stages before it goes to the next, and some on their way. Where stages
     * have different numbers of replicas, all of a stage count together: they share what there is.
     *
     * @param spec the pipeline that is fed
     */
    public static FeedAhead of(PipelineSpec spec) {
        List<StagePlan> plans = StagePlan.all(spec);
        int training = spec.counts().alike()
                ? plans.stream().mapToInt(StagePlan::inFlight).max().orElseThrow()
                : IntStream.range(0, spec.stages())
                        .map(stage -> spec.counts().replicas(stage).stream()
                                .mapToInt(replica -> plans.get(replica).inFlight())
                                .sum())
                        .max()
                        .orElseThrow();
        int evaluating = ForwardOnly.buffers(spec.placement(), spec.recipe().mostMicrobatches());
        int travelling = travelling(spec);
        return new FeedAhead(Math.max(training, evaluating) + travelling, travelling / 2);
    }

    private static int travelling(PipelineSpec spec) {
        ModelTypes largest = spec.largestTypes();
        long bytes = BatchPorts.of(spec.model()).types(spec.model(), largest).stream()
                .mapToLong(TensorType::bytes)
                .sum();
        return Math.clamp(TRAVELLING_BYTES / Math.max(1, bytes), LEAST_TRAVELLING, MOST_TRAVELLING);
    }
}
