package io.ketju.pipeline.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.arithmetic.Add;
import io.ketju.layers.embedding.Embedding;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.Value;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.optimizer.ClipGradNorm;
import io.ketju.layers.optimizer.ConstantLR;
import io.ketju.layers.optimizer.Optimizer;
import io.ketju.layers.optimizer.ParameterGroup;
import io.ketju.layers.optimizer.ParameterGroups;
import io.ketju.layers.optimizer.Penalty;
import io.ketju.layers.optimizer.SGD;
import io.ketju.layers.optimizer.SparseAdam;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.Recipe;
import io.ketju.pipeline.StepRules;
import io.ketju.pipeline.catalogue.OneForwardOneBackward;
import io.ketju.pipeline.partition.Partition;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tables with sparse gradients in stages: the bits of one stage, wherever their uses are. */
class SparseTablesTest {
    private static final int TOKENS = 23;
    private static final int SAMPLES = 7;
    private static final int WIDTH = 5;

    private final TensorArena arena = new TensorArena(1 << 14);

    @AfterEach
    void close() {
        arena.close();
    }

    /** One table that is used three times, which every cut parts in another way, and one of its own. */
    private static Model model(boolean sparse) {
        Embedding table = new Embedding(TOKENS, WIDTH).withPaddingIdx(3);
        Embedding used = sparse ? table.withSparse() : table;
        ModelBuilder builder = new ModelBuilder();
        Value first = builder.input(Input.samples("first", DType.INT32, Shape.of()));
        Value second = builder.input(Input.samples("second", DType.INT32, Shape.of()));
        Value a = builder.add("a", used, first);
        builder.tie("b.weight", "a.weight").tie("c.weight", "a.weight");
        Value b = builder.add("b", used, second);
        Value own = builder.add("own", used, second);
        Value x = builder.add("x", new Linear(WIDTH, WIDTH), builder.add("ab", new Add(), a, b));
        Value y = builder.add("y", new Add(), x, builder.add("c", used, first));
        Value logits = builder.add("z", new Linear(WIDTH, 4), builder.add("all", new Add(), y, own));
        return builder.head("loss", new CrossEntropyLoss(), List.of(logits), "target")
                .output(logits)
                .build();
    }

    private GraphTraining training(Model model, ParameterGroups optimizers, int microbatches, double maxNorm) {
        Random random = new Random(5);
        List<Map<String, Tensor>> batches = new ArrayList<>();
        for (int step = 0; step < 4; step++) {
            batches.add(Map.of(
                    "first",
                    tokens(TOKENS, random),
                    "second",
                    tokens(TOKENS / 2, random),
                    "target",
                    tokens(4, random)));
        }
        return new GraphTraining(
                model, optimizers, batches, SAMPLES, microbatches, 3, Optional.of(new ClipGradNorm(maxNorm)));
    }

    private Tensor tokens(int below, Random random) {
        Tensor tokens = arena.allocate(DType.INT32, Shape.of(SAMPLES));
        for (int i = 0; i < SAMPLES; i++) {
            tokens.setInt(i, random.nextInt(below));
        }
        return tokens;
    }

    private static ParameterGroups groups(Optimizer ofTables) {
        return new ParameterGroups(
                List.of(new ParameterGroup("a.weight", ofTables), new ParameterGroup("own.*", ofTables)), new Adam());
    }

    private static Partition whole(Model model) {
        return new Partition(List.of(0, model.nodes().size()));
    }

    @Test
    void noCutAndNoScheduleChangesABit() {
        Model model = model(true);
        int nodes = model.nodes().size();
        try (TensorCore core = TensorCore.open(new TensorCoreOptions(1, KernelChoice.SCALAR));
                TensorCore vectors = TensorCore.open(new TensorCoreOptions(2, KernelChoice.VECTOR))) {
            for (double maxNorm : new double[] {0.05, 1e9}) {
                GraphTraining training = training(model, groups(new SparseAdam(0.05)), 3, maxNorm);
                String expected = training.staged(whole(model), new OneForwardOneBackward(), core);
                List<Partition> partitions = new ArrayList<>(GraphTraining.oneCut(model));
                partitions.add(new Partition(List.of(0, 1, 3, 6, nodes)));
                for (Partition partition : partitions) {
                    for (Schedule schedule : GraphTraining.schedules(partition.stages())) {
                        assertThat(training.staged(partition, schedule, vectors))
                                .as("%s %s, %s", partition, schedule, maxNorm)
                                .isEqualTo(expected);
                    }
                }
            }
        }
    }

