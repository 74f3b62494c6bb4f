package io.ketju.actors.coordinator;

import io.ketju.actors.checkpoint.Shard;
import io.ketju.actors.message.PlannedWindow;
import io.ketju.actors.message.RunFailure;
import io.ketju.pipeline.stage.StepSums;
import io.ketju.pipeline.stage.WindowMetrics;
import java.util.List;
import java.util.Optional;

/** What a coordinator wants done, in this order. */
public sealed interface CoordinatorEffect {
    /** Ask every worker to build its stages. */
    record PlaceStages() implements CoordinatorEffect {}

    /** Tell every worker where the others listen. */
    record ConnectStages() implements CoordinatorEffect {}

    /** All stages are connected: training begins. */
    record AnnounceStart() implements CoordinatorEffect {}

    /**
     * Grant a window to all stages and have the feeder send its samples.
     *
     * @param window numbered on from the one granted before
     */
    record GrantWindow(PlannedWindow window) implements CoordinatorEffect {}

    /**
     * Tell the stages that wait for the sums of a window.
     *
     * @param sums over the whole model, with the stages that wait
     */
    record GiveSums(StepSums.Agreed sums) implements CoordinatorEffect {}

    /**
     * All stages finished a window.
     *
     * @param window the oldest that was granted; ends nothing where its step goes on after it
     * @param metrics of all heads together
     * @param busyNanos what the stages computed for it, in nanoseconds, added up over them
     */
    record AnnounceWindow(PlannedWindow window, WindowMetrics metrics, long busyNanos) implements CoordinatorEffect {}

    /**
     * Ask every stage for its part of a checkpoint.
     *
     * @param step after which the state is kept: the last that all stages have taken
     */
    record SaveShards(long step) implements CoordinatorEffect {}

    /**
     * All shards are durable: write the manifest.
     *
     * @param step that the checkpoint is of
     * @param shards in stage order
     * @param progress of {@link WindowSequence#progress}
     */
    record CommitManifest(long step, List<Shard> shards, String progress) implements CoordinatorEffect {}

    /**
     * All stages hold a copy of what a checkpoint is of: training, which stood still until now, goes on.
     *
     * @param step after which that state was
     */
    record AnnounceCopy(long step) implements CoordinatorEffect {}

    /**
     * A checkpoint is committed.
     *
     * @param step that it is of
     * @param awaited whether training stood still until now
     */
    record AnnounceCheckpoint(long step, boolean awaited) implements CoordinatorEffect {}

    /**
     * Ask every worker to let go of its stages.
     *
     * @param reason one line, for the logs of the workers
     */
    record ReleaseStages(String reason) implements CoordinatorEffect {}

    /**
     * Ask every stage where the NaN or infinity in a micro-batch's loss began; none of them runs on.
     *
     * @param window its number
     * @param microbatch of that window, from 0
     */
    record InspectMicrobatch(long window, int microbatch) implements CoordinatorEffect {}

    /**
     * The run is over; without a failure, its result may be read.
     *
     * @param failure the first there was
     * @param thrown what was thrown in this JVM and made it fail
     * @param stopReason why somebody wished it to end early; empty: nobody did
     */
    record EndRun(Optional<RunFailure> failure, Optional<Throwable> thrown, Optional<String> stopReason)
            implements CoordinatorEffect {}
}
