package io.ketju.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.TensorValues;
import io.ketju.actors.run.Training;
import io.ketju.actors.run.TrainingSession;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.catalogue.OneForwardOneBackward;
import io.ketju.pipeline.catalogue.ZB1P;
import io.ketju.pipeline.catalogue.ZBV;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.ScheduleSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs whose schedule is another from some step on, as actors. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SwitchedScheduleRunTest {
    private static final List<Schedule> ALL = List.of(new OneForwardOneBackward(), new GPipe(), new ZB1P());

    private static JobBuilder switching(JobBuilder job) {
        return job.stages(3).microbatches(4).schedule(new ScheduleSet(ALL));
    }

    private static String expected() {
        return Ketju.fit(SmallJobs.tiny().microbatches(4).build()).stateSha256();
    }

    @Test
    void aSessionTakesAnotherScheduleAtEveryStep() {
        TrainingJob tiny = SmallJobs.tiny().microbatches(4).build();
        try (TrainingSession session = Ketju.session(
                switching(SmallJobs.tinyWithoutData()).stepByStep().build())) {
            int step = 0;
            for (Map<String, TensorValues> batch : HandedOver.batches(tiny.train(), tiny.totalSteps())) {
                session.schedule(ALL.get(step++ % ALL.size()));
                session.step(batch);
                session.evaluate(batch);
            }
            assertThat(session.stateSha256()).isEqualTo(expected());
            assertThatThrownBy(() -> session.schedule(new ZBV()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("schedule ZBV: expected one that the job names")
                    .hasMessageContaining("[1F1B, GPipe, ZB1P]");
        }
    }

    /** Whenever the call comes, the bits are the same; listeners are told of steps in whatever order they have. */
    @Test
    void aRunIsSwitchedWhileItGoesOn() {
        CompletableFuture<Training> running = new CompletableFuture<>();
        try (Training training = Ketju.start(switching(SmallJobs.tiny()).build(), event -> {
            if (event instanceof TrainingEvent.StepFinished step) {
                running.join().schedule(ALL.get((int) step.step() % ALL.size()));
            }
        })) {
            running.complete(training);
            assertThat(training.await().stateSha256()).isEqualTo(expected());
        }
    }

    @Test
    void aRunBeginsWithTheFirstAndGoesOnWithAnother() {
        assertThat(fit(SmallJobs.tiny().stages(3).microbatches(4)).stateSha256())
                .isEqualTo(expected());
    }

    // region switch
    private static TrainingResult fit(JobBuilder builder) {
        TrainingJob job = builder.schedule(ScheduleSet.of(new OneForwardOneBackward(), new ZB1P()))
                .build();
        try (Training training = Ketju.start(job)) {
            training.schedule(new ZB1P()); // from the next step that begins
            return training.await();
        }
    }
    // end region
}
