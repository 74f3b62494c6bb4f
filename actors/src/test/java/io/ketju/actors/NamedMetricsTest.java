package io.ketju.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.JobHash;
import io.ketju.actors.job.JobText;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.TrainedModel;
import io.ketju.actors.run.Training;
import io.ketju.layers.activation.Activations;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.loss.BCEWithLogitsLoss;
import io.ketju.layers.loss.MSELoss;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.shape.Flatten;
import io.ketju.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A regression and a job of labels, by the names of data, losses and metrics. */
class NamedMetricsTest {
    /** Events of steps as listeners hear them, and how the run ended. */
    private record Heard(List<Object> told, TrainingResult result) {}

    @Test
    void aRegressionLearnsAndSaysSoByNameOverAnyStages() {
        Heard one = run(penguins().stages(1));
        Heard three = run(penguins().stages(3));
        assertThat(three.told()).isEqualTo(one.told());
        assertThat(three.result().stateSha256()).isEqualTo(one.result().stateSha256());
        assertThat(one.result().test().values().sequencedKeySet()).containsExactly("loss", "r2", "mae");
        assertThat(one.result().test().get("r2").orElseThrow()).isGreaterThan(0.75);
        assertThat(one.result().test().get("mae").orElseThrow()).isBetween(0.1, 0.35);
        assertThat(one.result().test().get("accuracy")).isEmpty();
    }

    @Test
    void labelsAreMeasuredOneByOneAndTogether() {
        Heard one = run(segments().stages(1));
        Heard three = run(segments().stages(3));
        assertThat(three.told()).isEqualTo(one.told());
        assertThat(three.result().stateSha256()).isEqualTo(one.result().stateSha256());
        assertThat(one.result().test().values().sequencedKeySet())
                .containsExactly("loss", "binary_accuracy", "exact_match");
        assertThat(one.result().test().get("binary_accuracy").orElseThrow()).isGreaterThan(0.9);
        assertThat(one.result().test().get("exact_match").orElseThrow()).isGreaterThan(0.6);
    }

    @Test
    void whatIsMeasuredIsChosenByNameAndDoesNotChangeTheNumbers() {
        TrainingJob usual = penguins().metrics(List.of("mae")).build();
        TrainingJob chosen = penguins().build();
        TrainingJob none = penguins().metrics(List.of()).build();
        assertThat(JobHash.numbers(chosen)).isEqualTo(JobHash.numbers(usual)).isEqualTo(JobHash.numbers(none));
        assertThat(JobText.print(usual)).doesNotContain("metrics");
        assertThat(JobText.print(chosen)).contains("metrics = [\"r2\", \"mae\"]");
        assertThat(JobText.print(none)).contains("metrics = none");
        JobBuilder wrong = penguins().metrics(List.of("accuracy"));
        assertThatThrownBy(wrong::build)
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("metrics: unknown metric 'accuracy'; MSELoss() has mae, rmse, r2");
    }

    private static JobBuilder penguins() {
        return Ketju.job()
                .model(Shape.of(11), Sequential.of(new Linear(11, 16), Activations.relu(), new Linear(16, 1)))
                .data(DataSource.named("penguins"))
                .loss(new MSELoss())
                .metrics(List.of("r2", "mae"))
                .optimizer(new Adam(0.01))
                .batchSize(32)
                .microbatches(3)
                .epochs(30)
                .checkpointEveryEpochs(100)
                .threads(1);
    }

    private static JobBuilder segments() {
        return Ketju.job()
                .model(
                        Shape.of(1, 8, 8),
                        Sequential.of(new Flatten(), new Linear(64, 32), Activations.relu(), new Linear(32, 7)))
                .data(DataSource.named("digits-segments"))
                .loss(new BCEWithLogitsLoss())
                .metrics(List.of("binary_accuracy", "exact_match"))
                .optimizer(new Adam(0.01))
                .batchSize(64)
                .microbatches(3)
                .epochs(4)
                .checkpointEveryEpochs(100)
                .threads(1);
    }

    private static Heard run(JobBuilder builder) {
        TrainingJob job = builder.build();
        List<Object> told = Collections.synchronizedList(new ArrayList<>());
        try (Training training = Ketju.start(job, event -> {
            switch (event) {
                case TrainingEvent.StepFinished step -> told.add(step.metrics());
                case TrainingEvent.EpochFinished epoch -> told.add(List.of(epoch.train(), epoch.test()));
                default -> {}
            }
        })) {
            TrainingResult result = training.await();
            TrainedModel model = training.model();
            assertThat(model.evaluate(job.data().test()).metrics()).isEqualTo(result.test());
            return new Heard(told, result);
        }
    }
}
