package io.ketju.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.TrainedModel;
import io.ketju.actors.run.Training;
import io.ketju.data.InputProfile;
import io.ketju.data.image.ImageDataset;
import io.ketju.data.image.ImageFile;
import io.ketju.data.image.Normalization;
import io.ketju.layers.optimizer.Adam;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Normalised samples, pixels and image files given to a model of images; and samples on another scale. */
class InputsAtPredictionTest {
    @TempDir
    private Path folder;

    /** What a logger says while it is watched; nothing of it is printed. */
    private static final class Warnings extends Handler implements AutoCloseable {
        private final Logger logger;
        private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

        Warnings(Class<?> source) {
            logger = Logger.getLogger(source.getName());
            logger.setUseParentHandlers(false);
            logger.addHandler(this);
        }

        @Override
        public void publish(LogRecord line) {
            lines.add(line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            logger.removeHandler(this);
            logger.setUseParentHandlers(true);
        }
    }

    @Test
    void pixelsAndFilesAreNormalisedAndAnotherScaleIsWarnedAboutOnce() {
        Path run = folder.resolve("run");
        TrainingJob job = Ketju.job()
                .model("mlp(64, 32, 10)")
                .data(DataSource.named("digits"))
                .optimizer(new Adam(0.002))
                .epochs(1)
                .stages(2)
                .threads(1)
                .runDirectory(run)
                .build();
        Ketju.fit(job);
        assertThat(InputProfile.read(run)).contains(InputProfile.of(job.data().train()));
        ImageDataset test = (ImageDataset) job.data().test();
        float[] sample = sample(test);
        try (Warnings warnings = new Warnings(TrainedModel.class);
                TrainedModel model = Ketju.load(job, run)) {
            float[] expected = model.predict(sample);
            Path image = folder.resolve("digit.png");
            ImageFile.write(image, test, 0);
            int[] pixels = new int[64];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = (test.pixels().get(0, i) * 255 + 8) / 16;
            }
            assertThat(model.predictPixels(pixels)).containsExactly(model.predictImage(image));
            assertThat(model.predictPixels(pixels)).hasSize(10);
            Normalization normalization = test.normalization();
            float[] normalised = new float[64];
            for (int i = 0; i < 64; i++) {
                normalised[i] = normalization.apply(pixels[i], 255);
            }
            assertThat(model.predictPixels(pixels)).containsExactly(model.predict(normalised));
            assertThat(expected).hasSize(10);
            assertThatThrownBy(() -> model.predictPixels(new int[] {256})).hasMessageContaining("found 256");
            assertThat(warnings.lines).isEmpty();
            float[] unscaled = sample.clone();
            for (int i = 0; i < unscaled.length; i++) {
                unscaled[i] = sample[i] * 255;
            }
            model.predict(unscaled);
            model.predict(unscaled);
            assertThat(warnings.lines).hasSize(1);
            assertThat(warnings.lines.getFirst())
                    .contains("far outside of the training inputs, which are from -0.8133", "predictPixels");
        }
    }

    @Test
    void theModelOfARunJustTrainedWarnsToo() {
        try (Warnings warnings = new Warnings(TrainedModel.class);
                Training training = Ketju.start(SmallJobs.tiny().build())) {
            training.await();
            training.model().predict(new float[] {0, 1, -1, 0.5f});
            assertThat(warnings.lines).isEmpty();
            training.model().outputs(new float[][] {{0, 1, -1, 0.5f}, {0, Float.NaN, 0, 0}});
            assertThat(warnings.lines).hasSize(1);
            assertThat(warnings.lines.getFirst()).startsWith("sample 1, value 1 is NaN");
        }
    }

    @Test
    void otherWeightsInTheFolderAreToldOf() throws java.io.IOException {
        Path run = folder.resolve("run");
        TrainingJob job = SmallJobs.tiny().runDirectory(run).build();
        Ketju.fit(job);
        Path other = folder.resolve("other");
        Ketju.fit(SmallJobs.tiny().seed(12).runDirectory(other).build());
        try (Warnings warnings = new Warnings(Ketju.class)) {
            Ketju.load(job, run).close();
            assertThat(warnings.lines).isEmpty();
            java.nio.file.Files.copy(
                    other.resolve("model.safetensors"),
                    run.resolve("model.safetensors"),
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            Ketju.load(job, run).close();
            assertThat(warnings.lines).hasSize(1);
            assertThat(warnings.lines.getFirst())
                    .contains("holds other values of '1.weight'", "step-000000008 are used");
            java.nio.file.Files.writeString(run.resolve("model.safetensors"), "damage");
            Ketju.load(job, run).close();
            assertThat(warnings.lines).hasSize(2);
            assertThat(warnings.lines.getLast()).contains("does not hold the weights of the run's checkpoint (");
        }
    }

    private static float[] sample(ImageDataset images) {
        try (TensorArena arena = new TensorArena(1 << 10)) {
            Tensor row = arena.allocate(images.inputShape().batched(1));
            images.copyInput(0, row, 0);
            return row.toFloats();
        }
    }
}
