package io.ketju.records.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.Measured;
import io.ketju.actors.job.TimelineSample;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.pipeline.stage.Window;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A few steps are looked at, from the middle of a run where it comes so far. */
class WatchedStepsTest {
    private static final TimelineSample SOMETHING = new TimelineSample(1, List.of(), List.of());

    private static TrainingJob job() {
        return Ketju.job()
                .model("mlp(64, 16, 10)")
                .data(DataSource.named("digits"))
                .stages(2)
                .batchSize(64)
                .epochs(5)
                .build();
    }

    private static void step(WatchedSteps watched, long step) {
        watched.on(new TrainingEvent.StepFinished(
                step, 1, Measured.of(Map.of("loss", 1.0)), 64, 1, 0, new LinkedHashMap<>()));
    }

    @Test
    void itLooksAtTheBeginningThenWarmThenFromTheMiddleOnAndNoMore() {
        TrainingJob job = job();
        long middle = job.totalSteps() / 2;
        assertThat(middle).isGreaterThan(20);
        WatchedSteps watched = new WatchedSteps();
        watched.on(new TrainingEvent.Started(job, 1, 1));
        for (long step = 0; step < job.totalSteps(); step++) {
            if (step > 0) {
                step(watched, step);
            }
            boolean due = step == 0 || step == 10 || step == middle;
            assertThat(watched.watching()).as("after step %d", step).isEqualTo(due);
            watched.saw(SOMETHING); // also where another one asked for it
            assertThat(watched.sample().orElseThrow().step()).isEqualTo(step < 10 ? 0 : step < middle ? 10 : middle);
        }
        assertThat(watched.sample().orElseThrow().totalSteps()).isEqualTo(job.totalSteps());
    }

    @Test
    void aRunThatGoesOnIsLookedAtInTheMiddleOfWhatIsLeft() {
        TrainingJob job = job();
        long first = job.totalSteps() - 39;
        WatchedSteps watched = new WatchedSteps();
        watched.on(new TrainingEvent.Started(job, first, 1));
        for (long step = first - 1; step < job.totalSteps(); step++) {
            step(watched, step);
            boolean due = step == first - 1 || step == first + 9 || step == first + 19;
            assertThat(watched.watching()).as("after step %d", step).isEqualTo(due);
            if (due) {
                watched.saw(SOMETHING);
            }
        }
    }

    @Test
    void samplesThatDoNotComeAreNotAskedForForEver() {
        WatchedSteps watched = new WatchedSteps();
        watched.on(new TrainingEvent.Started(job(), 1, 1));
        int asked = 0;
        for (int i = 0; i < 100; i++) {
            asked += watched.watching() ? 1 : 0;
        }
        assertThat(asked).isEqualTo(6);
        assertThat(watched.sample()).isEmpty();
    }

    @Test
    void aRealRunIsSeenAndItsBitsAreTheSame() {
        WatchedSteps watched = new WatchedSteps();
        assertThat(Ketju.fit(job(), watched).stateSha256())
                .isEqualTo(Ketju.fit(job()).stateSha256());
        WatchedSteps.Sample sample = watched.sample().orElseThrow();
        assertThat(sample.ranks().ranks()).isEqualTo(2);
        assertThat(sample.ranks().processes().getFirst().actions())
                .isNotEmpty()
                .allMatch(action -> action.phase() == Window.Phase.TRAIN);
    }
}