    /** Where old gradients move nothing, rows that are left out would have been left as they were. */
    @Test
    void plainDescentHasTheBitsOfWholeGradients() {
        try (TensorCore core = TensorCore.open(1)) {
            for (Optimizer optimizer : List.of(new SGD(0.3), new SGD(0.3).withMomentum(0.9))) {
                List<String> states = new ArrayList<>();
                for (boolean sparse : new boolean[] {true, false}) {
                    Model model = model(sparse);
                    GraphTraining training = training(model, groups(optimizer), 2, 1e9);
                    states.add(training.staged(whole(model), new OneForwardOneBackward(), core));
                    states.add(training.staged(new Partition(List.of(0, 2, 6, 9)), new OneForwardOneBackward(), core));
                }
                assertThat(states).as("%s", optimizer).containsOnly(states.getFirst());
            }
        }
    }

    /** Groups add rows up that they have in common, and others that one of them has alone. */
    @Test
    void groupsOfMicrobatchesHaveTheBitsOfOneStageToo() {
        Model model = model(true);
        try (TensorCore core = TensorCore.open(new TensorCoreOptions(1, KernelChoice.SCALAR));
                TensorCore vectors = TensorCore.open(new TensorCoreOptions(2, KernelChoice.VECTOR))) {
            for (int groups : new int[] {2, 3, 5}) {
                GraphTraining training =
                        training(model, groups(new SparseAdam(0.05)), 5, 1e9).inGroups(groups);
                String expected = training.staged(whole(model), new OneForwardOneBackward(), core);
                for (Partition partition : GraphTraining.oneCut(model)) {
                    assertThat(training.staged(partition, new OneForwardOneBackward(), vectors))
                            .as("%s, %d groups", partition, groups)
                            .isEqualTo(expected);
                    for (int first : new int[] {groups, 1}) {
                        ReplicaCounts replicas =
                                new ReplicaCounts(partition.stages() == 1 ? List.of(first) : List.of(first, groups));
                        assertThat(training.staged(partition, new OneForwardOneBackward(), Set.of(), replicas, vectors))
                                .as("%s, %s replicas", partition, replicas)
                                .isEqualTo(expected);
                    }
                }
                List<String> states = new ArrayList<>();
                for (boolean sparse : new boolean[] {true, false}) {
                    Model one = model(sparse);
                    GraphTraining plain =
                            training(one, groups(new SGD(0.3)), 5, 1e9).inGroups(groups);
                    states.add(plain.staged(whole(one), new OneForwardOneBackward(), core));
                    states.add(plain.staged(new Partition(List.of(0, 2, 6, 9)), new OneForwardOneBackward(), core));
                }
                assertThat(states).as("%d groups", groups).containsOnly(states.getFirst());
            }
        }
    }

    @Test
    void aRecipeIsRefusedWhoseOptimizerDoesNotTakeThem() {
        Recipe recipe = new Recipe(model(true), new CrossEntropyLoss(), new Adam(), new ConstantLR(), SAMPLES, 1, 1, 1);
        assertThatThrownBy(() -> new PipelineSpec(recipe, whole(recipe.model()), new OneForwardOneBackward()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("parameter 'a.weight': Adam(lr=0.001) does not take sparse gradients");
        Recipe grouped = recipe.withGroups(groups(new SparseAdam(0.1)).groups());
        grouped.requireGradients();
        StepRules penalized = StepRules.NONE.with(List.of(new Penalty(Penalty.Norm.L2, 0.1)));
        assertThatThrownBy(() -> grouped.with(penalized).requireGradients())
                .hasMessageStartingWith("parameter 'a.weight': SparseAdam(lr=0.1) takes sparse gradients alone");
    }
}
