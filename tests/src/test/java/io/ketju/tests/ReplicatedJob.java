package io.ketju.tests;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.JobBuilder;
import io.ketju.cluster.link.LinkMode;
import io.ketju.layers.activation.Activations;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.model.Value;
import io.ketju.layers.normalization.BatchNorm1d;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.regularization.Dropout;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import java.util.List;
import java.util.Random;

/**
 * A job of three stages for up to six replicas, with all that these tell each other: gradients, of shared weights too, running
 * statistics and measures. The last step of a data epoch leaves some replicas without micro-batches.
 */
final class ReplicatedJob {
    /** Gradient groups, and the most replicas. */
    static final int GROUPS = 6;

    private static final int WIDTH = 6;
    private static final int CLASSES = 3;

    private ReplicatedJob() {}

    /** @param replicas of all stages, or of each */
    static GridPoint of(Schedule schedule, LinkMode links, int... replicas) {
        Random random = new Random(GROUPS);
        Shape input = Shape.of(WIDTH);
        JobBuilder job = Ketju.job()
                .name("replicated")
                .model(model(input))
                .data(new DataSource(
                        "custom",
                        GridPoint.samples("train", random, input, CLASSES, 2 * 14 + 6),
                        GridPoint.samples("test", random, input, CLASSES, 9)))
                .optimizer(new Adam(0.01))
                .schedule(schedule)
                .stageBounds(List.of(0, 2, 4, 7))
                .batchSize(2)
                .microbatches(1)
                .accumulate(7)
                .gradientGroups(GROUPS)
                .replicas(replicas)
                .clipGradNorm(0.3)
                .epochs(2)
                .threads(1 + replicas[0] % 2);
        return new GridPoint(replicas[0], job.build(), links);
    }

    private static Model model(Shape input) {
        Sequential layers = Sequential.of(
                new Linear(WIDTH, WIDTH),
                new BatchNorm1d(WIDTH),
                Activations.tanh(),
                new Linear(WIDTH, WIDTH),
                new Dropout(0.2),
                new BatchNorm1d(WIDTH),
                new Linear(WIDTH, CLASSES));
        ModelBuilder model = new ModelBuilder().tie("3.weight", "0.weight");
        Value inputs = model.input(Input.samples(Model.INPUT, DType.FLOAT32, input));
        return model.output(model.add(layers, inputs)).build();
    }
}
