package io.ketju.actors.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.SmallJobs;
import io.ketju.actors.coordinator.RunOutcome;
import io.ketju.actors.job.Repartition;
import io.ketju.actors.job.Stall;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.message.Refusal;
import io.ketju.actors.message.RunFailure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CutChangesTest {
    private static final TrainingJob NOW = SmallJobs.tiny().stages(2).build();
    private static final TrainingJob NEXT = Repartition.stages(3).of(NOW);
    private static final Repartitioning.Shape BEFORE = new Repartitioning.Shape(NOW, List.of());
    private static final Repartitioning.Shape AFTER = new Repartitioning.Shape(NEXT, List.of());

    private final CutChanges cuts = new CutChanges(NOW);
    private final CompletableFuture<TrainingEvent.Repartitioned> answer = new CompletableFuture<>();

    private Repartitioning wish() {
        return new Repartitioning(NEXT, "stages 3 was asked for", answer);
    }

    private static RunOutcome ended(Optional<RunFailure> failure, boolean completed) {
        return new RunOutcome(failure, Optional.empty(), 3, completed, Optional.empty());
    }

    private static Optional<RunFailure> noRoom() {
        return Optional.of(new RunFailure.WorkerRefused(
                "worker 1", new Refusal(Refusal.Reason.UNPLACED, "memory: found no room")));
    }

    /** A worker has no room for the stages that it would get: the run goes on as it was. */
    @Test
    void whatCannotBePlacedIsGivenUp() {
        assertThat(cuts.take(wish(), BEFORE, Optional.empty())).isTrue();
        assertThat(cuts.waits()).isTrue();
        assertThat(cuts.after(ended(Optional.empty(), false), BEFORE)).contains(Recovery.Kind.MOVE);
        assertThat(cuts.waits()).isFalse();
        assertThat(cuts.next(NOW)).isSameAs(NEXT);
        assertThat(cuts.next(NEXT)).as("once").isSameAs(NEXT);
        assertThat(cuts.after(ended(noRoom(), false), AFTER)).contains(Recovery.Kind.RETURN);
        assertThat(cuts.next(NEXT)).isSameAs(NOW);
        assertThatThrownBy(answer::join).hasRootCauseMessage("repartition: worker 1: memory: found no room");
        assertThat(cuts.after(ended(noRoom(), false), BEFORE))
                .as("that is a failure")
                .isEmpty();
    }

    @Test
    void aLossBeforeThePauseLeavesTheWish() {
        cuts.take(wish(), BEFORE, Optional.empty());
        assertThat(cuts.next(NOW)).isSameAs(NOW);
        assertThat(cuts.waits()).isTrue();
    }

    /** A run may move for a worker that leaves, after a wish was taken that no start has paused for. */
    @Test
    void aMoveForAnotherReasonLeavesTheWish() {
        cuts.take(wish(), BEFORE, Optional.empty());
        Stall none = new Stall(Duration.ZERO, Duration.ZERO, Duration.ZERO);
        cuts.moved(new TrainingEvent.Repartitioned(NOW, List.of(0, 1), "a worker left", 4, 1, none));
        assertThat(answer).isNotDone();
        assertThat(cuts.waits()).isTrue();
    }

    @Test
    void aRunThatIsCompleteOrFailsGoesNoFurther() {
        cuts.take(wish(), BEFORE, Optional.empty());
        assertThat(cuts.after(ended(Optional.empty(), true), BEFORE)).isEmpty();
        assertThat(cuts.after(ended(noRoom(), false), BEFORE)).isEmpty();
    }

    @Test
    void theSameCutIsRefused() {
        Repartitioning same = new Repartitioning(NOW, "asked", answer);
        assertThat(cuts.take(same, BEFORE, Optional.empty())).isFalse();
        assertThatThrownBy(answer::join)
                .hasRootCauseMessage("repartition: expected another cut than the run has, found stage-bounds "
                        + NOW.pipeline().partition().bounds() + " again");
        assertThat(cuts.waits()).isFalse();
    }
}
