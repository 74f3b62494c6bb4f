package io.ketju.actors.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.SmallJobs;
import io.ketju.actors.job.JobCheckpoints;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.message.PlannedWindow;
import io.ketju.pipeline.stage.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** A round is whole when all stages have a copy of its step and all have finished it; one at a time. */
class CopyRoundsTest {
    private static final int STAGES = 2;

    private final AtomicLong time = new AtomicLong();
    private final List<String> whole = new ArrayList<>();

    @Test
    void aRoundIsWholeWithTheLastCopyAndTheLastStage() {
        CopyRounds rounds = rounds(job(1), true);
        assertThat(rounds.begins(step(1))).isTrue();
        rounds.held(0, 1);
        rounds.finished(step(1), "heard");
        assertThat(whole).isEmpty();
        rounds.held(1, 1);
        assertThat(whole).containsExactly("1 heard");

        assertThat(rounds.begins(step(2))).isTrue();
        rounds.held(1, 2);
        rounds.held(0, 2);
        assertThat(whole).hasSize(1);
        rounds.finished(step(2), "more");
        assertThat(whole).containsExactly("1 heard", "2 more");
    }

    @Test
    void thereIsOneAtATime() {
        CopyRounds rounds = rounds(job(1), true);
        assertThat(rounds.begins(step(1))).isTrue();
        assertThat(rounds.begins(step(2))).isFalse();
        rounds.finished(step(1), "");
        rounds.held(0, 1);
        assertThat(rounds.begins(step(2))).isFalse();
    }

    /** Of other steps, and from whatever says that it is a stage. */
    @Test
    void copiesOfOtherStepsDoNotCount() {
        CopyRounds rounds = rounds(job(1), true);
        assertThat(rounds.begins(step(2))).isTrue();
        rounds.held(0, 1);
        rounds.held(1, 1);
        rounds.held(2, 2);
        rounds.held(-1, 2);
        rounds.held(0, 2);
        rounds.held(0, 2);
        rounds.finished(step(1), "");
        rounds.finished(step(2), "");
        assertThat(whole).isEmpty();
        rounds.held(1, 2);
        assertThat(whole).containsExactly("2 ");
    }

    @Test
    void thereAreNoneWhereADataEpochEndsNorWhereACheckpointIs() {
        TrainingJob job = job(1);
        CopyRounds rounds = rounds(job, true);
        assertThat(rounds.begins(step(job.stepsPerEpoch()))).isFalse();
        assertThat(rounds.begins(window(Window.Phase.TRAIN, 1, true, true))).isFalse();
        assertThat(rounds.begins(window(Window.Phase.TRAIN, 1, false, false))).isFalse();
        assertThat(rounds.begins(window(Window.Phase.EVALUATE, 1, true, false))).isFalse();
        assertThat(rounds.begins(step(1))).isTrue();
    }

    @Test
    void thereAreNoneWithoutWaysOrWish() {
        assertThat(rounds(job(1), false).begins(step(1))).isFalse();
        assertThat(rounds(job(0), true).begins(step(1))).isFalse();
        TrainingJob never = SmallJobs.tiny().stages(STAGES).maxRestarts(0).build();
        assertThat(rounds(never, true).begins(step(1))).isFalse();
    }

    @Test
    void theJobSaysHowManyStepsAreBetweenThem() {
        CopyRounds rounds = rounds(job(2), true);
        assertThat(rounds.begins(step(2))).isTrue();
        rounds.held(0, 2);
        rounds.held(1, 2);
        rounds.finished(step(2), "");
        assertThat(rounds.begins(step(3))).isFalse();
        TrainingJob job = job(2);
        assertThat(job.stepsPerEpoch()).isGreaterThan(3);
    }

    /** Where steps take a millisecond there are several between two rounds, where they take a second there is none. */
    @Test
    void withoutAWishTheyCostLittle() {
        TrainingJob job = SmallJobs.tiny().stages(STAGES).build();
        assertThat(stepsBetween(job, 1_000_000_000)).isEqualTo(1);
        long often = stepsBetween(job, 1_000_000);
        assertThat(often).isBetween(5L, 50L);
        assertThat(stepsBetween(job, 500_000)).isCloseTo(2 * often, Offset.offset(1L));
    }

    private long stepsBetween(TrainingJob job, long stepNanos) {
        CopyRounds rounds = rounds(job, true);
        int epoch = job.stepsPerEpoch();
        long step = 1;
        long first = 0;
        while (true) {
            if (step % epoch != 0 && rounds.begins(step(step))) {
                if (first != 0) {
                    return step - first;
                }
                first = step;
                rounds.held(0, step);
                rounds.held(1, step);
            }
            time.addAndGet(stepNanos);
            rounds.finished(step(step), "");
            step++;
        }
    }

    private CopyRounds rounds(TrainingJob job, boolean ways) {
        return new CopyRounds(job, ways, (step, progress) -> whole.add(step + " " + progress), time::get);
    }

    private static TrainingJob job(int copies) {
        return SmallJobs.tiny()
                .stages(STAGES)
                .checkpoints(JobCheckpoints.USUAL.copyingEvery(copies))
                .build();
    }

    private static PlannedWindow step(long step) {
        return window(Window.Phase.TRAIN, step, true, false);
    }

    private static PlannedWindow window(Window.Phase phase, long step, boolean endsStep, boolean checkpoint) {
        return new PlannedWindow(step, phase, 0, step, endsStep, 1, step - 1, false, checkpoint);
    }
}
