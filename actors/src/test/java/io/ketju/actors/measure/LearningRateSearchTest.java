package io.ketju.actors.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.BestEpochRule;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobBuilder;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.optimizer.LearningRateSchedule;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A search by a program of one's own; it is that of {@code lr-find}. */
class LearningRateSearchTest {
    private static JobBuilder rising(double first, LearningRateSchedule rising, int epochs) {
        return Ketju.job()
                .model("mlp(64, 16, 10)")
                .data(DataSource.named("digits"))
                .optimizer(new Adam(first))
                .learningRateSchedule(rising)
                .threads(1)
                .epochs(epochs);
    }

    @Test
    void ratesRiseFromTheFirstToTheLastAndTheLossFallsBetween() {
        // region search
        LearningRateSearch search = new LearningRateSearch(1e-6, 10, 100);
        LearningRateCurve curve = search.run(search.job((first, rising, epochs) -> Ketju.job()
                .model("mlp(64, 16, 10)")
                .data(DataSource.named("digits"))
                .optimizer(new Adam(first))
                .learningRateSchedule(rising)
                .epochs(epochs)
                .build()));
        curve.steepest().ifPresent(point -> System.out.println("begin with " + point.rate()));
        System.out.println("too large: " + curve.lowest().rate());
        // end region
        assertThat(curve.points()).hasSizeBetween(40, 100);
        assertThat(curve.points().getFirst().rate()).isEqualTo(1e-6);
        double begin = curve.steepest().orElseThrow().rate();
        assertThat(begin).isBetween(1e-4, 1.0);
        assertThat(curve.lowest().rate()).isGreaterThan(begin);
        LearningRateCurve again = search.run(search.job((first, rising, epochs) ->
                rising(first, rising, epochs).stages(2).build()));
        assertThat(again.points()).isEqualTo(curve.points()); // whatever the cut and the threads
    }

    @Test
    void asManyEpochsAsTheStepsTake() {
        LearningRateSearch search = new LearningRateSearch(1e-4, 1e-3, 100);
        var job = search.job((first, rising, epochs) ->
                rising(first, rising, epochs).batchSize(144).build());
        assertThat(job.totalSteps()).isBetween(100L, 99L + job.stepsPerEpoch());
        assertThat(search.run(job).points()).hasSize(100);
    }

    @Test
    void whatASearchCannotHaveIsOneLine(@TempDir Path folder) {
        LearningRateSearch search = new LearningRateSearch(1e-4, 1e-3, 10);
        assertThatThrownBy(() -> search.job((first, rising, epochs) -> rising(first, rising, epochs)
                        .runDirectory(folder.resolve("run"))
                        .build()))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("run-dir: expected none");
        assertThatThrownBy(() -> search.job((first, rising, epochs) -> rising(first, rising, epochs)
                        .bestEpoch(BestEpochRule.earlyStopping("loss", 1))
                        .build()))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("early-stopping: expected no rule");
        assertThatIllegalArgumentException().isThrownBy(() -> new LearningRateSearch(1, 0.5, 10));
        assertThatIllegalArgumentException().isThrownBy(() -> new LearningRateSearch(1, 2, 9));
        assertThatIllegalArgumentException().isThrownBy(() -> new LearningRateSearch(1, 2, 10_001));
    }
}
