package io.ketju.tests;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.TrainingJob;
import io.ketju.cluster.link.LinkMode;
import io.ketju.data.ArrayDataset;
import io.ketju.layers.Layer;
import io.ketju.layers.activation.Activations;
import io.ketju.layers.convolution.Conv2d;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.model.Value;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.optimizer.CosineAnnealingLR;
import io.ketju.layers.optimizer.EMA;
import io.ketju.layers.optimizer.Optimizer;
import io.ketju.layers.optimizer.Penalty;
import io.ketju.layers.optimizer.Penalty.Norm;
import io.ketju.layers.optimizer.SGD;
import io.ketju.layers.optimizer.SWA;
import io.ketju.layers.pooling.MaxPool2d;
import io.ketju.layers.shape.Flatten;
import io.ketju.pipeline.NonFiniteGradients;
import io.ketju.pipeline.Wire;
import io.ketju.pipeline.catalogue.Schedules;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.stage.Recompute;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * One point of the grid of jobs and ways to run them, a function of its seed. The sizes are small and awkward: hardly
 * anything is a multiple of a vector, and batches, micro-batches and data epochs end ragged.
 *
 * @param job has its stages, schedule and threads; runs one or two data epochs
 * @param links how the stages reach each other
 */
record GridPoint(long seed, TrainingJob job, LinkMode links) {
    private static final int DISCARDED = 2; // neighbouring seeds begin alike

    private static final int MOST_STAGES = 8;
    private static final int MOST_MICROBATCHES = 9;
    private static final int MOST_THREADS = 3;

    static GridPoint of(long seed) {
        // SplittableRandom's and CounterRandom's streams would do as well; Random's is specified for all time.
        Random random = new Random(seed);
        for (int discarded = 0; discarded < DISCARDED; discarded++) {
            random.nextInt();
        }
        int classes = 2 + random.nextInt(6);
        boolean images = random.nextBoolean();
        boolean tied = random.nextInt(3) == 0;
        Shape input = images
                ? Shape.of(1 + random.nextInt(2), 7 + random.nextInt(5), 7 + random.nextInt(5))
                : Shape.of(3 + random.nextInt(20));
        Sequential layers = images ? convolutional(random, input, classes) : perceptron(random, input, classes);
        if (tied) {
            layers = withTwins(random, layers, classes);
        }
        int batch = 5 + random.nextInt(23);
        DataSource data = new DataSource(
                "custom",
                samples("grid/train", random, input, classes, 2 * batch + 1 + random.nextInt(batch)),
                samples("grid/test", random, input, classes, 7));
        List<Integer> bounds = bounds(random, layers.layers().size());
        JobBuilder job = Ketju.job()
                .name("grid-" + seed)
                .model(tied ? tied(random, input, layers) : Model.of(input, layers))
                .data(data)
                .optimizer(optimizer(random))
                .learningRateSchedule(new CosineAnnealingLR())
                .schedule(pick(random, Schedules.placing(bounds.size() - 1)))
                .stageBounds(bounds)
                .batchSize(batch)
                .microbatches(Math.min(batch, 1 + random.nextInt(MOST_MICROBATCHES)))
                .epochs(1 + random.nextInt(2))
                .seed(random.nextLong())
                .threads(1 + random.nextInt(MOST_THREADS));
        LinkMode links = pick(random, List.of(LinkMode.values()));
        if (random.nextInt(3) == 0) {
            job.clipGradNorm(0.1 + random.nextInt(20) / 10.0);
        }
        if (random.nextInt(3) == 0) {
            job.average(random.nextBoolean() ? new EMA(0.9) : new SWA(0, 1, 2, false));
        }
        if (random.nextInt(3) == 0) {
            job.penalties(new Penalty(Norm.L2, 0.001), new Penalty("*.weight", Norm.L1, 0.0005));
        }
        steps(random, bounds.size() - 1, job);
        if (random.nextBoolean()) {
            int groups = 1 + random.nextInt(job.build().microbatches());
            job.gradientGroups(groups).replicas(divisor(groups, random.nextInt()));
        }
        if (random.nextInt(4) == 0) {
            job.wire(Wire.BFLOAT16);
        }
        return new GridPoint(seed, job.build(), links);
    }

    /** One of the numbers that divide another. */
    static int divisor(int number, int draw) {
        List<Integer> divisors = IntStream.rangeClosed(1, number)
                .filter(candidate -> number % candidate == 0)
                .boxed()
                .toList();
        return divisors.get(Math.floorMod(draw, divisors.size()));
    }

    /** What belongs to its steps. */
    private static void steps(Random random, int stages, JobBuilder job) {
        if (random.nextInt(3) == 0) {
            job.clipGradValue((1 + random.nextInt(20)) / 400.0);
        }
        if (random.nextInt(4) == 0) {
            job.nonFiniteGradients(NonFiniteGradients.SKIP);
        }
        if (random.nextInt(4) == 0) {
            job.tellGradNorm();
        }
        if (random.nextInt(3) == 0) {
            job.accumulate(2 + random.nextInt(2));
        }
        if (random.nextInt(3) == 0) {
            job.recompute(
                    random.nextBoolean()
                            ? new Recompute.All()
                            : new Recompute.Stages(new TreeSet<>(List.of(random.nextInt(stages), stages - 1))));
        }
    }

    /** 4 stages of a small perceptron in the order of a schedule, for one data epoch of two mini-batches, the last one ragged. */
    static GridPoint scheduled(Schedule schedule, int microbatches, LinkMode links) {
        return new GridPoint(microbatches, scheduled(schedule, microbatches).build(), links);
    }

