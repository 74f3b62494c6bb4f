package io.ketju.actors.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.SmallJobs;
import io.ketju.actors.coordinator.RunOutcome;
import io.ketju.actors.job.Stall;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.message.Assignment;
import io.ketju.actors.message.Refusal;
import io.ketju.actors.message.RunFailure;
import io.ketju.actors.message.WorkerCommand;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Workers are called by the names of their actors here. */
class ReplacementsTest {
    private static final TrainingJob JOB = SmallJobs.tiny().stages(2).build();
    private static final RunOutcome PAUSED = ended(Optional.empty());

    private final ActorTestKit kit = ActorTestKit.create("ketju-replacements-test");
    private final ActorRef<WorkerCommand> left = worker("left");
    private final ActorRef<WorkerCommand> fresh = worker("fresh");
    private final Replacements replacements =
            new Replacements(worker -> worker.path().name().replaceAll("-\\d+", ""));

    @AfterEach
    void close() {
        kit.shutdownTestKit();
    }

    private ActorRef<WorkerCommand> worker(String name) {
        return kit.<WorkerCommand>createTestProbe(name).getRef();
    }

    private static RunOutcome ended(Optional<RunFailure> failure) {
        return new RunOutcome(failure, Optional.empty(), 7, false, Optional.empty());
    }

    private static HandOvers.Held held(TrainingJob job, List<ActorRef<WorkerCommand>> workers) {
        return new HandOvers.Held(workers, Assignment.contiguous(job.pipeline().placement(), workers.size()));
    }

    @Test
    void whoHasComeTakesStagesAtTheNextBoundary() {
        assertThat(replacements.concern(JOB, held(JOB, List.of(left)))).isFalse();
        replacements.offer(List.of(left, fresh));
        assertThat(replacements.concern(JOB, held(JOB, List.of(left)))).isTrue();
        assertThat(replacements.after(PAUSED, List.of(left))).contains(Recovery.Kind.FILL);
        assertThat(replacements.workers(List.of(left))).containsExactly(left, fresh);
        assertThat(replacements.move(JOB, 1).cause()).isEqualTo("fresh has come in place of what was lost");
        assertThat(replacements.concern(JOB, held(JOB, List.of(left, fresh)))).isFalse();
        replacements.told(new TrainingEvent.Repartitioned(
                JOB, List.of(0, 1), "told", 8, 2, new Stall(Duration.ZERO, Duration.ZERO, Duration.ZERO)));
        assertThat(replacements.after(PAUSED, List.of(left, fresh))).as("once").isEmpty();
    }

    /** One stage has no use for another worker. */
    @Test
    void nobodyPausesForAWorkerThatWouldHoldNothing() {
        TrainingJob whole = SmallJobs.tiny().stages(1).build();
        replacements.offer(List.of(left, fresh));
        assertThat(replacements.concern(whole, held(whole, List.of(left)))).isFalse();
    }

    /** A start has paused already: another must follow. */
    @Test
    void oneThatGoesAgainLeavesTheRunAsItWas() {
        replacements.offer(List.of(left, fresh));
        replacements.lost(fresh);
        assertThat(replacements.concern(JOB, held(JOB, List.of(left)))).isFalse();
        assertThat(replacements.after(PAUSED, List.of(left))).contains(Recovery.Kind.RETURN);
        assertThat(replacements.workers(List.of(left))).containsExactly(left);
    }

    @Test
    void oneThatRefusesIsDoneWithout() {
        replacements.offer(List.of(left, fresh));
        replacements.after(PAUSED, List.of(left));
        replacements.workers(List.of(left));
        RunFailure noRoom =
                new RunFailure.WorkerRefused("worker 2", new Refusal(Refusal.Reason.UNPLACED, "memory: found no room"));
        assertThat(replacements.after(ended(Optional.of(noRoom)), List.of(left, fresh)))
                .contains(Recovery.Kind.RETURN);
        assertThat(replacements.workers(List.of(left, fresh))).containsExactly(left);
        assertThat(replacements.after(ended(Optional.of(noRoom)), List.of(left)))
                .as("that is a failure")
                .isEmpty();
    }

    /** Workers are found anew after a loss, and whoever had come is among them. */
    @Test
    void aLossForgetsThem() {
        replacements.offer(List.of(left, fresh));
        replacements.searched();
        assertThat(replacements.concern(JOB, held(JOB, List.of(fresh)))).isFalse();
        assertThat(replacements.after(PAUSED, List.of(fresh))).isEmpty();
    }
}
