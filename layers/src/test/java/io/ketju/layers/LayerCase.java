package io.ketju.layers;

import io.ketju.layers.arithmetic.Add;
import io.ketju.layers.catalogue.Layers;
import io.ketju.layers.convolution.Conv2d;
import io.ketju.layers.embedding.Embedding;
import io.ketju.layers.embedding.Positions;
import io.ketju.layers.graph.SparseMatMul;
import io.ketju.layers.linear.Bias;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.normalization.BatchNorm1d;
import io.ketju.layers.normalization.BatchNorm2d;
import io.ketju.layers.normalization.LayerNorm;
import io.ketju.layers.pooling.AdaptiveAvgPool2d;
import io.ketju.layers.pooling.MaxPool2d;
import io.ketju.layers.regularization.Dropout;
import io.ketju.layers.shape.Flatten;
import io.ketju.layers.shape.Narrow;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.random.CounterRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A layer on inputs of odd sizes, samples outermost: every test of all layers goes through all of them.
 *
 * @param bound elements of int32 inputs are below it
 * @param facts what a test may rely on
 */
record LayerCase(String spec, List<TensorType> inputs, int bound, Facts facts) {
    /**
     * What is true of most layers; the contract tests that it is not where a case says so.
     *
     * @param samplesAreIndependent whether a sample's outputs and input gradients depend on that sample alone
     * @param trainingEqualsEvaluation whether forward gives the same bits in both
     * @param addsOneSum whether one sample's part of a weight gradient is summed before it is added
     */
    record Facts(boolean samplesAreIndependent, boolean trainingEqualsEvaluation, boolean addsOneSum) {
        static final Facts USUAL = new Facts(true, true, true);
    }

    static List<LayerCase> all() {
        List<LayerCase> cases = new ArrayList<>(plain());
        cases.addAll(further());
        cases.addAll(SequenceCases.all());
        return cases;
    }

    private static List<LayerCase> plain() {
        return List.of(
                of("Linear(1, 1)", 1, 1),
                of("Linear(7, 5)", 3, 7),
                of("Linear(33, 17, bias=false)", 5, 33),
                of("Linear(6, 4)", 2, 3, 6),
                of("Linear(19, 31)", 1, 19),
                of("Conv2d(1, 1, 1)", 1, 1, 1, 1),
                of("Conv2d(1, 3, 3)", 2, 1, 6, 5),
                of("Conv2d(3, 5, 3, padding=1)", 2, 3, 4, 7),
                of("Conv2d(2, 4, 5, stride=2, padding=2)", 2, 2, 7, 8),
                of("Conv2d(2, 3, (3, 2), stride=(2, 3), padding=(2, 1), bias=false)", 3, 2, 6, 7),
                of("Conv2d(1, 17, 2, stride=3)", 2, 1, 8, 7),
                of("MaxPool2d(2)", 2, 3, 6, 7),
                of("MaxPool2d(3, 2, 1)", 2, 2, 7, 8),
                of("MaxPool2d((2, 3), stride=1)", 1, 2, 5, 5),
                of("MaxPool2d(2, stride=3)", 3, 1, 9, 8),
                of("ReLU()", 4, 19),
                of("Tanh()", 3, 5, 7),
                of("Flatten()", 2, 3, 2, 5),
                of("GELU()", 4, 19),
                of("GELU(approximate=tanh)", 3, 5, 7),
                of("SiLU()", 4, 19),
                of("Sigmoid()", 3, 33),
                of("AdaptiveAvgPool2d(1)", 2, 3, 5, 7),
                of("AdaptiveAvgPool2d(1)", 3, 1, 1, 1),
                of("Add()", TensorType.floats(3, 5), TensorType.floats(3, 5)),
                of("Add()", TensorType.floats(2, 7, 3), TensorType.floats(2, 7, 3), TensorType.floats(2, 7, 3)),
                of("Embedding(7, 5)", TensorType.ints(4)).boundedBy(7),
                of("Embedding(5, 3, padding_idx=4)", TensorType.ints(3, 7))
                        .boundedBy(5)
                        .addsManySums(),
                of("Embedding(1, 17)", TensorType.ints(2, 1, 3)).addsManySums(),
                of("Narrow(1, 2, 3)", 3, 7),
                of("Narrow(2, -2, 2)", 2, 3, 5, 3),
                of("Narrow(1, 0, 5)", 2, 5, 1),
                of("Bias(5)", 3, 5),
                of("Bias(3)", 2, 7, 3),
                of("Positions(5, 3)", 3, 5, 3),
                of("Positions(9, 4)", 2, 3, 4));
    }

