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

    /** Grant a window to all stages and have the feeder send its samples. */
    record GrantWindow(PlannedWindow window) implements CoordinatorEffect {}

    /** Tell the stages that wait for the sums of a window. */
    record GiveSums(StepSums.Agreed sums) implements CoordinatorEffect {}

    /** All stages finished a window. */
    record AnnounceWindow(PlannedWindow window, WindowMetrics metrics, long busyNanos) implements CoordinatorEffect {}

    /** Ask every stage for its part of a checkpoint of the state after this step. */
    record SaveShards(long step) implements CoordinatorEffect {}

    /**
     * All shards are durable: write the manifest. Shards are in stage order.
     *
     * @param progress of {@link WindowSequence#progress}
     */
    record CommitManifest(long step, List<Shard> shards, String progress) implements CoordinatorEffect {}

    /** All stages hold a copy of the state after this step: training, which stood still until now, goes on. */
    record AnnounceCopy(long step) implements CoordinatorEffect {}

    /**
     * A checkpoint is committed.
     *
     * @param awaited whether training stood still until now
     */
    record AnnounceCheckpoint(long step, boolean awaited) implements CoordinatorEffect {}

    /** Ask every worker to let go of its stages. */
    record ReleaseStages(String reason) implements CoordinatorEffect {}

    /** Ask every stage where the NaN or infinity in this micro-batch's loss began; none of them runs on. */
    record InspectMicrobatch(long window, int microbatch) implements CoordinatorEffect {}

    /**
     * The run is over; without a failure, its result may be read.
     *
     * @param thrown what was thrown in this JVM and made it fail
     */
    record EndRun(Optional<RunFailure> failure, Optional<Throwable> thrown, Optional<String> stopReason)
            implements CoordinatorEffect {}
}
