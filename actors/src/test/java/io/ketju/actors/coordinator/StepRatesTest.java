package io.ketju.actors.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.message.PlannedWindow;
import io.ketju.layers.model.zoo.GAN;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.optimizer.StepLR;
import io.ketju.pipeline.Objective;
import io.ketju.pipeline.Recipe;
import io.ketju.pipeline.stage.Window;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StepRatesTest {
    private static PlannedWindow window(long step, int objective) {
        return new PlannedWindow(0, Window.Phase.TRAIN, objective, step, objective == 1, 1, step - 1, false, false);
    }

    /** As the first step after a start in the middle of one may have: windows of some objectives alone. */
    @Test
    void aStepHasTheRatesOfItsOwnWindowsAlone() {
        Recipe recipe = new JobBuilder()
                .model(new GAN(3, 6, 2).model())
                .optimizer(new Adam(0.25))
                .objective(GAN.DISCRIMINATOR, List.of(GAN.REAL, GAN.FAKE), List.of("discriminator.*"))
                .objective(new Objective(
                        GAN.GENERATOR, List.of(GAN.GENERATOR), List.of("generator.*"), new StepLR(1, 0.5)))
                .batchSize(5)
                .stepByStep()
                .build()
                .pipeline()
                .recipe();
        StepRates rates = new StepRates(recipe);
        rates.add(window(1, 0));
        rates.add(window(1, 1));
        assertThat(rates.ofStep())
                .isEqualTo(Map.of("discriminator/learning_rate", 0.25, "generator/learning_rate", 0.25));
        rates.add(window(2, 1));
        assertThat(rates.ofStep()).isEqualTo(Map.of("generator/learning_rate", 0.125));
    }
}