    private static List<LayerCase> further() {
        return List.of(
                of("LayerNorm(7)", 3, 7),
                of("LayerNorm(5, bias=false)", 1, 5),
                of("LayerNorm((3, 5), eps=0.01)", 2, 4, 3, 5),
                of("LayerNorm(33, elementwise_affine=false)", 5, 3, 33),
                of("BatchNorm1d(5)", 7, 5).samplesDepend().trainingDiffers(),
                of("BatchNorm1d(3, momentum=0.3)", 2, 3, 5).samplesDepend().trainingDiffers(),
                of("BatchNorm2d(3)", 3, 3, 4, 5).samplesDepend().trainingDiffers(),
                of("BatchNorm2d(2, affine=false, eps=0.01)", 2, 2, 3, 1)
                        .samplesDepend()
                        .trainingDiffers(),
                of("BatchNorm2d(3, track_running_stats=false)", 2, 3, 2, 2).samplesDepend(),
                of(
                                "SparseMatMul()",
                                TensorType.floats(5, 3),
                                TensorType.ints(8),
                                TensorType.ints(17),
                                TensorType.floats(17))
                        .boundedBy(5)
                        .samplesDepend(),
                of(
                                "SparseMatMul()",
                                TensorType.floats(2, 33),
                                TensorType.ints(4),
                                TensorType.ints(1),
                                TensorType.floats(1))
                        .boundedBy(2)
                        .samplesDepend(),
                of("Dropout()", 4, 19).trainingDiffers(),
                of("Dropout(0.3)", 3, 5, 7).trainingDiffers(),
                of("Dropout(0)", 3, 5),
                of("Dropout(1)", 2, 33).trainingDiffers());
    }

    /** One float32 input. */
    static LayerCase of(String spec, int... input) {
        return of(spec, TensorType.floats(input));
    }

    static LayerCase of(String spec, TensorType... inputs) {
        return new LayerCase(spec, List.of(inputs), 1, Facts.USUAL);
    }

    LayerCase boundedBy(int other) {
        return new LayerCase(spec, inputs, other, facts);
    }

    LayerCase samplesDepend() {
        return with(new Facts(false, facts.trainingEqualsEvaluation(), facts.addsOneSum()));
    }

    LayerCase trainingDiffers() {
        return with(new Facts(facts.samplesAreIndependent(), false, facts.addsOneSum()));
    }

    LayerCase addsManySums() {
        return with(new Facts(facts.samplesAreIndependent(), facts.trainingEqualsEvaluation(), false));
    }

    private LayerCase with(Facts other) {
        return new LayerCase(spec, inputs, bound, other);
    }

    /** The same layer on so many samples. */
    LayerCase withSamples(int samples) {
        List<TensorType> others = inputs.stream()
                .map(type -> type.withShape(type.shape().sample().batched(samples)))
                .toList();
        return new LayerCase(spec, others, bound, facts);
    }

    Layer layer() {
        return Layers.parse(spec);
    }

    int samples() {
        return inputs.getFirst().shape().dimension(0);
    }

    List<TensorType> outputs() {
        return layer().outputs(inputs);
    }

    /** Normal numbers for float32 inputs, whole ones below the bound for int32 inputs. */
    List<float[]> inputValues(long seed) {
        List<float[]> values = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            boolean rows = i == 1 && layer() instanceof SparseMatMul;
            values.add(rows ? rowPointers() : values(inputs.get(i), seed, "input" + i));
        }
        return values;
    }

    /** As many elements in every row of a sparse matrix, or one fewer. */
    private float[] rowPointers() {
        int rows = inputs.get(1).shape().elements() - 1;
        int elements = inputs.get(2).shape().elements();
        float[] pointers = new float[rows + 1];
        for (int row = 0; row <= rows; row++) {
            int first = row * elements / rows;
            pointers[row] = first;
        }
        return pointers;
    }

    private float[] values(TensorType type, long seed, String name) {
        int count = type.shape().elements();
        if (type.differentiable()) {
            return Floats.normal(seed, name, count);
        }
        CounterRandom random = CounterRandom.of(seed, name);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.below(i, bound);
        }
        return values;
    }

    List<float[]> gradOutputValues(long seed) {
        List<float[]> values = new ArrayList<>();
        List<TensorType> outputs = outputs();
        for (int i = 0; i < outputs.size(); i++) {
            values.add(
                    Floats.normal(seed, "gradOutput" + i, outputs.get(i).shape().elements()));
        }
        return values;
    }

    /** The values of one sample of some tensors. */
    static List<float[]> sample(List<float[]> values, List<TensorType> types, int index) {
        List<float[]> parts = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            int size = types.get(i).shape().sample().elements();
            parts.add(Arrays.copyOfRange(values.get(i), index * size, (index + 1) * size));
        }
        return parts;
    }

    /** The types with one dimension more by so much, in all of them that have it; samples are dimension 0. */
    static List<TensorType> enlarged(List<TensorType> types, int dimension, int by) {
        return types.stream()
                .map(type -> {
                    int[] dimensions = type.shape().toArray();
                    if (dimension < dimensions.length) {
                        dimensions[dimension] += by;
                    }
                    return type.withShape(Shape.of(dimensions));
                })
                .toList();
    }

    @Override
    public String toString() {
        return spec + " on " + inputs;
    }
}
