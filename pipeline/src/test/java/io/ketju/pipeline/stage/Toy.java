package io.ketju.pipeline.stage;

import io.ketju.layers.activation.Activations;
import io.ketju.layers.convolution.Conv2d;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.optimizer.ConstantLR;
import io.ketju.layers.optimizer.Optimizer;
import io.ketju.layers.pooling.MaxPool2d;
import io.ketju.layers.shape.Flatten;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.Recipe;
import io.ketju.pipeline.catalogue.OneForwardOneBackward;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.partition.Partitioner;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Small models and data that can be learnt, for tests. */
final class Toy implements AutoCloseable {
    static final int CLASSES = 3;

    /** One mini-batch. */
    record Batch(Tensor inputs, Tensor targets) {}

    private final TensorArena arena = new TensorArena(1 << 20);

    /** 6 nodes on samples of 7 numbers: odd sizes everywhere. */
    static Model mlp() {
        return Model.of(
                Shape.of(7),
                Sequential.of(
                        new Linear(7, 19),
                        Activations.tanh(),
                        new Linear(19, 13),
                        Activations.relu(),
                        new Linear(13, 11),
                        new Linear(11, CLASSES)));
    }

    /** LeNet in small: 8 nodes on images of 1x8x8. */
    static Model convolutional() {
        return Model.of(
                Shape.of(1, 8, 8),
                Sequential.of(
                        new Conv2d(1, 3, 3).withPadding(1),
                        Activations.relu(),
                        new MaxPool2d(2),
                        new Conv2d(3, 5, 3),
                        Activations.relu(),
                        new Flatten(),
                        new Linear(20, 9),
                        new Linear(9, CLASSES)));
    }

    /** A job on one of the models with Adam and 1F1B. */
    static PipelineSpec spec(Model model, int stages, int batchSize, int microbatches) {
        return spec(model, new Adam(0.01), Partitioner.balanced(model, stages), batchSize, microbatches);
    }

    static PipelineSpec spec(Model model, Optimizer optimizer, Partition partition, int batchSize, int microbatches) {
        Recipe recipe =
                new Recipe(model, new CrossEntropyLoss(), optimizer, new ConstantLR(), batchSize, microbatches, 100, 7);
        return new PipelineSpec(recipe, partition, new OneForwardOneBackward());
    }

    static PipelineSpec with(PipelineSpec spec, Schedule schedule) {
        return new PipelineSpec(spec.recipe(), spec.partition(), schedule);
    }

    /** Random samples, each class moved to another place. */
    Batch batch(Model model, int samples, long seed) {
        Random random = new Random(seed);
        Tensor inputs = arena.allocate(model.inputShape().batched(samples));
        Tensor targets = arena.allocate(DType.INT32, Shape.of(samples));
        int size = model.inputShape().elements();
        for (int n = 0; n < samples; n++) {
            int label = random.nextInt(CLASSES);
            targets.setInt(n, label);
            for (int i = 0; i < size; i++) {
                inputs.setFloat(n * size + i, (float) random.nextGaussian() + (i % CLASSES == label ? 1.5f : 0));
            }
        }
        return new Batch(inputs, targets);
    }

    List<Batch> batches(Model model, int... sizes) {
        List<Batch> batches = new ArrayList<>();
        for (int size : sizes) {
            batches.add(batch(model, size, batches.size()));
        }
        return batches;
    }

    Tensor tensor(Shape shape) {
        return arena.allocate(shape);
    }

    @Override
    public void close() {
        arena.close();
    }
}
