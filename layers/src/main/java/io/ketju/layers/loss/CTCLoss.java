package io.ketju.layers.loss;

import io.ketju.layers.Inputs;
import io.ketju.layers.IntRange;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.loss.CtcRows;
import java.util.List;
import java.util.Optional;

/**
 * Connectionist temporal classification (Graves et al. 2006): the negative log-probability that the steps of a sequence spell
 * its labels once repetitions and blanks are left out, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.CTCLoss.html">torch.nn.CTCLoss</a>, with samples outermost. Output
 * log-probabilities [samples, steps, classes] of a LogSoftmax; targets INT32: the labels [samples, most labels], padded with
 * anything that is a class, how many steps count [samples], and how many labels count [samples].
 *
 * @param blank class that stands for no label
 * @param reduction {@code mean} divides the loss of each sample by its number of labels, at least 1, then averages over the
 *     samples; {@code sum} does neither
 * @param zeroInfinity whether samples whose labels do not fit into the steps count as 0 instead of stopping the run
 * @param mostLabels size of the labels of a batch; 0 for as many as steps
 */
public record CTCLoss(int blank, String reduction, boolean zeroInfinity, int mostLabels) implements Loss {
    public static final Entry<Loss> ENTRY = Description.of(
                    "CTCLoss", "Labels of a sequence without saying at which step each is")
            .optional("blank", 0, "class that stands for no label")
            .optional(SummedLoss.ARGUMENT, SummedLoss.MEAN, "mean of losses divided by their number of labels, or sum")
            .optional("zero_infinity", false, "whether samples whose labels do not fit into the steps count as 0")
            .named("most_labels", 0, "size of the labels of a batch; 0 for as many as steps")
            .formula("-log Σ over the paths that spell the labels of Π over the steps of exp(x[step, path[step]])")
            .shapes("output [samples, steps, classes], log-probabilities; targets int32 labels [samples, most labels],"
                    + " steps that count [samples], labels that count [samples]")
            .source("torch.nn.CTCLoss; Graves et al. 2006")
            .readBy(arguments -> new CTCLoss(
                    arguments.integer("blank"),
                    arguments.word(SummedLoss.ARGUMENT, SummedLoss.MEAN, SummedLoss.SUM),
                    arguments.flag("zero_infinity"),
                    arguments.integer("most_labels")));

    /**
     * Checks blank, reduction and number of labels.
     *
     * @throws IllegalArgumentException naming the argument that is negative, or a reduction that is neither {@code mean} nor {@code sum}
     */
    public CTCLoss {
        if (!List.of(SummedLoss.MEAN, SummedLoss.SUM).contains(reduction)) {
            throw new IllegalArgumentException(
                    "CTCLoss: argument 'reduction': expected mean or sum, found '" + reduction + "'");
        }
        if (blank < 0) {
            throw new IllegalArgumentException("CTCLoss: argument 'blank': expected at least 0, found " + blank);
        }
        if (mostLabels < 0) {
            throw new IllegalArgumentException(
                    "CTCLoss: argument 'most_labels': expected at least 0, found " + mostLabels);
        }
    }

    /** PyTorch's defaults. */
    public CTCLoss() {
        this(0, SummedLoss.MEAN, false, 0);
    }

    @Override
    public double denominator(double weight) {
        return reduction.equals(SummedLoss.SUM) ? 1 : weight;
    }

    @Override
    public Optional<IntRange> range(int target, List<TensorType> inputs) {
        return Optional.of(ranges(inputs).get(target));
    }

    private List<IntRange> ranges(List<TensorType> inputs) {
        Shape shape = inputs.getFirst().shape();
        int steps = shape.dimension(1);
        return List.of(
                IntRange.below(ClassTargets.CLASS, shape.dimension(2)),
                IntRange.below("a number of steps", steps + 1),
                IntRange.below("a number of labels", (mostLabels == 0 ? steps : mostLabels) + 1));
    }

    @Override
    public Spec spec() {
        return ENTRY.description()
                .terse(Spec.of("CTCLoss")
                        .with("blank", blank)
                        .with(SummedLoss.ARGUMENT, reduction)
                        .with("zero_infinity", zeroInfinity)
                        .with("most_labels", mostLabels));
    }

    @Override
    public List<TensorType> targets(List<TensorType> inputs) {
        Inputs.require(inputs, 1);
        Inputs.requireFloats(inputs, 0);
        Shape shape = inputs.getFirst().shape();
        if (shape.rank() != 3 || shape.dimension(2) <= blank) {
            throw new IllegalArgumentException(
                    "CTCLoss: expected model output [samples, steps, classes] with more than " + blank
                            + " classes, the blank being " + blank + ", found " + shape);
        }
        int samples = shape.dimension(0);
        return List.of(
                TensorType.ints(samples, mostLabels == 0 ? shape.dimension(1) : mostLabels),
                TensorType.ints(samples),
                TensorType.ints(samples));
    }

    @Override
    public List<TensorType> room(List<TensorType> inputs) {
        return List.of(TensorType.floats(inputs.getFirst().shape().dimension(0)));
    }

    /** Throws {@link IllegalArgumentException} for a label that is no class or a length that is too large, naming the sample. */
    @Override
    public double compute(LossPass pass) {
        List<TensorType> inputs = List.of(TensorType.of(pass.input()));
        List<TensorType> types = targets(inputs);
        List<IntRange> ranges = ranges(inputs);
        for (int i = 0; i < types.size(); i++) {
            ClassTargets.requireRange("CTCLoss", pass.targets().get(i), types.get(i), ranges.get(i));
        }
        Tensor losses = pass.room().getFirst();
        boolean divide = !reduction.equals(SummedLoss.SUM);
        pass.kernels()
                .loss()
                .rows(new CtcRows(
                        new CtcRows.Options(blank, zeroInfinity, divide, pass.scale()),
                        pass.input(),
                        new CtcRows.Labels(
                                pass.targets().get(0),
                                pass.targets().get(1),
                                pass.targets().get(2)),
                        losses,
                        pass.gradInput()));
        return LossSums.inOrder(losses);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
