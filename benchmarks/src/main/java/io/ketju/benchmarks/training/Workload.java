package io.ketju.benchmarks.training;

import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.zoo.Models;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.optimizer.ConstantLR;
import io.ketju.layers.optimizer.Optimizer;
import io.ketju.layers.optimizer.SGD;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.Recipe;
import io.ketju.pipeline.catalogue.OneForwardOneBackward;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.partition.Partitioner;
import io.ketju.tensor.Shape;

/**
 * What is trained. The learning rates are small: hundreds of epochs over the same synthetic samples must not end where
 * gradients are denormal numbers.
 */
public enum Workload {
    /** LeNet-5 on images of 28 x 28, mini-batches of 64, Adam. */
    LENET("LeNet-5, batch 64, Adam", 64),
    /** 784-512-256-10, mini-batches of 128, SGD with momentum 0.9. */
    MLP("MLP 784-512-256-10, batch 128, SGD momentum", 128);

    static final float ADAM_LEARNING_RATE = 1e-5f;
    static final float SGD_LEARNING_RATE = 1e-4f;
    static final float MOMENTUM = 0.9f;

    private final String title;
    private final int batchSize;

    Workload(String title, int batchSize) {
        this.title = title;
        this.batchSize = batchSize;
    }

    /** As the tables call it. */
    public String title() {
        return title;
    }

    /** Samples of one step. */
    public int batchSize() {
        return batchSize;
    }

    /** Shape of one sample. */
    public Shape inputShape() {
        return switch (this) {
            case LENET -> Shape.of(1, 28, 28);
            case MLP -> Shape.of(784);
        };
    }

    /** The model as Ketju has it. */
    public Model model() {
        return Models.named(
                switch (this) {
                    case LENET -> "lenet5";
                    case MLP -> "mlp(784, 512, 256, 10)";
                });
    }

    /** The optimizer as Ketju has it. */
    public Optimizer optimizer() {
        return switch (this) {
            case LENET -> new Adam(ADAM_LEARNING_RATE);
            case MLP -> new SGD(SGD_LEARNING_RATE).withMomentum(MOMENTUM);
        };
    }

    /** The whole run under 1F1B, cut into stages of balanced cost. */
    public PipelineSpec spec(int stages, int microbatches) {
        Model model = model();
        return spec(Partitioner.balanced(model, stages), model, optimizer(), batchSize, microbatches);
    }

    /** A model cut as given, trained for as long as anybody measures. */
    public static PipelineSpec spec(
            Partition partition, Model model, Optimizer optimizer, int batchSize, int microbatches) {
        Recipe recipe = new Recipe(
                model,
                new CrossEntropyLoss(),
                optimizer,
                new ConstantLR(),
                batchSize,
                microbatches,
                Integer.MAX_VALUE,
                1);
        return new PipelineSpec(recipe, partition, new OneForwardOneBackward());
    }
}
