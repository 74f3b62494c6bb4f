package io.ketju.actors.measure;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.TrainingJob;
import io.ketju.layers.Layer;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Sequential;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.tensor.Shape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How fast the workers of a run are, against one thread of this JVM. Each in turn has the heavy stage of a network whose other
 * stages take next to nothing, one on every rank; it learns from batches of {@value #BATCH} samples with products of
 * {@value #WIDTH} rows and columns.
 */
public final class SpeedMeasurement {
    private static final int BATCH = 32;
    private static final int WIDTH = 768;

    private SpeedMeasurement() {}

    /**
     * {@return the speed of every rank's worker: 2 for one that needs half the time}
     *
     * @param ranks how many there are, at least 1
     * @param start of a run over as many workers as ranks
     * @param each how long each of the runs goes on, of which there is one more than ranks
     */
    public static List<Double> of(int ranks, RunStart start, Duration each) {
        double here = SteadySteps.nanos(job(1, 0), Ketju::start, each);
        return IntStream.range(0, ranks)
                .mapToObj(rank -> here / SteadySteps.nanos(job(ranks, rank), start, each))
                .toList();
    }

    /** A light stage for every rank, then the heavy one. */
    private static TrainingJob job(int ranks, int heavy) {
        int values = SteadySteps.VALUES;
        List<Layer> layers = new ArrayList<>();
        List<Integer> rankOfStage = new ArrayList<>();
        List<Integer> bounds = new ArrayList<>();
        for (int rank = 0; rank < ranks; rank++) {
            bounds.add(layers.size());
            rankOfStage.add(rank);
            layers.add(new Linear(values, values));
        }
        bounds.add(layers.size());
        rankOfStage.add(heavy);
        layers.addAll(
                List.of(new Linear(values, WIDTH), new Linear(WIDTH, WIDTH), new Linear(WIDTH, SteadySteps.CLASSES)));
        bounds.add(layers.size());
        return SteadySteps.job(BATCH)
                .model(Shape.of(values), Sequential.of(layers.toArray(Layer[]::new)))
                .stageBounds(bounds)
                .schedule(new GPipe())
                .placement(new Placement(rankOfStage))
                .threads(1)
                .build();
    }
}
