package io.ketju.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelText;
import io.ketju.layers.optimizer.ConstantLR;
import io.ketju.layers.optimizer.SGD;
import io.ketju.pipeline.Objective;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.Recipe;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.schedule.Action;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Inputs that never change. */
class ConstantsTest {
    private static final List<String> LINES = List.of(
            "input x = whole float32[20, 3]",
            "input row_pointers = constant int32[21]",
            "input column_indexes = constant int32[40]",
            "input edge_values = constant float32[40]",
            "Linear(3, 4)",
            "SparseMatMul() <- 0, row_pointers, column_indexes, edge_values",
            "Linear(4, 2)",
            "head classes = CrossEntropyLoss() <- 2 targets label");

    private final Model model = ModelText.parse(Shape.of(1), LINES);

    @Test
    void areKeptInTheTextOfTheModel() {
        assertThat(ModelText.print(model)).isEqualTo(LINES);
    }

    @Test
    void areCountedByTheStageThatReadsThemAndNotPerMicrobatch() {
        Recipe recipe = new Recipe(model, new CrossEntropyLoss(), new SGD(0.1), new ConstantLR(), 1, 1, 1, 1);
        PipelineSpec spec = new PipelineSpec(recipe, new Partition(List.of(0, 1, 2, 3)), new GPipe());
        List<StagePlan> plans = StagePlan.all(spec);
        long bytes = Shape.of(21).alignedBytes() + 2 * Shape.of(40).alignedBytes();
        assertThat(plans.stream().map(StagePlan::constantBytes)).containsExactly(0L, bytes, 0L);
        assertThat(StagePorts.of(spec.program(1), 3).needs(Action.Kind.F)).hasSize(1);
        assertThat(StagePorts.of(spec.program(1), 3).needsOnce()).hasSize(3);
    }

    /** They come with the first window, also if that predicts; to a predictor they are inputs like others. */
    @Test
    void everyCutPredictsAndEvaluatesTheBitsOfAPredictor() {
        Recipe recipe = new Recipe(model, new CrossEntropyLoss(), new SGD(0.1), new ConstantLR(), 1, 1, 1, 1);
        try (TensorArena arena = new TensorArena(1 << 14);
                TensorCore core = TensorCore.open(1);
                Predictor predictor = new Predictor(recipe.model(), 1, core)) {
            Map<String, Tensor> batch = batch(arena);
            List<Tensor> inputs = model.inputs().stream()
                    .map(input -> NamedBatches.tensor(batch, input.name()))
                    .toList();
            Tensor expected = arena.allocate(Shape.of(20, 2));
            Tensor found = arena.allocate(Shape.of(20, 2));
            for (Partition partition : List.of(Partition.single(model), new Partition(List.of(0, 1, 2, 3)))) {
                try (InProcessRunner runner =
                        new InProcessRunner(new PipelineSpec(recipe, partition, new GPipe()), core)) {
                    predictor.initialize(1);
                    for (int step = 1; step <= 2; step++) {
                        predictor.predict(inputs, List.of(expected));
                        runner.predict(inputs, List.of(found));
                        assertThat(found.toFloats()).isEqualTo(expected.toFloats());
                        assertThat(runner.evaluate(step, batch)).isEqualTo(predictor.evaluate(batch, 1));
                        runner.train(step, batch);
                        predictor
                                .weights()
                                .forEach(
                                        (name, tensor) -> tensor.copyFrom(NamedBatches.tensor(runner.tensors(), name)));
                    }
                }
            }
        }
    }

    /** The first window brings them even if its objective has no use for them. */
    @Test
    void anObjectiveMayDoWithoutThem() {
        List<String> lines = new ArrayList<>(LINES);
        lines.add("head early = CrossEntropyLoss() <- 3 targets label");
        lines.add(7, "Linear(4, 2) <- 0");
        Model both = ModelText.parse(Shape.of(1), lines);
        List<Objective> objectives = List.of(
                new Objective("early", List.of("early"), List.of("0.*", "3.*"), new ConstantLR()),
                new Objective("late", List.of("classes"), List.of("0.*", "2.*"), new ConstantLR()));
        Recipe recipe = new Recipe(both, new CrossEntropyLoss(), new SGD(0.1), new ConstantLR(), 1, 1, 1, 1)
                .withObjectives(objectives);
        List<String> states = new ArrayList<>();
        try (TensorArena arena = new TensorArena(1 << 14);
                TensorCore core = TensorCore.open(1)) {
            Map<String, Tensor> batch = batch(arena);
            for (List<Integer> bounds : List.of(List.of(0, 4), List.of(0, 1, 2, 4))) {
                PipelineSpec spec = new PipelineSpec(recipe, new Partition(bounds), new GPipe());
                try (InProcessRunner runner = new InProcessRunner(spec, core)) {
                    runner.train(0, 1, batch);
                    runner.train(1, 1, batch);
                    states.add(runner.stateHash());
                }
            }
        }
        assertThat(states.getFirst()).isEqualTo(states.getLast());
    }

    /** A graph in which every node has two neighbours. */
    private static Map<String, Tensor> batch(TensorArena arena) {
        Random random = new Random(3);
        Tensor x = arena.allocate(Shape.of(20, 3));
        Tensor rows = arena.allocate(DType.INT32, Shape.of(21));
        Tensor columns = arena.allocate(DType.INT32, Shape.of(40));
        Tensor values = arena.allocate(Shape.of(40));
        Tensor labels = arena.allocate(DType.INT32, Shape.of(20));
        for (int i = 0; i < x.elements(); i++) {
            x.setFloat(i, (float) random.nextGaussian());
        }
        for (int node = 0; node < 20; node++) {
            rows.setInt(node + 1, 2 * node + 2);
            labels.setInt(node, random.nextInt(2));
        }
        for (int edge = 0; edge < 40; edge++) {
            columns.setInt(edge, edge % 2 == 0 ? edge / 4 : 10 + edge / 4);
            values.setFloat(edge, random.nextFloat());
        }
        return Map.of("x", x, "row_pointers", rows, "column_indexes", columns, "edge_values", values, "label", labels);
    }
}
