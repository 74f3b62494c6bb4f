package io.ketju.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ketju.actors.checkpoint.CheckpointReader;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.ModelSource;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingFailedException;
import io.ketju.actors.job.TrainingJob;
import io.ketju.layers.Footprint;
import io.ketju.layers.Layer;
import io.ketju.layers.OneToOne;
import io.ketju.layers.Parameter;
import io.ketju.layers.Pass;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.optimizer.Optimizer;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.Kernels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * In the middle of a run a value that is no number, or infinite, turns up somewhere in one of its stages: the run ends in that step, with a line that says where,
 * and no checkpoint has it. {@code -Dketju.plants.infinite=true} plants infinities too.
 */
@Timeout(900)
class PlantedNonFiniteTest {
    private static final float[] VALUES = Boolean.getBoolean("ketju.plants.infinite")
            ? new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}
            : new float[] {Float.NaN};

    /** In the second data epoch, after a checkpoint. */
    private static final int STEP = 6;

    private static final int STEPS_PER_EPOCH = 4;
    private static final int MICROBATCH = 2;
    private static final int MICROBATCHES = 4;
    private static final int BATCH = 8;

    /** What passes between two layers of a stage; all differ, so that a parameter is known by its shape. */
    private static final int[] WIDTHS = {8, 7, 6, 3};

    @TempDir
    private Path folder;

    /** Where it turns up. */
    private enum Place {
        ACTIVATION,
        GRADIENT,
        WEIGHT_GRADIENT,
        WEIGHT
    }

    /** What turns up, in which stage. */
    private record Plant(Place place, int stage, float value) {}

    @Test
    void whateverTurnsUpInWhicheverStageEndsTheRunInItsStep() throws IOException {
        int planted = 0;
        for (Place place : Place.values()) {
            for (int stage = 0; stage < WIDTHS.length; stage++) {
                for (float value : VALUES) {
                    // A last activation of minus infinity is a probability of 0: no mistake.
                    if (place != Place.ACTIVATION || value != Float.NEGATIVE_INFINITY) {
                        requireEnd(new Plant(place, stage, value), folder.resolve("run-" + planted));
                        planted++;
                    }
                }
            }
        }
        System.out.printf("%d times something not finite turned up: every run ended in its step%n", planted);
    }

    private static void requireEnd(Plant plant, Path run) throws IOException {
        List<Long> finished = new ArrayList<>();
        TrainingFailedException failed = catchThrowableOfType(
                TrainingFailedException.class,
                () -> Ketju.fit(job(plant, run), event -> {
                    if (event instanceof TrainingEvent.StepFinished step) {
                        finished.add(step.step());
                    }
                }));
        assertThat(failed).as("%s", plant).isNotNull();
        int layer = 2 * plant.stage() + 1;
        String line = failed.getMessage();
        // A gradient is first seen where it comes to weights: in the layer before.
        String where = plant.place() == Place.GRADIENT ? (layer - 1) + " Linear(" : layer + " Planted(";
        assertThat(line).as("%s", plant).doesNotContain("\n").contains("in layer " + where);
        switch (plant.place()) {
            case ACTIVATION ->
                assertThat(line)
                        .as("%s", plant)
                        .startsWith("step " + STEP + ", micro-batch " + MICROBATCH + ": the loss is ")
                        .contains("whose output is " + plant.value() + " at [0, 0]");
            case GRADIENT -> assertThat(line).as("%s", plant).startsWith("step " + STEP + ": the gradient of ");
            case WEIGHT_GRADIENT ->
                assertThat(line)
                        .as("%s", plant)
                        .startsWith("step " + STEP + ": the gradient of " + layer + ".weight is " + plant.value());
            case WEIGHT ->
                assertThat(line)
                        .as("%s", plant)
                        .startsWith("step " + STEP + ": parameter " + layer + ".weight is " + plant.value());
        }
        assertThat(finished).as("%s", plant).allMatch(step -> step < STEP);
        assertThat(CheckpointReader.committed(run.resolve("checkpoints")))
                .as("%s", plant)
                .allMatch(checkpoint -> checkpoint.step() <= STEPS_PER_EPOCH);
        assertThat(CheckpointReader.newestValid(run.resolve("checkpoints")))
                .as("%s", plant)
                .hasValueSatisfying(checkpoint -> assertThat(checkpoint.step()).isEqualTo(STEPS_PER_EPOCH));
    }

    private static TrainingJob job(Plant plant, Path run) {
        Steps steps = new Steps();
        List<Layer> layers = new ArrayList<>();
        int width = 4;
        for (int stage = 0; stage < WIDTHS.length; stage++) {
            layers.add(new Linear(width, WIDTHS[stage]));
            width = WIDTHS[stage];
            layers.add(new Planted(width, stage, plant, steps));
        }
        return SmallJobs.tinyWithoutData()
                .model(new ModelSource("custom", Shape.of(4), new Sequential(layers)))
                .data(new DataSource(
                        "custom", SmallJobs.samples("train", BATCH * STEPS_PER_EPOCH), SmallJobs.samples("test", 7)))
                .optimizer(new Planting(plant))
                .batchSize(BATCH)
                .microbatches(MICROBATCHES)
                .epochs(3)
                .stageBounds(List.of(0, 2, 4, 6, 8))
                .runDirectory(run)
                .build();
    }

    /** Knows which step a pass is of by the numbers that layers may draw, which are others in each. */
    private static final class Steps {
        private final Set<Long> seen = new LinkedHashSet<>();

        synchronized boolean isPlanted(Pass pass) {
            long drawn = pass.random().bits(0);
            seen.add(drawn);
            return pass.training()
                    && new ArrayList<>(seen).indexOf(drawn) == STEP - 1
                    && pass.firstSample() == (long) MICROBATCH * BATCH / MICROBATCHES;
        }
    }

    /** y = x · weight, with an element that is not so. */
    private record Planted(int features, int stage, Plant plant, Steps steps) implements OneToOne {
        @Override
        public Spec spec() {
            return Spec.of("Planted", features);
        }

        @Override
        public TensorType output(TensorType input) {
            return input;
        }

        @Override
        public List<Parameter> parameters() {
            return List.of(new Parameter("weight", Shape.of(features), Initializers.constant(1)));
        }

        @Override
        public long forwardFlops(TensorType input) {
            return input.shape().elements();
        }

        @Override
        public Footprint footprint(TensorType input) {
            return Footprint.NOTHING.weightGradientReading(io.ketju.layers.Port.input(0));
        }

        @Override
        public void forward(Pass pass) {
            scale(pass.input(0), pass.parameter(0), pass.output(0));
            plant(Place.ACTIVATION, pass, pass.output(0));
        }

        @Override
        public void backwardInput(Pass pass) {
            scale(pass.gradOutput(0), pass.parameter(0), pass.gradInput(0));
            plant(Place.GRADIENT, pass, pass.gradInput(0));
        }

        @Override
        public void backwardWeight(Pass pass) {
            Tensor gradient = pass.gradient(0);
            for (int i = 0; i < pass.input(0).elements(); i++) {
                int feature = i % features;
                gradient.setFloat(
                        feature,
                        gradient.getFloat(feature)
                                + pass.gradOutput(0).getFloat(i) * pass.input(0).getFloat(i));
            }
            plant(Place.WEIGHT_GRADIENT, pass, gradient);
        }

        private void plant(Place place, Pass pass, Tensor tensor) {
            if (plant.place() == place && plant.stage() == stage && steps.isPlanted(pass)) {
                tensor.setFloat(0, plant.value());
            }
        }

        private void scale(Tensor from, Tensor weight, Tensor to) {
            for (int i = 0; i < from.elements(); i++) {
                to.setFloat(i, from.getFloat(i) * weight.getFloat(i % features));
            }
        }
    }

    /** Gradient descent, that spoils a parameter of the planted layers. */
    private record Planting(Plant plant) implements Optimizer {
        @Override
        public Spec spec() {
            return Spec.of("Planting");
        }

        @Override
        public List<State> states() {
            return List.of();
        }

        @Override
        public void update(
                Kernels kernels, double rate, long step, Tensor parameter, Tensor gradient, List<Tensor> state) {
            for (int i = 0; i < parameter.elements(); i++) {
                parameter.setFloat(i, parameter.getFloat(i) - (float) rate * gradient.getFloat(i));
            }
            boolean ofPlanted = parameter.shape().equals(Shape.of(WIDTHS[plant.stage()]))
                    && parameter.getFloat(0) > 0.5f; // a weight near 1, not the bias of as many elements
            if (plant.place() == Place.WEIGHT && step == STEP && ofPlanted) {
                parameter.setFloat(0, plant.value());
            }
        }

        @Override
        public double learningRate() {
            return 0.01;
        }
    }
}
