package io.ketju.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.TensorValues;
import io.ketju.actors.run.TrainedModel;
import io.ketju.actors.run.Training;
import io.ketju.layers.model.zoo.GAN;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Jobs whose steps are windows of several objectives in turn; that they have the bits of the plain loop is tested with the test kit. */
class ObjectivesJobTest {
    private static final int EPOCHS = 2;

    private static TrainingResult run(TrainingJob job, TrainingListener... listeners) {
        try (Training training = Ketju.start(job, listeners)) {
            return training.await();
        }
    }

    @Test
    void aStepIsToldOnceWithTheLossesOfAllObjectives() {
        List<TrainingEvent.StepFinished> steps = new ArrayList<>();
        run(SmallGan.job(EPOCHS).stages(3).build(), event -> {
            if (event instanceof TrainingEvent.StepFinished step) {
                steps.add(step);
            }
        });
        assertThat(steps).extracting(TrainingEvent.StepFinished::step).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
        for (TrainingEvent.StepFinished step : steps) {
            assertThat(step.samples()).isEqualTo(step.step() % 4 == 0 ? 2 : 5);
            double sum = 0;
            for (String head : List.of("real", "fake", "generator")) {
                sum += step.metrics().get(head + "/loss").orElseThrow();
            }
            assertThat(step.loss()).isEqualTo(sum);
        }
    }

    @Test
    void lossesThatWorkAgainstEachOtherAreNotedWhereNoObjectiveSaysWhatTheyTrain() {
        assertThat(SmallGan.job(1).build().notes()).isEmpty();
        TrainingJob both = new JobBuilder()
                .model(new GAN(3, 6, 2).model())
                .batchSize(5)
                .microbatches(2)
                .stepByStep()
                .build();
        assertThat(both.notes())
                .containsExactly(
                        "losses 'fake' and 'generator' want the same output to be [zeros] and [ones], and every"
                                + " step minimises both over all parameters: give each an objective, which says what it trains");
        assertThat(SmallJobs.tiny().build().notes()).isEmpty();
    }

    @Test
    void whatIsMadeNeedsNoRealSamples() {
        float[] noise = {0.5f, -1, 2, 0, 0.25f, 1};
        try (Training training = Ketju.start(SmallGan.job(1).build())) {
            training.await();
            TrainedModel model = training.model();
            Map<String, TensorValues> whole = Map.of(
                    "noise", TensorValues.of(noise, 2, 3), "real", TensorValues.of(new float[] {1, 0, 0, 1}, 2, 2));
            assertThat(model.outputs(Map.of("noise", TensorValues.of(noise, 2, 3))))
                    .isEqualTo(model.outputs(whole))
                    .hasSize(1);
            String output = model.model().outputNames().getFirst();
            assertThatThrownBy(() -> model.outputs(Map.of("real", TensorValues.of(new float[4], 2, 2))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("expected the inputs [noise, real], found [real]; the output '" + output
                            + "' needs 'noise'");
            assertThatThrownBy(() -> model.outputs(Map.of("nose", TensorValues.of(noise, 2, 3))))
                    .hasMessage("expected the inputs [noise, real], found [nose]; the output '" + output
                            + "' needs 'noise'");
        }
    }

    @Test
    void anObjectiveThatDoesNotFitIsRefusedInOneLine() {
        assertThatThrownBy(() -> SmallGan.job(1)
                        .objective("third", List.of("reel"), List.of("*"))
                        .build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("objectives: objective 'third': the model has no head 'reel'; it has"
                        + " [fake, generator, real]; did you mean 'real'?");
    }
}
