package io.ketju.layers.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.linear.Linear;
import io.ketju.layers.normalization.BatchNorm1d;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeTest {
    private static final List<Value> INPUT = List.of(Value.ofInput(0));

    @Test
    void namesItsParametersAsPyTorch() {
        assertThat(new Node("a.b", new Linear(2, 3), INPUT).parameters()).containsExactly("a.b.weight", "a.b.bias");
        assertThat(new Node("n", new BatchNorm1d(2).withoutAffine(), INPUT).parameters())
                .containsExactly("n.running_mean", "n.running_var");
        assertThat(new Node("a.b", new Linear(2, 3), INPUT)).hasToString("layer a.b Linear(2, 3)");
        // Not layer layer1.
        assertThat(new Node("layer1.a", new Linear(2, 3), INPUT)).hasToString("layer1.a Linear(2, 3)");
    }

    @Test
    void hasANameForEachParameter() {
        assertThatThrownBy(() -> new Node("a", new Linear(2, 3), INPUT, List.of("a.weight")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("layer a Linear(2, 3): expected names of 2 parameters, found [a.weight]");
    }
}
