package io.ketju.layers.vocabulary;

import io.ketju.layers.Footprint;
import io.ketju.layers.Inputs;
import io.ketju.layers.IntRange;
import io.ketju.layers.Pass;
import io.ketju.layers.Port;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.indexing.IndexingKernels;
import io.ketju.tensor.kernel.sparse.CsrMatrix;
import io.ketju.tensor.kernel.vocabulary.Choices;
import java.util.Arrays;
import java.util.List;

/**
 * Each row x of the input against some rows u of a table, each of which is right, label 1, or wrong, 0: the sum of their {@code
 * -log σ(u · x)} and {@code -log σ(-u · x)}. Rows of the table may be chosen as often as one likes, and of as many as there is
 * room for.
 *
 * <p>Scores are the values of a sparse matrix, rows of the input by rows of the table; so the gradients are its products.
 */
final class ScoredRows {
    private static final int X = 0;
    private static final int TARGETS = 1;
    private static final int TABLE = 0;

    /** Kept: where the chosen of each row begin, which they are, and what becomes their gradient. */
    private static final int STARTS = 0;

    private static final int CHOSEN = 1;
    private static final int SLOPES = 2;

    /** Worked in, forward: labels. */
    private static final int LABELS = 0;

    /** Worked in, backward: gradients of the scores. */
    private static final int SCALED = 1;

    /** Where a layer's own room to work in begins. */
    static final int OTHER_ROOM = 2;

    /** A target that is none, where rows have several: what CrossEntropyLoss ignores by default. */
    static final int NONE = -100;

    private final Pass pass;
    private final Tensor starts;
    private final Tensor chosen;
    private final Tensor labels;
    private int row;
    private int count;

    private ScoredRows(Pass pass) {
        this.pass = pass;
        starts = pass.kept(STARTS);
        chosen = pass.kept(CHOSEN);
        labels = pass.workspace(LABELS);
        starts.setInt(0, 0);
    }

    /**
     * Shape of the targets of inputs x [..., width], targets int32 [...] or, several for each row, int32 [..., targets]; throws
     * {@link IllegalArgumentException} for others.
     */
    static Shape targets(List<TensorType> inputs, int width) {
        Inputs.requireFloats(inputs, X);
        Shape x = inputs.get(X).shape();
        if (x.rank() < 2 || x.dimension(-1) != width) {
            throw new IllegalArgumentException("expected input 0 [samples, ..., " + width + "], found " + x);
        }
        int[] rows = rows(x).toArray();
        TensorType found = inputs.get(TARGETS);
        int[] sizes = found.shape().toArray();
        boolean several = sizes.length == rows.length + 1 && Arrays.equals(Arrays.copyOf(sizes, rows.length), rows);
        if (!found.equals(TensorType.ints(rows))
                && !(several && !found.differentiable() && found.shape().elements() > 0)) {
            TensorType one = TensorType.ints(rows);
            throw new IllegalArgumentException("expected targets " + one + " or "
                    + one.toString().replace("]", ", several]") + " as input 1, found " + found);
        }
        return found.shape();
    }

    /** Those of the input, one for each of its vectors. */
    static Shape rows(Shape x) {
        return Shape.of(Arrays.copyOf(x.toArray(), x.rank() - 1));
    }

    /** Targets of one row of the input. */
    static int each(Shape x, Shape targets) {
        Shape rows = rows(x);
        return targets.rank() == rows.rank() ? 1 : targets.dimension(-1);
    }

    /** Of the targets: tokens, and none where a row has several. */
    static IntRange range(List<TensorType> inputs, int tokens) {
        IntRange range = IntRange.below("a token", tokens);
        boolean several =
                inputs.get(TARGETS).shape().rank() == inputs.get(X).shape().rank();
        return several ? range.and(NONE) : range;
    }

    /** For inputs of this type, with so many rows at most chosen for each of theirs. */
    static Footprint footprint(TensorType x, int most) {
        int width = x.shape().dimension(-1);
        int rows = x.shape().elements() / width;
        int all = Math.multiplyExact(rows, most);
        return Footprint.NOTHING
                .weightGradientReading(Port.input(X))
                .keeping(TensorType.ints(rows + 1), TensorType.ints(all), TensorType.floats(all))
                .workingIn(TensorType.floats(all), TensorType.floats(all));
    }

    /** Begins to choose, for the first row. */
    static ScoredRows choose(Pass pass) {
        return new ScoredRows(pass);
    }

    /** Chooses a row of the table for the row of the input that it is at. */
    void add(int other, boolean right) {
        chosen.setInt(count, other);
        labels.setFloat(count, right ? 1 : 0);
        count++;
    }

    /** Goes on to the next row. */
    void next() {
        row++;
        starts.setInt(row, count);
    }

    /** What is chosen, with these values. */
    private static CsrMatrix matrix(Pass pass, Tensor values) {
        Tensor starts = pass.kept(STARTS);
        int rows = starts.elements() - 1;
        int count = starts.getInt(rows);
        int ofTable = pass.parameter(TABLE).shape().dimension(0);
        return new CsrMatrix(rows, ofTable, starts, pass.kept(CHOSEN).samples(0, count), values.samples(0, count));
    }

    /** Overwrites output 0 with the sum of each row's losses; all have been chosen. */
    void forward() {
        score(pass);
    }

    /** The same of choices that follow from what is given. */
    static void forward(Pass pass, Choices choices) {
        pass.kernels().vocabulary().choose(choices, pass.kept(STARTS), pass.kept(CHOSEN), pass.workspace(LABELS));
        score(pass);
    }

    private static void score(Pass pass) {
        CsrMatrix chosen = matrix(pass, pass.kept(SLOPES));
        Tensor wanted = pass.workspace(LABELS).samples(0, chosen.elements());
        pass.kernels().vocabulary().score(chosen, wanted, pass.input(X), pass.parameter(TABLE), pass.output(0));
    }

    /** The derivative of each score, which both backward passes need. */
    private static CsrMatrix scaled(Pass pass) {
        CsrMatrix scaled = matrix(pass, pass.workspace(SCALED));
        if (pass.firstBackward()) {
            Tensor slopes = pass.kept(SLOPES).samples(0, scaled.elements());
            pass.kernels().vocabulary().scale(scaled, slopes, pass.gradOutput(0));
        }
        return scaled;
    }

    /** Overwrites the gradient of the input. */
    static void backwardInput(Pass pass) {
        Tensor gradInput = pass.gradInput(X);
        pass.kernels().sparse().multiply(scaled(pass), pass.parameter(TABLE), gradInput);
    }

    /** Adds to the gradient of the table, row by row: those of the table that nobody chose are not touched. */
    static void backwardWeight(Pass pass) {
        if (!pass.wantsWeightGradient(TABLE)) {
            return;
        }
        CsrMatrix scaled = scaled(pass);
        pass.touch(TABLE, scaled.columnIndexes(), IndexingKernels.NO_PADDING);
        pass.kernels().sparse().transposedAccumulate(scaled, pass.input(X), pass.gradient(TABLE));
    }
}
