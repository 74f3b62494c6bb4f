package io.ketju.layers.vocabulary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.memory.TensorArena;
import io.ketju.tensor.random.CounterRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Paths of tokens by how often they occur. */
class HuffmanTreeTest {
    private static int[] paths(HuffmanTree tree) {
        try (TensorArena arena = new TensorArena(1 << 16)) {
            Tensor paths = arena.allocate(tree.type().dtype(), tree.type().shape());
            tree.copyTo(paths);
            int[] values = new int[paths.elements()];
            Arrays.setAll(values, paths::getInt);
            return values;
        }
    }

    /** By hand: 1 + 2 = node 0, 3 + node 0 = node 1, 4 + 5 = node 2, node 1 + node 2 = node 3. */
    @Test
    void joinsTheRarestFirst() {
        HuffmanTree tree = HuffmanTree.of(5, 1, 4, 3, 2);
        assertThat(tree.type()).isEqualTo(TensorType.ints(5, 3));
        assertThat(paths(tree))
                .containsExactly(
                        /* 5 */ 7, 5, -1, /* 1 */ 6, 3, 0, /* 4 */ 7, 4, -1, /* 3 */ 6, 2, -1, /* 2 */ 6, 3, 1);
    }

    @Test
    void ofTwoTokensIsOneNode() {
        assertThat(paths(HuffmanTree.of(0, 0))).containsExactly(0, 1);
    }

    /** Each path is another, none is the beginning of another, and 2 to the minus lengths add up to 1. */
    @Test
    void isAWholeTree() {
        int[] counts = new int[97];
        CounterRandom random = CounterRandom.of(5, "counts");
        Arrays.setAll(counts, i -> (int) Math.exp(10 * random.uniform(i)));
        HuffmanTree tree = HuffmanTree.of(counts);
        int[] paths = paths(tree);
        Set<String> ends = new HashSet<>();
        double whole = 0;
        for (int token = 0; token < counts.length; token++) {
            int[] path = Arrays.stream(paths, token * tree.depth(), (token + 1) * tree.depth())
                    .takeWhile(step -> step >= 0)
                    .toArray();
            assertThat(path[0] / 2).as("the root").isEqualTo(counts.length - 2);
            assertThat(ends.add(path[path.length - 1] / 2 + (path[path.length - 1] % 2 == 0 ? "a" : "b")))
                    .isTrue();
            whole += Math.pow(2, -path.length);
        }
        assertThat(whole).isEqualTo(1);
    }

    @Test
    void refusesWhatIsNoVocabulary() {
        assertThatThrownBy(() -> HuffmanTree.of(7))
                .hasMessage("Huffman tree: expected counts of at least 2 tokens, found 1");
        assertThatThrownBy(() -> HuffmanTree.of(7, -1))
                .hasMessage("Huffman tree: expected counts of at least 0, found -1 of token 1");
    }
}
