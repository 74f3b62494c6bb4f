package io.ketju.tensor.kernel.vocabulary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.sparse.CsrMatrix;
import io.ketju.tensor.memory.TensorArena;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The definitions, by hand and by the kernels that they are made of. */
class ScalarVocabularyTest {
    private final TensorArena arena = new TensorArena(1 << 16);
    private final Kernels kernels = Kernels.scalar();

    @AfterEach
    void close() {
        arena.close();
    }

    @Test
    void listsTargetsWithWhatTheyAreToldFrom() {
        Tensor starts = ints(0, 0, 0, 0);
        Tensor chosen = ints(new int[18]);
        Tensor labels = arena.allocate(Shape.of(18));
        Choices choices = new Choices(
                3, ints(4, 7, -100, 5, -100, -100), OptionalInt.of(-100), ints(1, 4, 7, 7, 8, 8, 2, 3, 4, 4, 9, 9));
        kernels.vocabulary().choose(choices, starts, chosen, labels);
        assertThat(ints(starts)).containsExactly(0, 3, 6, 6);
        assertThat(ints(chosen)).startsWith(4, 1, 7, 5, 2, 3);
        assertThat(labels.samples(0, 6).toFloats()).containsExactly(1, 0, 1, 1, 0, 0);
    }

    /** The products, losses and slopes of other families. */
    @Test
    void scoresAsTheKernelsOneByOne() {
        CsrMatrix a = new CsrMatrix(2, 3, ints(0, 3, 5), ints(0, 2, 1, 1, 1), floats(0, 0, 0, 0, 0));
        Tensor x = floats(0.5f, -1, 2, 1, 3, -0.25f).view(Shape.of(2, 3));
        Tensor table = floats(1, 2, 3, -1, 0.5f, 0.125f, 0, 4, -2).view(Shape.of(3, 3));
        Tensor labels = floats(1, 0, 0, 1, 0);
        Tensor scores = floats(0, 0, 0, 0, 0);
        Tensor slopes = floats(0, 0, 0, 0, 0);
        Tensor each = floats(0, 0, 0, 0, 0);
        kernels.sparse().backwardValues(a, x, table, scores);
        kernels.loss().bceWithLogits(null, scores, labels, 1, each, slopes);
        Tensor losses = floats(0, 0);
        kernels.vocabulary().score(a, labels, x, table, losses);
        assertThat(a.values().toFloats()).containsExactly(slopes.toFloats());
        assertThat(losses.toFloats())
                .containsExactly((float) ((double) each.getFloat(0) + each.getFloat(1) + each.getFloat(2)), (float)
                        ((double) each.getFloat(3) + each.getFloat(4)));
        kernels.vocabulary().scale(a, slopes, floats(2, -1));
        assertThat(a.values().getFloat(1)).isEqualTo(2 * slopes.getFloat(1));
        assertThat(a.values().getFloat(4)).isEqualTo(-slopes.getFloat(4));
    }

    @Test
    void refusesOperandsThatDoNotFit() {
        CsrMatrix a = new CsrMatrix(1, 2, ints(0, 1), ints(1), floats(0));
        Tensor two = floats(1, 2).view(Shape.of(2, 1));
        assertThatThrownBy(() -> kernels.vocabulary().score(a, floats(1, 1), floats(1), two, floats(1)))
                .hasMessage("labels: expected 1 elements, found float32[2]");
        assertThatThrownBy(() -> kernels.vocabulary().scale(a, floats(1), two))
                .hasMessage("factors: expected 1 elements, found float32[2, 1]");
        assertThatThrownBy(() -> new Choices(2, ints(1, 2, 3), OptionalInt.empty(), ints(1)))
                .hasMessage("expected targets of 2 rows, found int32[3]");
        assertThatThrownBy(() -> new Choices(1, ints(1, 2), OptionalInt.empty(), ints(1, 2, 3)))
                .hasMessage("expected as many others of each of int32[2], found int32[3]");
        Choices choices = new Choices(1, ints(1, 2), OptionalInt.empty(), ints(3, 4));
        assertThatThrownBy(() -> kernels.vocabulary().choose(choices, ints(0, 0), ints(1, 2, 3), floats(1, 2, 3, 4)))
                .hasMessage("expected room for 4 chosen with their labels, found int32[3] and float32[4]");
        assertThatThrownBy(() -> new TokenShares(ints(1), ints(1)))
                .hasMessage("expected shares of at least one token and 4096 guides, found int32[1] and int32[1]");
    }

    private Tensor ints(int... values) {
        Tensor tensor = arena.allocate(DType.INT32, Shape.of(values.length));
        for (int i = 0; i < values.length; i++) {
            tensor.setInt(i, values[i]);
        }
        return tensor;
    }

    private static int[] ints(Tensor tensor) {
        return IntStream.range(0, tensor.elements()).map(tensor::getInt).toArray();
    }

    private Tensor floats(float... values) {
        Tensor tensor = arena.allocate(Shape.of(values.length));
        tensor.copyFrom(values);
        return tensor;
    }
}
