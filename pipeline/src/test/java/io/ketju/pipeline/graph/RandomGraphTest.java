package io.ketju.pipeline.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ketju.layers.model.Model;
import io.ketju.layers.optimizer.ClipGradNorm;
import io.ketju.layers.optimizer.Optimizer;
import io.ketju.layers.optimizer.ParameterGroup;
import io.ketju.layers.optimizer.ParameterGroups;
import io.ketju.layers.optimizer.SGD;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.RandomOrder;
import io.ketju.pipeline.schedule.ReplicaCounts;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.core.TensorCoreOptions;
import io.ketju.tensor.core.TensorCoreOptions.KernelChoice;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Whatever the graph, the cut, the schedule and the number of micro-batches: the bits are those of the plainest loop. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RandomGraphTest {
    private static final int GRAPHS = Integer.getInteger("ketju.test.graphs", 150);
    private static final int STEPS = 3;
    private static final int ALL_CUTS = 7;
    private static final int DRAWN_CUTS = 20;

    /** Of float32 gradients, read from how a step of rate 1 changes float32 parameters, against double precision. */
    private static final double TOLERANCE = 2e-5;

    private static final long SEED = 7;
    private static final SGD OPTIMIZER = new SGD(0.05).withMomentum(0.9);
    private static final SGD OWN = new SGD(0.2).withWeightDecay(0.1);

    private final TensorArena arena = new TensorArena(1 << 16);
    private TensorCore core;

    @BeforeAll
    void open() {
        core = TensorCore.open(new TensorCoreOptions(1, KernelChoice.SCALAR));
    }

    @AfterAll
    void close() {
        core.close();
        arena.close();
    }

    @Test
    void everyCutAndScheduleTrainsTheSameBits() {
        int looped = 0;
        int vees = 0;
        int clipped = 0;
        int grouped = 0;
        int replicated = 0;
        int uneven = 0;
        for (int seed = 0; seed < GRAPHS; seed++) {
            Random random = new Random(seed);
            int layers = 1 + random.nextInt(random.nextInt(4) == 0 ? 11 : ALL_CUTS);
            Model model = RandomGraph.of(seed, layers, random.nextBoolean(), true);
            int samples = 5 + random.nextInt(4);
            int microbatches = microbatches(random, model, samples);
            List<Map<String, Tensor>> batches = batches(random, samples);
            ParameterGroups groups = groups(random, model);
            Optional<ClipGradNorm> clip = clip(random);
            int gradientGroups = 1 + new Random(17L * seed).nextInt(Math.min(microbatches, samples));
            GraphTraining together = new GraphTraining(model, groups, batches, samples, microbatches, SEED, clip);
            GraphTraining training = together.inGroups(gradientGroups);
            String expected = training.naive();
            grouped += expected.equals(together.naive()) ? 0 : 1;
            if (clip.isPresent()) {
                GraphTraining free =
                        new GraphTraining(model, groups, batches, samples, microbatches, SEED).inGroups(gradientGroups);
                clipped += expected.equals(free.naive()) ? 0 : 1;
            }
            for (Partition partition : partitions(random, layers)) {
                for (Schedule schedule : partition.stages() == 1
                        ? GraphTraining.SCHEDULES
                        : List.of(schedule(random, partition.stages()))) {
                    Placement placement = schedule.placement(partition.stages());
                    looped += placement.equals(Placement.looped(2, 2)) ? 1 : 0;
                    vees += placement.equals(Placement.vee(2)) ? 1 : 0;
                    Set<Integer> again = recomputing(seed, partition);
                    ReplicaCounts replicas = replicas(seed, partition.stages(), schedule, gradientGroups);
                    replicated += replicas.several() ? 1 : 0;
                    uneven += replicas.alike() ? 0 : 1;
                    assertThat(training.staged(partition, schedule, again, replicas, core))
                            .as(
                                    "seed %d, %s, %s, m=%d, g=%d, r=%s, recomputing %s, %s, %s",
                                    seed,
                                    partition,
                                    schedule,
                                    microbatches,
                                    gradientGroups,
                                    replicas,
                                    again,
                                    groups,
                                    model)
                            .isEqualTo(expected);
                }
            }
        }
        assertThat(clipped).as("graphs whose gradients were too large").isBetween(GRAPHS / 8, GRAPHS / 2);
        assertThat(replicated).as("runs of several replicas").isGreaterThan(GRAPHS);
        assertThat(uneven).as("runs of different ones").isGreaterThan(GRAPHS / 8);
        assertThat(grouped).as("graphs whose groups add otherwise").isGreaterThan(GRAPHS / 20);
        assertThat(looped).as("runs of 4 stages round 2 ranks").isGreaterThan(GRAPHS / 4);
        assertThat(vees).as("runs of 4 stages on 2 ranks, there and back").isGreaterThan(GRAPHS / 4);
    }

    /** As many of each stage, or, every second time where the schedule takes that, a number for each. */
    private static ReplicaCounts replicas(int seed, int stages, Schedule schedule, int groups) {
        boolean each = seed % 2 == 0
                && schedule.spec().isPresent()
                && schedule.placement(stages).isOneEach();
        return each
                ? new ReplicaCounts(IntStream.range(0, stages)
                        .mapToObj(stage -> replicas(seed / 2 + 3 * stage, groups))
                        .toList())
                : ReplicaCounts.alike(replicas(seed + stages, groups), stages);
    }

    /** A divisor of the groups. */
    private static int replicas(int draw, int groups) {
        List<Integer> divisors = IntStream.rangeClosed(1, groups)
                .filter(count -> groups % count == 0)
                .boxed()
                .toList();
        return divisors.get(draw % divisors.size());
    }

    /** None, or some of the stages. */
    private static Set<Integer> recomputing(int seed, Partition partition) {
        Random random = new Random(31L * seed + partition.bounds().hashCode());
        Set<Integer> stages = new TreeSet<>();
        for (int stage = 0; stage < partition.stages() && random.nextInt(4) > 0; stage++) {
            if (random.nextBoolean()) {
                stages.add(stage);
            }
        }
        return stages;
    }

    /** Every second time none; else one that gradients stay below, reach now and then, or always exceed. */
    private static Optional<ClipGradNorm> clip(Random random) {
        return random.nextBoolean()
                ? Optional.empty()
                : Optional.of(new ClipGradNorm(List.of(0.05, 0.5, 5.0).get(random.nextInt(3))));
    }

    /** A listed one, one that splits every backward, or a random order; one stage on each rank, or several on some. */
    private static Schedule schedule(Random random, int stages) {
        return random.nextInt(4) == 0
                ? GraphTraining.SCHEDULES.get(random.nextInt(GraphTraining.SCHEDULES.size()))
                : RandomOrder.orListed(random, stages);
    }

    /** Often every parameter learns alike; else some are frozen, and some learn in a way of their own. */
    private static ParameterGroups groups(Random random, Model model) {
        List<ParameterGroup> groups = new ArrayList<>();
        List<String> weights = model.weights();
        if (!weights.isEmpty() && random.nextBoolean()) {
            int common = random.nextInt(weights.size());
            for (int i = 0; i < weights.size(); i++) {
                int choice = i == common ? 2 : random.nextInt(3);
                if (choice < 2) {
                    Optional<Optimizer> own = choice == 0 ? Optional.empty() : Optional.of(OWN);
                    groups.add(new ParameterGroup(weights.get(i), own));
                }
            }
        }
        return new ParameterGroups(groups, OPTIMIZER);
    }

    private static int microbatches(Random random, Model model, int samples) {
        int wanted = 1 + random.nextInt(5);
        return RandomGraph.needsPairs(model) ? Math.min(wanted, samples / 2) : wanted;
    }

    /** All cuts of up to seven layers; of more, twenty. */
    private static List<Partition> partitions(Random random, int layers) {
        boolean all = layers <= ALL_CUTS;
        List<Partition> partitions = new ArrayList<>();
        for (int i = 0; i < (all ? 1 << (layers - 1) : DRAWN_CUTS); i++) {
            int cuts = all ? i : random.nextInt(1 << (layers - 1));
            List<Integer> bounds = new ArrayList<>(List.of(0));
            for (int place = 1; place < layers; place++) {
                if ((cuts >> (place - 1) & 1) == 1) {
                    bounds.add(place);
                }
            }
            bounds.add(layers);
            partitions.add(new Partition(bounds));
        }
        return partitions;
    }

    /** The gradient of every parameter that learns is what the sum of the losses, weighted, changes by. */
    @Test
    void gradientsAreThoseOfCentralDifferences() {
        for (int seed = 0; seed < GRAPHS; seed++) {
            Random random = new Random(seed);
            int layers = 1 + random.nextInt(ALL_CUTS);
            Model model = RandomGraph.of(seed, layers, random.nextBoolean(), false);
            int samples = 5 + random.nextInt(4);
            // Two samples are normalized to about 1 and -1 whatever they are: what is left of their gradient is
            // rounding.
            int microbatches = RandomGraph.needsPairs(model) ? 1 : 1 + random.nextInt(5);
            Map<String, Tensor> batch = batches(random, samples).getFirst();
            List<Partition> partitions = partitions(random, layers);
            Partition partition = partitions.get(random.nextInt(partitions.size()));
            GraphTraining training = new GraphTraining(
                    model, new ParameterGroups(List.of(), new SGD(1)), List.of(batch), samples, microbatches, SEED);
            DoubleGraph exact = new DoubleGraph(model, batch, microbatches);
            training.gradients(partition, core, (parameters, gradients) -> {
                for (String name : model.weights()) {
                    double[] expected = exact.gradient(parameters, name);
                    for (int i = 0; i < expected.length; i++) {
                        double scale = Math.max(
                                1,
                                Math.max(
                                        Math.abs(expected[i]),
                                        Math.abs(parameters.get(name)[i])));
                        assertThat(gradients.get(name)[i])
                                .as("%s of %s, element %d, %s, m=%d", name, model, i, partition, microbatches)
                                .isCloseTo(expected[i], within(TOLERANCE * scale));
                    }
                }
            });
        }
    }

    private List<Map<String, Tensor>> batches(Random random, int samples) {
        arena.reset();
        List<Map<String, Tensor>> batches = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            Tensor x = arena.allocate(Shape.of(samples, RandomGraph.WIDTH));
            for (int i = 0; i < x.elements(); i++) {
                x.setFloat(i, (float) random.nextGaussian());
            }
            batches.add(Map.of(
                    "x", x,
                    "token", ints(random, samples, RandomGraph.TOKENS),
                    "length", ints(random, samples, RandomGraph.WIDTH + 1),
                    "target", ints(random, samples, RandomGraph.WIDTH),
                    "second", ints(random, samples, RandomGraph.WIDTH)));
        }
        return batches;
    }

    private Tensor ints(Random random, int samples, int bound) {
        Tensor tensor = arena.allocate(DType.INT32, Shape.of(samples));
        for (int i = 0; i < samples; i++) {
            tensor.setInt(i, random.nextInt(bound));
        }
        return tensor;
    }
}
