package io.ketju.layers.arithmetic;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.reduction.Reduction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A tensor repeated along the dimensions in which it has size 1 or that it lacks in front, by NumPy's rules, and the way back:
 * the sum over all places where an element is. Reductions of dimensions are this the other way round.
 *
 * @param whole what it is repeated to
 * @param part its own shape
 */
record Broadcast(Shape whole, Shape part) {
    /** Dimensions side by side that are repeated, or that are not; those of size 1 are left out. */
    private record Run(int size, boolean repeated) {}

    /** The shape to which all of them can be repeated; throws {@link IllegalArgumentException} if there is none. */
    static Shape together(List<TensorType> inputs) {
        int rank = inputs.stream().mapToInt(type -> type.shape().rank()).max().orElse(0);
        int[] whole = new int[rank];
        for (int d = 0; d < rank; d++) {
            whole[d] = 1;
            for (TensorType input : inputs) {
                int size = aligned(input.shape(), d, rank);
                if (size != whole[d] && size != 1 && whole[d] != 1) {
                    throw new IllegalArgumentException(
                            "expected inputs whose dimensions, from the last one on, are equal or" + " 1, found "
                                    + inputs);
                }
                whole[d] = size == 1 ? whole[d] : size;
            }
        }
        return Shape.of(whole);
    }

    private static int aligned(Shape shape, int dimension, int rank) {
        int at = dimension - (rank - shape.rank());
        return at < 0 ? 1 : shape.dimension(at);
    }

    /** Whether there is nothing to repeat. */
    boolean same() {
        return whole.elements() == part.elements();
    }

    private List<Run> runs() {
        List<Run> runs = new ArrayList<>();
        for (int d = 0; d < whole.rank(); d++) {
            int size = whole.dimension(d);
            boolean repeated = aligned(part, d, whole.rank()) != size;
            // The samples are one run, however many there are, so that sums have the order that they have for more.
            if (size == 1 && d > 0) {
                continue;
            }
            if (!runs.isEmpty() && runs.getLast().repeated() == repeated) {
                size *= runs.removeLast().size();
            }
            runs.add(new Run(size, repeated));
        }
        return runs;
    }

    /** How often each element is there. */
    int times() {
        return runs().stream().filter(Run::repeated).mapToInt(Run::size).reduce(1, (a, b) -> a * b);
    }

    /** Room for the repeated tensor. */
    TensorType room() {
        return TensorType.floats(same() ? 0 : whole.elements());
    }

    /** Room for what is between, of {@link #repeat}, {@link #sum} and {@link #rows}. */
    TensorType side() {
        List<Run> runs = runs();
        boolean needed = runs.size() > 2 || (runs.size() == 2 && runs.getFirst().repeated());
        return TensorType.floats(needed && !same() ? whole.elements() : 0);
    }

    /** The tensor as large as the whole: itself, or repeated into the room. */
    Tensor repeat(Kernels kernels, Tensor tensor, Tensor room, Tensor side) {
        if (same()) {
            return tensor;
        }
        List<Run> runs = runs();
        long left = runs.stream().filter(Run::repeated).count();
        int outer = part.elements();
        Tensor current = tensor;
        for (Run run : runs.reversed()) {
            if (!run.repeated()) {
                outer /= run.size();
                continue;
            }
            left--;
            Tensor all = left % 2 == 0 ? room : side;
            Tensor next = all.view(Shape.of(all.elements())).samples(0, current.elements() * run.size());
            kernels.indexing().concat(outer, Collections.nCopies(run.size(), current), next);
            current = next;
        }
        return current;
    }

    /**
     * Of each element of the part the sum over its places: their numbers side by side as one row. Where only dimensions in
     * front are repeated, samples mostly, one column: that order does not depend on how many there are.
     */
    void sum(Kernels kernels, Tensor tensor, Tensor side, Tensor sums) {
        List<Run> runs = runs();
        if (runs.size() == 2 && runs.getFirst().repeated()) {
            Shape columns = Shape.of(runs.getFirst().size(), runs.getLast().size());
            kernels.reduction().columns(Reduction.SUM, tensor.view(columns), sums);
        } else {
            kernels.reduction().rows(Reduction.SUM, rows(kernels, tensor, side), sums);
        }
    }

    /** For each element of the part a row of its places, in their order: the tensor itself, or moved to the side. */
    Tensor rows(Kernels kernels, Tensor tensor, Tensor side) {
        List<Run> runs = runs();
        Shape rows = Shape.of(part.elements(), times());
        if (side.elements() == 0) {
            return tensor.view(rows);
        }
        int[] order = new int[runs.size()];
        int[] sizes = new int[runs.size()];
        int[] moved = new int[runs.size()];
        int next = 0;
        for (boolean repeated : new boolean[] {false, true}) {
            for (int i = 0; i < order.length; i++) {
                sizes[i] = runs.get(i).size();
                if (runs.get(i).repeated() == repeated) {
                    moved[next] = sizes[i];
                    order[next++] = i;
                }
            }
        }
        kernels.indexing().permute(tensor.view(Shape.of(sizes)), side.view(Shape.of(moved)), order);
        return side.view(rows);
    }
}
