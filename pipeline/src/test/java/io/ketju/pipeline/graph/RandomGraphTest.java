package io.ketju.pipeline.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.layers.model.Model;
import io.ketju.layers.optimizer.Optimizer;
import io.ketju.layers.optimizer.ParameterGroup;
import io.ketju.layers.optimizer.ParameterGroups;
import io.ketju.layers.optimizer.SGD;
import io.ketju.pipeline.partition.Partition;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Whatever the graph, the cut, the schedule and the number of micro-batches: the bits are those of the plainest loop. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RandomGraphTest {
    private static final int GRAPHS = Integer.getInteger("ketju.test.graphs", 150);
    private static final int STEPS = 3;
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
        for (int seed = 0; seed < GRAPHS; seed++) {
            Random random = new Random(seed);
            int layers = 1 + random.nextInt(7);
            Model model = RandomGraph.of(seed, layers, random.nextBoolean());
            int samples = 5 + random.nextInt(4);
            int microbatches = 1 + random.nextInt(5);
            List<Map<String, Tensor>> batches = batches(random, samples);
            ParameterGroups groups = groups(random, model);
            GraphTraining training = new GraphTraining(model, groups, batches, samples, microbatches, SEED);
            String expected = training.naive();
            for (Partition partition : partitions(layers)) {
                for (Schedule schedule : partition.stages() == 1
                        ? GraphTraining.SCHEDULES
                        : List.of(GraphTraining.SCHEDULES.get(random.nextInt(4)))) {
                    assertThat(training.staged(partition, schedule, core))
                            .as("seed %d, %s, %s, m=%d, %s, %s", seed, partition, schedule, microbatches, groups, model)
                            .isEqualTo(expected);
                }
            }
        }
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

    /** All cuts of up to seven layers. */
    private static List<Partition> partitions(int layers) {
        List<Partition> partitions = new ArrayList<>();
        for (int cuts = 0; cuts < 1 << (layers - 1); cuts++) {
            List<Integer> bounds = new ArrayList<>(List.of(0));
            for (int i = 1; i < layers; i++) {
                if ((cuts >> (i - 1) & 1) == 1) {
                    bounds.add(i);
                }
            }
            bounds.add(layers);
            partitions.add(new Partition(bounds));
        }
        return partitions;
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
