package io.ketju.tests;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.JobBuilder;
import io.ketju.cluster.link.LinkMode;
import io.ketju.layers.Layer;
import io.ketju.layers.activation.Activations;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.model.Value;
import io.ketju.layers.optimizer.Adam;
import io.ketju.pipeline.catalogue.Schedules;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.stage.Recompute;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/**
 * One job of as many stages as 2, 3 and 4 chunks can share, with all that belongs to a step: shared weights of stages far apart,
 * gradients bounded by norm and by value and added up in groups, by replicas too, several mini-batches for a step, stages that recompute.
 */
final class TwelveStages {
    private static final int MOST_REPLICAS = 3;

    private static final int WIDTH = 6;
    private static final int CLASSES = 3;

    /** Hidden layers; there is one layer in front of them and one behind. */
    private static final int HIDDEN = 10;

    private TwelveStages() {}

    /** All that put two or more of them on a rank. */
    static List<Schedule> schedules() {
        int stages = HIDDEN + 2;
        return Schedules.placing(stages).stream()
                .filter(schedule -> schedule.placement(stages).ranks() < stages)
                .toList();
    }

    /** @param draw of what differs from one to the next */
    static GridPoint of(Schedule schedule, int draw, LinkMode links) {
        Random random = new Random(draw);
        Shape input = Shape.of(WIDTH);
        TreeSet<Integer> recomputing = new TreeSet<>();
        for (int stage = 0; stage < HIDDEN + 2; stage++) {
            if (random.nextInt(3) == 0) {
                recomputing.add(stage);
            }
        }
        recomputing.add(draw % (HIDDEN + 2));
        JobBuilder job = Ketju.job()
                .name("twelve")
                .model(model(input))
                .data(new DataSource(
                        "custom",
                        GridPoint.samples("train", random, input, CLASSES, 21),
                        GridPoint.samples("test", random, input, CLASSES, 4)))
                .optimizer(new Adam(0.01))
                .schedule(schedule)
                .stages(HIDDEN + 2)
                .batchSize(7)
                .microbatches(1 + random.nextInt(7))
                .accumulate(1 + draw % 3)
                .clipGradNorm(0.1 + random.nextInt(10) / 10.0)
                .clipGradValue(0.05)
                .recompute(draw % 4 == 0 ? new Recompute.All() : new Recompute.Stages(recomputing))
                .threads(1 + draw % 2);
        int ofStep = job.build().microbatches();
        int groups = 1 + draw % ofStep;
        // Both ends of every connection are in this one process, which takes 256 of them.
        int replicas = GridPoint.divisor(groups, draw / 2);
        job.gradientGroups(groups).replicas(replicas <= MOST_REPLICAS ? replicas : 1);
        return new GridPoint(draw, job.build(), links);
    }

    /** The second layer's weight is that of the last but one as well, and two in the middle share theirs and their bias. */
    private static Model model(Shape input) {
        List<Layer> layers = new ArrayList<>(List.of(new Linear(WIDTH, WIDTH)));
        for (int i = 0; i < HIDDEN; i++) {
            layers.add(i % 2 == 0 ? new Linear(WIDTH, WIDTH) : Activations.tanh());
        }
        layers.add(new Linear(WIDTH, CLASSES));
        ModelBuilder model = new ModelBuilder()
                .tie((HIDDEN - 1) + ".weight", "1.weight")
                .tie("5.weight", "3.weight")
                .tie("5.bias", "3.bias");
        Value inputs = model.input(Input.samples(Model.INPUT, DType.FLOAT32, input));
        return model.output(model.add(new Sequential(layers), inputs)).build();
    }
}