    /** A job of four stages with ragged batches. */
    static JobBuilder scheduled(Schedule schedule, int microbatches) {
        Random random = new Random(microbatches);
        Shape input = Shape.of(5);
        Sequential layers = Sequential.of(
                new Linear(5, 9), Activations.relu(), new Linear(9, 7), Activations.tanh(), new Linear(7, 3));
        return Ketju.job()
                .name("scheduled")
                .model(input, layers)
                .data(new DataSource(
                        "custom", samples("train", random, input, 3, 11), samples("test", random, input, 3, 4)))
                .optimizer(new Adam(0.01))
                .schedule(schedule)
                .stageBounds(List.of(0, 1, 3, 4, 5))
                .batchSize(8)
                .microbatches(microbatches)
                .threads(1 + microbatches % 2);
    }

    private static Sequential perceptron(Random random, Shape input, int classes) {
        List<Layer> layers = new ArrayList<>(List.of(new Flatten()));
        int features = input.elements();
        int hidden = 1 + random.nextInt(3);
        for (int i = 0; i < hidden; i++) {
            int next = 2 + random.nextInt(37);
            layers.add(new Linear(features, next));
            layers.add(activation(random));
            features = next;
        }
        layers.add(new Linear(features, classes));
        return new Sequential(layers);
    }

    /** In the manner of LeNet: convolution, activation and pooling, once or twice, then one hidden layer. */
    private static Sequential convolutional(Random random, Shape input, int classes) {
        List<Layer> layers = new ArrayList<>();
        int channels = input.dimension(0);
        int blocks = 1 + random.nextInt(2);
        for (int i = 0; i < blocks; i++) {
            int next = 1 + random.nextInt(7);
            layers.add(new Conv2d(channels, next, pick(random, List.of(1, 3, 5))).withPadding(2));
            layers.add(activation(random));
            layers.add(new MaxPool2d(2));
            channels = next;
        }
        layers.add(new Flatten());
        int features = Model.of(input, new Sequential(layers)).outputShape().elements();
        int hidden = 3 + random.nextInt(30);
        layers.addAll(List.of(new Linear(features, hidden), activation(random), new Linear(hidden, classes)));
        return new Sequential(layers);
    }

    /** Two more layers of one shape in front of the last, with others between them. */
    private static Sequential withTwins(Random random, Sequential layers, int classes) {
        int width = 2 + random.nextInt(12);
        List<Layer> all = new ArrayList<>(layers.layers());
        all.addAll(List.of(
                activation(random),
                new Linear(classes, width),
                new Linear(width, width),
                activation(random),
                new Linear(width, width),
                new Linear(width, classes)));
        return new Sequential(all);
    }

    /** The twins have one weight, or one weight and one bias. */
    private static Model tied(Random random, Shape input, Sequential layers) {
        int last = layers.layers().size() - 2;
        ModelBuilder model = new ModelBuilder().tie(last + ".weight", (last - 2) + ".weight");
        if (random.nextBoolean()) {
            model.tie(last + ".bias", (last - 2) + ".bias");
        }
        Value inputs = model.input(Input.samples(Model.INPUT, DType.FLOAT32, input));
        return model.output(model.add(layers, inputs)).build();
    }

    private static Layer activation(Random random) {
        return random.nextInt(3) == 0 ? Activations.tanh() : Activations.relu();
    }

    private static Optimizer optimizer(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> new SGD(0.05);
            case 1 -> new SGD(0.05).withMomentum(0.9);
            case 2 -> new SGD(0.05).withMomentum(0.8).withNesterov().withWeightDecay(1e-3);
            case 3 -> new Adam(0.01);
            default -> new Adam(0.01).withWeightDecay(1e-2);
        };
    }

    /** Random cuts, balanced or not. */
    private static List<Integer> bounds(Random random, int layers) {
        int stages = 1 + random.nextInt(Math.min(MOST_STAGES, layers));
        TreeSet<Integer> bounds = new TreeSet<>(List.of(0, layers));
        while (bounds.size() < stages + 1) {
            bounds.add(1 + random.nextInt(layers - 1));
        }
        return List.copyOf(bounds);
    }

    static ArrayDataset samples(String name, Random random, Shape shape, int classes, int count) {
        float[] inputs = new float[count * shape.elements()];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = (float) random.nextGaussian();
        }
        int[] targets = new int[count];
        for (int i = 0; i < count; i++) {
            targets[i] = i < classes ? i : random.nextInt(classes);
        }
        return new ArrayDataset(name, shape, inputs, targets);
    }

    private static <T> T pick(Random random, List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** Whether two layers share a parameter. */
    boolean tied() {
        return job.model().nodes().stream()
                        .flatMap(node -> node.parameters().stream())
                        .distinct()
                        .count()
                < job.model().nodes().stream()
                        .mapToInt(node -> node.parameters().size())
                        .sum();
    }

    /** Everything that a failure must say; the seed alone makes the point again. */
    @Override
    public String toString() {
        Schedule schedule = job.schedule();
        return "seed " + seed + ": " + job.pipeline().counts() + " x " + job.stages() + " stages "
                + job.pipeline().partition().bounds() + ", "
                + schedule.name() + ", " + job.data().train().size() + " samples of "
                + job.model().inputShape()
                + " in batches of " + job.batchSize() + ", " + job.accumulate() + " accumulated, " + job.microbatches()
                + " micro-batches, " + job.epochs()
                + " epochs, " + job.threads() + " threads, " + links + ", "
                + job.optimizer().spec() + ", recomputing "
                + job.pipeline().recomputing() + ", "
                + job.pipeline().recipe().rules() + (tied() ? ", tied, " : ", ")
                + job.model().nodes();
    }
}
