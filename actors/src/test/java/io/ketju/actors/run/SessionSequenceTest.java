package io.ketju.actors.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.checkpoint.Shard;
import io.ketju.actors.coordinator.CoordinatorEffect;
import io.ketju.actors.coordinator.CoordinatorEvent;
import io.ketju.actors.coordinator.CoordinatorMachine;
import io.ketju.actors.coordinator.RunStages;
import io.ketju.pipeline.partition.Ties;
import io.ketju.pipeline.stage.StepSums;
import io.ketju.pipeline.stage.WindowMetrics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A coordinator that waits for what the caller of a session asks for. */
class SessionSequenceTest {
    private static final WindowMetrics MEASURED = new WindowMetrics(6, 3, Map.of());

    private final SessionSequence sequence = new SessionSequence();
    private final CoordinatorMachine machine = new CoordinatorMachine(
            sequence, false, new RunStages(1, new StepSums(0, List.of(Set.of())), Ties.NONE, 1, false), 1, 0);

    @BeforeEach
    void begin() {
        assertThat(machine.idle()).isFalse();
        machine.on(new CoordinatorEvent.WorkersReady());
        machine.on(new CoordinatorEvent.WorkerPlaced(0));
        assertThat(machine.on(new CoordinatorEvent.WorkerConnected(0)))
                .containsExactly(new CoordinatorEffect.AnnounceStart());
        assertThat(machine.idle()).isTrue();
    }

    private List<CoordinatorEffect> more() {
        return machine.on(new CoordinatorEvent.SequenceContinued());
    }

    private List<CoordinatorEffect> finish(long window) {
        return machine.on(new CoordinatorEvent.WindowFinished(0, window, Optional.of(MEASURED), 1));
    }

    @Test
    void aStepIsDoneWithItsLastObjectiveAndThenTheRunIsIdle() {
        assertThat(more()).isEmpty();
        CompletableFuture<WindowMetrics> step = sequence.train(List.of(0, 1), 0);
        assertThat(more()).hasSize(2).allMatch(CoordinatorEffect.GrantWindow.class::isInstance);
        assertThat(machine.idle()).isFalse();
        finish(0);
        assertThat(step).isNotDone();
        assertThat(machine.completedSteps()).isZero();
        finish(1);
        assertThat(step).isCompletedWithValue(MEASURED.plus(MEASURED));
        assertThat(machine.completedSteps()).isEqualTo(1);
        assertThat(machine.idle()).isTrue();
        assertThat(machine.completed()).isFalse();
    }

    /** Three windows, of which two are granted when the wish to stop comes. */
    @Test
    void aStepThatHasBegunIsDoneBeforeAStop() {
        CompletableFuture<WindowMetrics> step = sequence.train(List.of(0, 1, 2), 0);
        more();
        assertThat(machine.on(new CoordinatorEvent.StopRequested("enough"))).isEmpty();
        assertThat(finish(0)).hasSize(2).last().isInstanceOf(CoordinatorEffect.GrantWindow.class);
        finish(1);
        assertThat(finish(2)).last().isEqualTo(new CoordinatorEffect.ReleaseStages("enough"));
        assertThat(step).isCompleted();
    }

    @Test
    void aCheckpointIsTakenWhenItIsAskedForAndOnlyOfANewState() {
        CompletableFuture<Long> first = sequence.checkpoint();
        assertThat(more()).isEmpty();
        assertThat(first).isCompletedWithValue(0L);
        assertThat(sequence.evaluate(0)).isNotDone();
        more();
        CompletableFuture<WindowMetrics> step = sequence.train(List.of(0), 1);
        finish(0);
        finish(1);
        assertThat(step).isCompletedWithValue(MEASURED);
        CompletableFuture<Long> second = sequence.checkpoint();
        assertThat(more()).containsExactly(new CoordinatorEffect.SaveShards(1));
        machine.on(new CoordinatorEvent.ShardReady(0, 1));
        machine.on(new CoordinatorEvent.ShardSaved(0, 1, new Shard("stage-0.safetensors", 8, "00")));
        assertThat(second).isNotDone();
        assertThat(machine.idle()).isFalse();
        machine.on(new CoordinatorEvent.ManifestCommitted(1));
        assertThat(second).isCompletedWithValue(1L);
        assertThat(machine.idle()).isTrue();
    }

    @Test
    void aRunWithoutMoreToComeEnds() {
        sequence.end();
        assertThat(more()).containsExactly(new CoordinatorEffect.ReleaseStages("the run is complete"));
        assertThat(machine.completed()).isTrue();
    }
}
