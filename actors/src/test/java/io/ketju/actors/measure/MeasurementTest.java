package io.ketju.actors.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.Ketju;
import io.ketju.actors.SmallJobs;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.TrainingJob;
import io.ketju.pipeline.choice.LayerTimes;
import io.ketju.pipeline.choice.Overhead;
import io.ketju.pipeline.choice.Workers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is measured is measured; how long it takes is nobody's to say. */
class MeasurementTest {
    private static final Duration SHORT = Duration.ofMillis(20);

    @Test
    void everyLayerHasATimeForEachOfItsActions() {
        TrainingJob job = SmallJobs.tiny().build();
        LayerTimes times = LayerMeasurement.of(job, SHORT, new Overhead(5000, 0, 1));
        assertThat(times.measured()).isTrue();
        assertThat(times.overhead().hop()).isEqualTo(5000);
        assertThat(times.bounds()).isEqualTo(LayerTimes.bounds(job.pipeline())).hasSize(4);
        assertThat(times.layers()).hasSize(3).allSatisfy(layer -> {
            assertThat(layer.forward()).isPositive();
            assertThat(layer.backward()).isPositive();
            assertThat(layer.weightGradient()).isPositive();
            assertThat(layer.optimizerStep()).isPositive();
        });
    }

    @Test
    void windowsOfSeveralObjectivesAreNotMeasured() {
        TrainingJob job =
                SmallJobs.tiny().objective("all", List.of("loss"), List.of("*")).build();
        assertThatThrownBy(() -> LayerMeasurement.of(job, SHORT, Overhead.NONE))
                .isInstanceOf(InvalidJobException.class)
                .hasMessage(
                        "measure: expected a job without objectives, found 1 objective, whose windows take different times");
    }

    @Test
    void aTensorTakesSomeTimeToTheNextRank() {
        assertThat(HopMeasurement.inThisJvm()).isBetween(100.0, 1e9);
    }

    @Test
    void aHopIsWhatCutsBetweenRanksTakeMore() {
        Overhead overhead = HopMeasurement.between(Ketju::start, Duration.ofMillis(200));
        assertThat(overhead.hop()).isBetween(0.0, 1e9);
        assertThat(overhead.start()).isBetween(0.0, 1e9);
        assertThat(overhead.hop() + overhead.start()).isPositive();
    }

    @Test
    void aTrialRunSaysHowMuchLongerLayersTakeBesideOtherRanks() {
        TrainingJob job = SmallJobs.tiny().stages(2).build();
        LayerTimes alone = LayerMeasurement.of(job, SHORT, new Overhead(1000, 500, 1));
        LayerTimes fitted = TrialRun.fit(job, alone, Workers.ALIKE, Ketju::start, Duration.ofMillis(200));
        assertThat(fitted.layers()).isEqualTo(alone.layers());
        assertThat(fitted.overhead()).isNotEqualTo(alone.overhead());
        assertThat(fitted.overhead().slowdown()).isBetween(1.0, 64.0);
        TrainingJob oneRank = SmallJobs.tiny().build();
        assertThat(TrialRun.fit(oneRank, alone, Workers.ALIKE, Ketju::start, SHORT))
                .isSameAs(alone);
    }

    /** All ranks are in this JVM. */
    @Test
    void everyRankHasASpeed() {
        assertThat(SpeedMeasurement.of(2, Ketju::start, Duration.ofMillis(150)))
                .hasSize(2)
                .allSatisfy(speed -> assertThat(speed).isBetween(1e-3, 1e3));
    }
}
