package io.ketju.actors.run;

import io.ketju.actors.coordinator.EpochSequence;
import io.ketju.actors.coordinator.RunLength;
import io.ketju.actors.coordinator.WindowSequence;
import io.ketju.actors.message.OutputCommand;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The windows of one start of a run.
 *
 * @param keepsCheckpoints whether the run takes a checkpoint of its last step when it ends
 * @param repeatable whether a start after a failure can have them again: those of a session are its caller's
 * @param outputs to be completed with who takes what windows that predict make, where there are such
 */
record RunWindows(
        WindowSequence sequence,
        boolean keepsCheckpoints,
        boolean repeatable,
        Optional<CompletableFuture<ActorRef<OutputCommand>>> outputs) {
    /** The epochs of a job. */
    static RunWindows epochs(RunSetup setup) {
        RunLength length = RunLength.of(setup.job());
        return new RunWindows(
                new EpochSequence(length, setup.completedSteps(), setup.watched()),
                length.checkpointEpochs() > 0,
                true,
                Optional.empty());
    }

    /** What the caller of a session asks for. */
    static RunWindows session(
            RunSetup setup, SessionSequence sequence, CompletableFuture<ActorRef<OutputCommand>> outputs) {
        sequence.startAfter(setup.completedSteps());
        return new RunWindows(sequence, !setup.temporary(), false, Optional.of(outputs));
    }
}
