package io.ketju.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.Kernels;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Losses over a vocabulary where a vector has several targets, some of which are none. */
class SeveralTargetsTest {
    private static final double TOLERANCE = 1e-6;
    private static final float[] VECTOR = {0.3f, -1.2f, 0.7f};

    private static float loss(float... targets) {
        LayerCase test =
                LayerCase.of("HierarchicalSoftmax(5, 3)", TensorType.floats(1, 3), TensorType.ints(1, targets.length));
        try (LayerRun run = new LayerRun(test, Kernels.scalar()).withWeights(1)) {
            return run.forward(List.of(VECTOR, targets)).getFirst().getFloat(0);
        }
    }

    @Test
    void absentTargetsCountForNothing() {
        assertThat(loss(-100, 3, -100)).isEqualTo(loss(3)).isPositive();
        assertThat(loss(-100, -100)).isZero();
    }

    @Test
    void lossesAreAdded() {
        assertThat(loss(1, 4)).isCloseTo(loss(1) + loss(4), within((float) TOLERANCE));
    }
}
