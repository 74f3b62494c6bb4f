package io.ketju.actors.feed;

import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.schedule.ForwardOnly;
import io.ketju.pipeline.stage.StagePlan;

/** How far a batch feeder runs ahead of the stages. */
public final class FeedAhead {
    /** On their way, besides those that a stage works on. */
    private static final int TRAVELLING = 2;

    private FeedAhead() {}

    /**
     * Micro-batches that the feeder may have under way: the most that any stage has in flight, or that a rank evaluates on
     * one of its stages before it goes to the next, and two on their way.
     */
    public static int buffers(PipelineSpec spec) {
        int training =
                StagePlan.all(spec).stream().mapToInt(StagePlan::slots).max().orElseThrow();
        int evaluating = ForwardOnly.buffers(spec.placement(), spec.recipe().mostMicrobatches());
        return Math.max(training, evaluating) + TRAVELLING;
    }
}
