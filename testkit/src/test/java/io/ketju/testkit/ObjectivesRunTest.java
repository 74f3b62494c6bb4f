package io.ketju.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.job.TrainingResult;
import io.ketju.data.BatchOrder;
import io.ketju.data.SampleBatches;
import io.ketju.data.column.ColumnSamples;
import io.ketju.data.column.FloatColumn;
import io.ketju.layers.model.zoo.GAN;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.optimizer.SGD;
import io.ketju.layers.optimizer.StepLR;
import io.ketju.pipeline.Objective;
import io.ketju.tensor.Shape;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs whose steps are windows of several objectives in turn have the bits of the plain loop, however often they are stopped. */
class ObjectivesRunTest {
    private static final int EPOCHS = 2;

    /** A generator and a discriminator that learn in turn: 17 samples in batches of 5, the last one ragged, and 2 micro-batches. */
    private static JobBuilder job(int epochs) {
        return new JobBuilder()
                .model(new GAN(3, 6, 2).model())
                .optimizer(new Adam(0.01))
                .group(GAN.GENERATOR + ".*", new SGD(0.1))
                .objective(GAN.DISCRIMINATOR, List.of(GAN.REAL, GAN.FAKE), List.of(GAN.DISCRIMINATOR + ".*"))
                .objective(new Objective(
                        GAN.GENERATOR, List.of(GAN.GENERATOR), List.of(GAN.GENERATOR + ".*"), new StepLR(2, 0.5)))
                .data(
                        new SampleBatches(samples("train", 17), 5, 2, BatchOrder.shuffled(9)),
                        new SampleBatches(samples("test", 6), 5, 2, BatchOrder.sequential()))
                .epochs(epochs)
                .seed(4)
                .threads(1);
    }

    private static ColumnSamples samples(String name, int count) {
        float[] noise = new float[count * 3];
        float[] real = new float[count * 2];
        float[] ones = new float[count];
        Arrays.fill(ones, 1);
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (i * 37 % 101 - 50) / 50f;
        }
        for (int i = 0; i < count; i++) {
            real[2 * i] = (float) StrictMath.cos(i);
            real[2 * i + 1] = (float) StrictMath.sin(i);
        }
        return new ColumnSamples(
                name,
                new FloatColumn(GAN.NOISE, Shape.of(3), noise),
                new FloatColumn(GAN.REAL, Shape.of(2), real),
                new FloatColumn(GAN.ONES, Shape.of(1), ones),
                new FloatColumn(GAN.ZEROS, Shape.of(1), new float[count]));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aGanEndsWithTheBitsOfThePlainLoop(int stages) {
        TrainingJob job = job(EPOCHS).stages(stages).build();
        TrainingResult result = Ketju.fit(job);
        Oracle.of(job).requireSameState(result);
        assertThat(result.steps()).isEqualTo(job.totalSteps()).isEqualTo(8);
    }

    /** Whenever the wish comes, the objectives of a step are all done. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void aStoppedRunGoesOnToTheSameBits(int stopAfter, @TempDir Path folder) {
        Path run = folder.resolve("run");
        int epochs = 8; // what is granted is done, so the stop comes some steps later
        TrainingJob whole = job(epochs).stages(3).build();
        TrainingResult stopped = Ketju.fit(
                job(epochs).stages(3).runDirectory(run).build(), TrainingListener.controlling((event, control) -> {
                    if (event instanceof TrainingEvent.StepFinished step && step.step() == stopAfter) {
                        control.stop("enough");
                    }
                }));
        assertThat(stopped.completed()).isFalse();
        TrainingResult rest = Ketju.fit(job(epochs).stages(1).resume(run).build());
        assertThat(rest.steps()).isEqualTo(whole.totalSteps());
        Oracle.of(whole).requireSameState(rest);
    }
}
