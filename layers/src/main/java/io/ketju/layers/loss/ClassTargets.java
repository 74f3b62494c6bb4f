package io.ketju.layers.loss;

import io.ketju.layers.Inputs;
import io.ketju.layers.IntRange;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.loss.ClassShape;
import io.ketju.tensor.kernel.loss.CrossEntropyOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What losses of class indexes share: where the scores of the classes lie, what each target weighs, and which are ignored.
 *
 * @param loss name of the loss, for messages
 * @param weight of each class; empty if all weigh 1
 * @param ignoreIndex target that weighs nothing
 * @param classDim dimension of the classes: 1 or -1, the last
 */
record ClassTargets(String loss, List<Double> weight, int ignoreIndex, int classDim) {
    /** As in PyTorch. */
    static final int IGNORE_INDEX = CrossEntropyOptions.IGNORE_INDEX;

    /** As in PyTorch. */
    static final int CLASS_DIM = 1;

    /** What messages call a target. */
    static final String CLASS = "a class";

    /** So many largest scores are looked at. */
    static final List<Integer> TOP = List.of(3, 5);

    /** No target is ignored. */
    private static final int NO_INDEX = Integer.MIN_VALUE;

    ClassTargets {
        weight = new Weights(loss, "weight", weight).values();
        if (classDim != 1 && classDim != -1) {
            throw new IllegalArgumentException(loss + ": argument 'class_dim': expected 1 or -1, found " + classDim);
        }
    }

    /** What is the same for all of them. */
    static Description describe(Description description) {
        return description
                .derived("weight", "None", "weight of each class: numbers in parentheses")
                .named("ignore_index", IGNORE_INDEX, "target that has no loss and no gradient, and weighs nothing")
                .named("class_dim", CLASS_DIM, "dimension of the classes: 1, or -1 for the last")
                .shapes("output [samples, classes], [samples, classes, ...] or, with class_dim=-1, [samples, ...,"
                        + " classes]; targets int32 [samples, ...]");
    }

    /** Of a loss of scores [samples, classes] that ignores nothing. */
    static ClassTargets ofRows(String loss, List<Double> weight) {
        return new ClassTargets(loss, weight, NO_INDEX, CLASS_DIM);
    }

    static ClassTargets of(Arguments arguments) {
        return new ClassTargets(
                arguments.spec().name(),
                arguments.numbers("weight"),
                arguments.integer("ignore_index"),
                arguments.integer("class_dim"));
    }

    /** The loss's spec with whatever is not usual. */
    Spec addTo(Spec spec) {
        Spec with = new Weights(loss, "weight", weight).addTo(spec);
        with = ignoreIndex == IGNORE_INDEX ? with : with.with("ignore_index", ignoreIndex);
        return classDim == CLASS_DIM ? with : with.with("class_dim", classDim);
    }

    /** Type of the targets for scores of this type: its shape without the classes. */
    TensorType type(List<TensorType> inputs) {
        Inputs.require(inputs, 1);
        Inputs.requireFloats(inputs, 0);
        Shape scores = inputs.getFirst().shape();
        if (scores.rank() < 2 || scores.elements() == 0) {
            throw new IllegalArgumentException(loss + ": expected model output "
                    + (classDim == 1 ? "[samples, classes, ...]" : "[samples, ..., classes]") + ", found " + scores
                    + "; add Flatten() or Linear");
        }
        int classes = scores.dimension(classDim);
        if (!weight.isEmpty() && weight.size() != classes) {
            throw new IllegalArgumentException(
                    loss + ": expected as many classes as weights, " + weight.size() + ", found " + classes);
        }
        int[] all = scores.toArray();
        int[] rest = new int[all.length - 1];
        int skipped = classDim == 1 ? 1 : all.length - 1;
        for (int i = 0; i < rest.length; i++) {
            rest[i] = all[i < skipped ? i : i + 1];
        }
        return TensorType.ints(rest);
    }

    /** The same for scores [samples, classes] only. */
    TensorType typeOfRows(List<TensorType> inputs) {
        return TensorType.ints(scores(inputs).dimension(0));
    }

    /** Shape of scores that can only be [samples, classes]. */
    Shape scores(List<TensorType> inputs) {
        type(inputs);
        Shape scores = inputs.getFirst().shape();
        if (scores.rank() != 2) {
            throw new IllegalArgumentException(
                    loss + ": expected model output [samples, classes], found " + scores + "; add Flatten() or Linear");
        }
        return scores;
    }

    /** Sizes as kernels know them. */
    ClassShape shape(Shape scores) {
        return shape(scores, classDim);
    }

    /** The same for classes that lie in this dimension, 1 or -1. */
    static ClassShape shape(Shape scores, int classDim) {
        int classes = scores.dimension(classDim);
        int targets = scores.elements() / classes;
        return classDim == 1
                ? new ClassShape(scores.dimension(0), classes, targets / scores.dimension(0))
                : ClassShape.rows(targets, classes);
    }

    /** One loss for each target, and the weights. */
    List<TensorType> room(List<TensorType> inputs) {
        List<TensorType> room = new ArrayList<>();
        room.add(TensorType.floats(type(inputs).shape()));
        if (!weight.isEmpty()) {
            room.add(TensorType.floats(weight.size()));
        }
        return room;
    }

