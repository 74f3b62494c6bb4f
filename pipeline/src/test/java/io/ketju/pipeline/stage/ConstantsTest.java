package io.ketju.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelText;
import io.ketju.layers.optimizer.ConstantLR;
import io.ketju.layers.optimizer.SGD;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.Recipe;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.GPipe;
import io.ketju.tensor.Shape;
import java.util.List;
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
}
