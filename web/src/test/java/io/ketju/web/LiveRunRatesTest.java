package io.ketju.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.Measured;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingResult;
import io.ketju.layers.model.zoo.GAN;
import io.ketju.layers.optimizer.LearningRateSchedules;
import io.ketju.layers.optimizer.SGD;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The learning rates that the page draws. */
class LiveRunRatesTest {
    private static final int EPOCHS = 5;
    private static final int STEPS = 4;

    /** The first epoch is the best, as none that follows has a tenth of its loss: each of them halves the rate. */
    private static final String PLATEAU = "ReduceLROnPlateau(factor=0.5, patience=0, threshold=0.9)";

    private static TrainingJob job(String schedule) {
        return Ketju.job()
                .model("mlp(4, 8, 3)")
                .data(DataSource.named("iris"))
                .optimizer(new SGD(0.125))
                .learningRateSchedule(LearningRateSchedules.parse(schedule))
                .stages(2)
                .microbatches(2)
                .batchSize(30)
                .epochs(EPOCHS)
                .threads(1)
                .build();
    }

    private static List<Double> rates(LiveRun run) {
        int column = 1 + run.facts().orElseThrow().metrics().size() + 2;
        List<Double> rates = new ArrayList<>();
        run.since(LiveRun.Seen.NOTHING).steps().forEach(row -> rates.add(row[column]));
        return rates;
    }

    /** Where rates are halved at the same steps by a schedule of steps alone, the run learns the same bits. */
    @ParameterizedTest
    @ValueSource(strings = {PLATEAU, "MultiStepLR([8, 12, 16], gamma=0.5)"})
    void theRateIsTheOneThatStepsAreTakenWith(String schedule) {
        LiveRun run = new LiveRun();
        TrainingResult result = Ketju.fit(job(schedule), new Hearing(run));
        List<Double> expected = new ArrayList<>();
        for (double rate : new double[] {0.125, 0.125, 0.0625, 0.03125, 0.015625}) {
            for (int step = 0; step < STEPS; step++) {
                expected.add(rate);
            }
        }
        assertThat(rates(run)).isEqualTo(expected);
        assertThat(result.stateSha256())
                .isEqualTo(Ketju.fit(job("MultiStepLR([8, 12, 16], gamma=0.5)")).stateSha256());
    }

    /** What had reduced the rate before is known to the steps, and to nobody here. */
    @Test
    void ofAResumedRunThatWatchesItselfTheyAreThose() {
        LiveRun run = new LiveRun();
        run.on(new TrainingEvent.Started(job(PLATEAU), 5, 1));
        run.on(step(5, Map.of("learning_rate", 0.0625)));
        assertThat(FactsJson.of(run.facts().orElseThrow()))
                .contains("\"speed\":[\"samples_per_second\",\"bubble\",\"learning_rate\"]");
        assertThat(rates(run)).containsExactly(0.0625);
    }

    @Test
    void eachObjectiveHasItsOwn() {
        TrainingJob job = Ketju.job()
                .model(new GAN(3, 6, 2).model())
                .optimizer(new SGD(0.125))
                .objective(GAN.DISCRIMINATOR, List.of(GAN.REAL, GAN.FAKE), List.of(GAN.DISCRIMINATOR + ".*"))
                .objective(GAN.GENERATOR, List.of(GAN.GENERATOR), List.of(GAN.GENERATOR + ".*"))
                .batchSize(5)
                .stepByStep()
                .build();
        LiveRun run = new LiveRun();
        run.on(new TrainingEvent.Started(job, 1, 1));
        run.on(step(1, Map.of("generator/learning_rate", 0.5, "discriminator/learning_rate", 0.25)));
        run.on(step(2, Map.of("generator/learning_rate", 0.75)));
        assertThat(FactsJson.of(run.facts().orElseThrow()))
                .contains("\"speed\":[\"samples_per_second\",\"bubble\",\"discriminator/learning_rate\","
                        + "\"generator/learning_rate\"]");
        int first = 1 + run.facts().orElseThrow().metrics().size();
        assertThat(run.since(LiveRun.Seen.NOTHING).steps())
                .extracting(row -> Arrays.copyOfRange(row, first, row.length))
                .containsExactly(new double[] {1000, 0.5, 0.25, 0.5}, new double[] {1000, 0.5, Double.NaN, 0.75});
    }

    private static TrainingEvent step(long number, Map<String, Double> rates) {
        return new TrainingEvent.StepFinished(
                number, 1, Measured.of(Map.of("loss", 1.0)), 30, 1000, 0.5, new LinkedHashMap<>(rates));
    }
}