    /**
     * What can be measured: a perplexity only where the loss is the mean negative log-likelihood itself.
     *
     * @param likelihood whether the loss of each target is its negative log-likelihood
     */
    List<Metric> metrics(boolean likelihood) {
        List<Metric> metrics = new ArrayList<>();
        metrics.add(new Accuracy(this));
        if (likelihood && weight.isEmpty()) {
            metrics.add(new Perplexity());
            metrics.add(new BitsPerCharacter());
        }
        for (int count : TOP) {
            metrics.add(new TopAccuracy(this, count));
        }
        for (Agreement kind : Agreement.values()) {
            metrics.add(new ClassAgreement(this, kind));
        }
        metrics.add(new ClassArea(this));
        metrics.add(new ClassConfusion(this));
        metrics.add(new TranslationBleu());
        return List.copyOf(metrics);
    }

    /** What kernels are told; weights are written into the room. */
    CrossEntropyOptions options(LossPass pass, double labelSmoothing) {
        return new CrossEntropyOptions((float) pass.scale(), ignoreIndex, (float) labelSmoothing, weights(pass));
    }

    @Nullable
    Tensor weights(LossPass pass) {
        return weight.isEmpty()
                ? null
                : new Weights(loss, "weight", weight).fill(pass.room().getLast());
    }

    /** Sum of what the targets weigh, in their order. Those that are no class weigh nothing; {@link #require} finds them. */
    double weightOf(Tensor targets) {
        double sum = 0;
        for (int i = 0; i < targets.elements(); i++) {
            int target = targets.getInt(i);
            if (target != ignoreIndex) {
                sum += weightOf(target);
            }
        }
        return sum;
    }

    private double weightOf(int target) {
        if (weight.isEmpty()) {
            return 1;
        }
        return target < 0 || target >= weight.size() ? 0 : (float) (double) weight.get(target);
    }

    /** The kernels index with the targets, so they are checked before. */
    void require(Tensor targets, Shape scores) {
        requireRange(loss, targets, type(List.of(TensorType.floats(scores))), range(scores));
    }

    /** The targets are of a type, and all of them in a range. */
    static void requireRange(String loss, Tensor targets, TensorType expected, IntRange range) {
        if (!TensorType.of(targets).equals(expected)) {
            throw new IllegalArgumentException(loss + ": expected targets " + expected + ", found " + targets);
        }
        OptionalInt bad = range.firstOutside(targets);
        if (bad.isPresent()) {
            throw new IllegalArgumentException(loss + ": target of " + IntRange.place(bad.getAsInt(), expected.shape())
                    + " of the micro-batch: expected " + range + ", found " + targets.getInt(bad.getAsInt())
                    + (range.what().equals(CLASS) ? "; give the model more outputs or correct the labels" : ""));
        }
    }

    /** What a target may be for scores of this shape. */
    IntRange range(Shape scores) {
        IntRange range = IntRange.below(CLASS, scores.dimension(classDim));
        return ignoreIndex == NO_INDEX ? range : range.and(ignoreIndex);
    }

    /**
     * How many targets have the largest score, the first of equals, and how many are not ignored.
     *
     * @param largest overwritten with the index of the largest score for each target
     */
    double[] correct(Kernels kernels, Tensor scores, Tensor targets, Tensor largest) {
        ClassShape shape = shape(scores.shape());
        argmax(kernels, shape, scores, largest);
        long correct = 0;
        long counted = 0;
        for (int i = 0; i < shape.targets(); i++) {
            int target = targets.getInt(i);
            counted += target != ignoreIndex ? 1 : 0;
            correct += target != ignoreIndex && target == largest.getInt(i) ? 1 : 0;
        }
        return new double[] {correct, counted};
    }

    /** Takes the class of the largest score and the right one. */
    interface Told {
        void take(int told, int real);
    }

    /** Goes through the targets that are not ignored; the room of the metric is one tensor of their type. */
    void eachTold(MetricPass pass, Told taker) {
        Tensor largest = pass.room().getFirst();
        ClassShape shape = shape(pass.input().shape());
        argmax(pass.kernels(), shape, pass.input(), largest);
        for (int i = 0; i < shape.targets(); i++) {
            int target = pass.target().getInt(i);
            if (target != ignoreIndex) {
                taker.take(largest.getInt(i), target);
            }
        }
    }

    private static void argmax(Kernels kernels, ClassShape shape, Tensor scores, Tensor largest) {
        if (shape.positions() == 1) {
            Shape rows = Shape.of(shape.targets(), shape.classes());
            kernels.indexing().argmax(scores.view(rows), largest);
            return;
        }
        for (int i = 0; i < shape.targets(); i++) {
            int start = i / shape.positions() * shape.classes() * shape.positions() + i % shape.positions();
            int best = 0;
            for (int c = 1; c < shape.classes(); c++) {
                boolean larger = scores.getFloat(start + c * shape.positions())
                        > scores.getFloat(start + best * shape.positions());
                best = larger ? c : best;
            }
            largest.setInt(i, best);
        }
    }
}
