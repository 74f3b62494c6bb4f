package io.ketju.layers.vocabulary;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * The binary tree over a vocabulary in which the path of a token is the shorter the more often it occurs (Huffman 1952; Mikolov
 * et al. 2013b, section 2.1). Of nodes that occur as often, the one that was there first is joined first, tokens in ascending
 * order before what is made of them. Inner nodes are numbered as they are made; the last is the root. Immutable.
 */
public final class HuffmanTree {
    /** What is not joined yet: a token, or behind them an inner node, by its place in the order. */
    private record Part(long count, int order) {}

    private final int tokens;
    /** Of each token, then of each inner node: twice its parent, plus 1 for the second child; -1 for the root. */
    private final int[] parents;

    private HuffmanTree(int tokens, int[] parents) {
        this.tokens = tokens;
        this.parents = parents;
    }

    /**
     * Builds the tree of a vocabulary.
     *
     * @param counts how often each token occurs, by token, at least 0
     * @return the tree
     * @throws IllegalArgumentException unless there are at least two tokens, none of a negative count
     */
    public static HuffmanTree of(int... counts) {
        int tokens = counts.length;
        if (tokens < 2) {
            throw new IllegalArgumentException("Huffman tree: expected counts of at least 2 tokens, found " + tokens);
        }
        PriorityQueue<Part> parts =
                new PriorityQueue<>(Comparator.comparingLong(Part::count).thenComparingInt(Part::order));
        for (int token = 0; token < tokens; token++) {
            if (counts[token] < 0) {
                throw new IllegalArgumentException(
                        "Huffman tree: expected counts of at least 0, found " + counts[token] + " of token " + token);
            }
            parts.add(new Part(counts[token], token));
        }
        int[] parents = new int[2 * tokens - 1];
        for (int inner = 0; inner < tokens - 1; inner++) {
            Part first = parts.remove();
            Part second = parts.remove();
            parents[first.order()] = 2 * inner;
            parents[second.order()] = 2 * inner + 1;
            parts.add(new Part(first.count() + second.count(), tokens + inner));
        }
        parents[parents.length - 1] = -1;
        return new HuffmanTree(tokens, parents);
    }

    private int depth(int token) {
        int depth = 0;
        for (int at = parents[token]; at >= 0; at = parents[tokens + at / 2]) {
            depth++;
        }
        return depth;
    }

    /** {@return steps of the longest path} */
    public int depth() {
        int depth = 0;
        for (int token = 0; token < tokens; token++) {
            depth = Math.max(depth, depth(token));
        }
        return depth;
    }

    /** {@return int32 [tokens, depth], what {@link HierarchicalSoftmax} reads} */
    public TensorType type() {
        return TensorType.ints(tokens, depth());
    }

    /**
     * Writes each token's path from the root: twice an inner node, plus 1 where it goes to the second child; -1 behind the end.
     *
     * @param paths of the {@link #type}, overwritten
     */
    public void copyTo(Tensor paths) {
        int[] values = paths(paths.shape().dimension(1));
        for (int i = 0; i < values.length; i++) {
            paths.setInt(i, values[i]);
        }
    }

    /** {@return the values of {@link #copyTo}, token by token, {@link #depth} of each} */
    public int[] paths() {
        return paths(depth());
    }

    private int[] paths(int most) {
        int[] paths = new int[tokens * most];
        Arrays.fill(paths, -1);
        for (int token = 0; token < tokens; token++) {
            int at = parents[token];
            for (int step = depth(token) - 1; step >= 0; step--) {
                paths[token * most + step] = at;
                at = parents[tokens + at / 2];
            }
        }
        return paths;
    }
}
