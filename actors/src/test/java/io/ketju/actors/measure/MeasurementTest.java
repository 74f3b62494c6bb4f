package io.ketju.actors.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.Ketju;
import io.ketju.actors.SmallJobs;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.TrainingJob;
import io.ketju.pipeline.choice.LayerTimes;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is measured is measured; how long it takes is nobody's to say. */
class MeasurementTest {
    private static final Duration SHORT = Duration.ofMillis(20);

    @Test
    void everyLayerHasATimeForEachOfItsActions() {
        TrainingJob job = SmallJobs.tiny().build();
        LayerTimes times = LayerMeasurement.of(job, SHORT, 5000);
        assertThat(times.measured()).isTrue();
        assertThat(times.hop()).isEqualTo(5000);
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
        assertThatThrownBy(() -> LayerMeasurement.of(job, SHORT, 0))
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
        assertThat(HopMeasurement.between(Ketju::start, Duration.ofMillis(200))).isBetween(0.0, 1e9);
    }

    /** All ranks are in this JVM. */
    @Test
    void everyRankHasASpeed() {
        assertThat(SpeedMeasurement.of(2, Ketju::start, Duration.ofMillis(150)))
                .hasSize(2)
                .allSatisfy(speed -> assertThat(speed).isBetween(1e-3, 1e3));
    }
}
