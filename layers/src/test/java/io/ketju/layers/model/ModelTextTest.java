package io.ketju.layers.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelTextTest {
    /** The words that begin other lines are names that people give, and PyTorch's models have. */
    @Test
    void layersMayBeCalledAsOtherLinesBegin() {
        List<String> lines = List.of(
                "input x = float32[4]",
                "input = Linear(4, 5)",
                "output = ReLU()",
                "head = Linear(5, 3)",
                "sum = Add() <- head, head",
                "output head, sum");
        Model model = ModelText.parse(Shape.of(4), lines);
        assertThat(model.nodes()).extracting(Node::name).containsExactly("input", "output", "head", "sum");
        assertThat(model.outputs()).containsExactly(new Value(2, 0), new Value(3, 0));
        assertThat(ModelText.print(model)).isEqualTo(lines);
    }
}
