package io.ketju.layers.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.layers.PassBinding;
import io.ketju.layers.TouchedRows;
import io.ketju.layers.embedding.Embedding;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.optimizer.ParameterGroup;
import io.ketju.layers.optimizer.ParameterGroups;
import io.ketju.layers.optimizer.SGD;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorArena;
import io.ketju.tensor.memory.TensorMemory;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GroupGradientsTest {
    private static final Kernels KERNELS = Kernels.scalar();

    /** A sparse table, a layer that is frozen, and two that share a weight. */
    private static final Model MODEL = model();

    private static final ParameterGroups GROUPS =
            new ParameterGroups(List.of(ParameterGroup.frozen("frozen.*")), new SGD(1));

    private static Model model() {
        ModelBuilder builder = new ModelBuilder();
        Value words = builder.input(Input.samples("tokens", DType.INT32, Shape.of()));
        Value x = builder.add("table", new Embedding(6, 3).withSparse(), words);
        x = builder.add("frozen", new Linear(3, 3), x);
        x = builder.add("first", new Linear(3, 3).withoutBias(), x);
        builder.tie("second.weight", "first.weight");
        return builder.output(builder.add("second", new Linear(3, 3).withoutBias(), x))
                .build();
    }

    private static Node node(String name) {
        return MODEL.nodes().stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Tensor gradient(PassBinding.Weights weights) {
        return Objects.requireNonNull(weights.gradients().getFirst());
    }

    private static TouchedRows rows(PassBinding.Weights weights) {
        return Objects.requireNonNull(weights.rows().get(0));
    }

    private static void fill(Tensor tensor, float value) {
        for (int i = 0; i < tensor.elements(); i++) {
            tensor.setFloat(i, value);
        }
    }

    @Test
    void aPlaceIsAddedToTheSumUseByUseAndCleared() {
        try (ParameterBlock block = ParameterBlock.forTraining(MODEL.nodes(), GROUPS, Set.of());
                GroupGradients groups = new GroupGradients(MODEL.nodes(), block, 3)) {
            // 2^24 + 1 is no float: one addition for each group, in their order
            fill(gradient(groups.weights(node("first"), 0)), 1 << 24);
            fill(gradient(groups.weights(node("first"), 1)), 1);
            fill(gradient(groups.weights(node("first"), 2)), 2);
            fill(gradient(groups.weights(node("second"), 2)), 5);
            groups.addToSum(KERNELS, 1);
            assertThat(block.gradient(node("first"), 0).tensor().toFloats()).containsOnly(1 << 24);
            groups.addToSum(KERNELS, 2);
            assertThat(block.gradient(node("first"), 0).tensor().toFloats()).containsOnly((1 << 24) + 2);
            assertThat(block.gradient(node("second"), 0).tensor().toFloats()).containsOnly(5);
            for (int place = 1; place < 3; place++) {
                assertThat(gradient(groups.weights(node("first"), place)).toFloats())
                        .containsOnly(0);
                assertThat(gradient(groups.weights(node("second"), place)).toFloats())
                        .containsOnly(0);
            }
        }
    }

    @Test
    void ofATableTheTouchedRowsAreAdded() {
        try (ParameterBlock block = ParameterBlock.forTraining(MODEL.nodes(), GROUPS, Set.of());
                GroupGradients groups = new GroupGradients(MODEL.nodes(), block, 2);
                TensorArena arena = new TensorArena(1 << 10)) {
            Tensor touched = arena.allocate(DType.INT32, Shape.of(2));
            touched.setInt(0, 4);
            touched.setInt(1, 1);
            PassBinding.Weights own = groups.weights(node("table"), 0);
            PassBinding.Weights other = groups.weights(node("table"), 1);
            touch(own, touched.samples(0, 1), 4, 8);
            touch(other, touched, 4, 0.5f);
            for (int column = 0; column < 3; column++) {
                gradient(other).setFloat(3 + column, 2);
            }
            groups.addToSum(KERNELS, 1);
            assertThat(gradient(own).toFloats())
                    .containsExactly(0, 0, 0, 2, 2, 2, 0, 0, 0, 0, 0, 0, 8.5f, 8.5f, 8.5f, 0, 0, 0);
            assertThat(rows(own).count()).isEqualTo(2);
            assertThat(rows(other).count()).isZero();
            assertThat(gradient(other).toFloats()).containsOnly(0);
        }
    }

    private static void touch(PassBinding.Weights weights, Tensor indices, int row, float value) {
        rows(weights).add(indices, -1);
        for (int column = 0; column < 3; column++) {
            gradient(weights).setFloat(3 * row + column, value);
        }
    }

    @Test
    void memoryIsThatOfTheGradientsAndNoneForOnePlace() {
        long gradients = ParameterSizes.of(MODEL.nodes(), GROUPS, Set.of()).gradientBytes();
        assertThat(gradients).isEqualTo(128 + 2 * 64);
        try (ParameterBlock block = ParameterBlock.forTraining(MODEL.nodes(), GROUPS, Set.of())) {
            long before = TensorMemory.openBytes();
            try (GroupGradients one = new GroupGradients(MODEL.nodes(), block, 1)) {
                assertThat(TensorMemory.openBytes()).isEqualTo(before);
                assertThat(gradient(one.weights(node("first"), 0)))
                        .isSameAs(block.gradient(node("first"), 0).tensor());
            }
            try (GroupGradients three = new GroupGradients(MODEL.nodes(), block, 3)) {
                assertThat(TensorMemory.openBytes()).isEqualTo(before + 2 * gradients);
                assertThat(three.weights(node("frozen"), 2).gradients()).containsOnlyNulls();
                assertThat(three.weights(node("frozen"), 2).values())
                        .isEqualTo(block.weights(node("frozen")).values());
            }
            assertThat(TensorMemory.openBytes()).isEqualTo(before);
        }
    }
}
