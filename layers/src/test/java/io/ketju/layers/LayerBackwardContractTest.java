package io.ketju.layers;

import static io.ketju.layers.Floats.assertSame;
import static io.ketju.layers.Floats.bits;
import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.layers.LayerCase.Fact;
import io.ketju.layers.LayerRun.Options;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pipeline relies on in the backward passes of every layer. */
class LayerBackwardContractTest {
    private static final long SEED = 5;

    static List<LayerCase> cases() {
        return LayerCase.all();
    }

    private static LayerRun open(LayerCase test, Options options) {
        return new LayerRun(test, Kernels.scalar(), options).withWeights(SEED);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void orderOfInputAndWeightGradientDoesNotMatter(LayerCase test) {
        List<int[]> inputFirst = backward(test, Options.USUAL, true);
        assertSame("weight first", backward(test, Options.USUAL, false), inputFirst);
    }

    static List<LayerCase> sparse() {
        return cases().stream()
                .filter(test -> test.layer().parameters().stream().anyMatch(Parameter::sparse))
                .toList();
    }

    /** Everything that is added to a sparse gradient is in rows that the layer names; clearing those clears all. */
    @ParameterizedTest
    @MethodSource("sparse")
    void sparseGradientsAreInTheRowsThatAreNamed(LayerCase test) {
        try (LayerRun run = open(test, Options.USUAL)) {
            run.forward(test.inputValues(SEED));
            run.backwardWeight(test.gradOutputValues(SEED));
            assertThat(run.touched()).isNotEmpty();
            run.touched().forEach((index, rows) -> {
                assertThat(rows.count()).isPositive();
                rows.clear(run.gradient(index));
                assertThat(run.gradient(index).toFloats()).containsOnly(0);
                assertThat(rows.count()).isZero();
            });
        }
    }

    static List<LayerCase> fullBackwards() {
        return cases().stream()
                .filter(test -> test.layer() instanceof FullBackward)
                .toList();
    }

    /** Also where some weights are frozen. */
    @ParameterizedTest
    @MethodSource("fullBackwards")
    void fullBackwardGivesTheBitsOfItsParts(LayerCase test) {
        List<Set<Integer>> frozen = List.of(Set.of(), Set.of(0), Set.of(1), Set.of(0, 1));
        for (Set<Integer> some : frozen) {
            Options options = new Options(false, some, Set.of());
            try (LayerRun run = open(test, options)) {
                run.forward(test.inputValues(SEED));
                List<int[]> bits = bits(run.backward(test.gradOutputValues(SEED)));
                bits.addAll(run.gradientBits());
                assertSame("without " + some, bits, backward(test, options, true));
            }
        }
    }

    /** Gradients of the inputs, then of the parameters. */
    private static List<int[]> backward(LayerCase test, Options options, boolean inputFirst) {
        List<float[]> gradOutput = test.gradOutputValues(SEED);
        try (LayerRun run = open(test, options)) {
            run.forward(test.inputValues(SEED));
            List<int[]> bits = new ArrayList<>();
            if (inputFirst) {
                bits.addAll(bits(run.backwardInput(gradOutput)));
                run.backwardWeight(gradOutput);
            } else {
                run.backwardWeight(gradOutput);
                bits.addAll(bits(run.backwardInput(gradOutput)));
            }
            bits.addAll(run.gradientBits());
            return bits;
        }
    }

    /**
     * Weight gradients of micro-batches add up in their order: ((0 + g0) + g1) + g2 in single precision. Of one sample
     * each where samples are independent: then most layers' part is one sum, added once.
     */
    @ParameterizedTest
    @MethodSource("cases")
    void microbatchesAddToTheWeightGradients(LayerCase test) {
        LayerCase single = test.samplesAreIndependent() ? test.withSamples(1) : test;
        try (LayerRun run = open(single, Options.USUAL)) {
            List<float[]> sums = new ArrayList<>();
            run.gradientBits().forEach(gradient -> sums.add(new float[gradient.length]));
            for (int m = 0; m < 3; m++) {
                pass(run, single, SEED + m);
                addPart(sums, single, SEED + m);
            }
            for (int i = 0; i < sums.size(); i++) {
                if (run.gradients.get(i) == null) {
                    continue;
                }
                if (!test.is(Fact.ADDS_MANY_SUMS)) {
                    assertThat(Floats.bits(run.gradients.get(i)))
                            .as("gradient %d of %s, seed %d", i, single, SEED)
                            .isEqualTo(Floats.bits(sums.get(i)));
                }
                Floats.assertClose("gradient " + i, run.gradients.get(i).toFloats(), sums.get(i), 1e-6);
            }
        }
    }

    private static void addPart(List<float[]> sums, LayerCase test, long seed) {
        try (LayerRun alone = open(test, Options.USUAL)) {
            pass(alone, test, seed);
            for (int i = 0; i < sums.size(); i++) {
                float[] part = alone.gradients.get(i) == null
                        ? new float[0]
                        : alone.gradients.get(i).toFloats();
                for (int j = 0; j < part.length; j++) {
                    sums.get(i)[j] += part[j];
                }
            }
        }
    }

    private static void pass(LayerRun run, LayerCase test, long seed) {
        run.forward(test.inputValues(seed));
        run.backwardInput(test.gradOutputValues(seed));
        run.backwardWeight(test.gradOutputValues(seed));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void frozenWeightsChangeNoOtherBits(LayerCase test) {
        List<int[]> expected = backward(test, Options.USUAL, true);
        int inputs = test.inputs().size();
        for (int frozen = 0; frozen < test.layer().parameters().size(); frozen++) {
            List<int[]> bits = backward(test, new Options(false, Set.of(frozen), Set.of()), true);
            assertThat(bits.get(inputs + frozen)).isEmpty();
            bits.set(inputs + frozen, expected.get(inputs + frozen));
            assertSame("without parameter " + frozen, bits, expected);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void unwantedInputGradientsChangeNoOtherBits(LayerCase test) {
        List<int[]> expected = backward(test, Options.USUAL, true);
        for (int unwanted = 0; unwanted < test.inputs().size(); unwanted++) {
            List<int[]> bits = backward(test, new Options(false, Set.of(), Set.of(unwanted)), true);
            assertThat(bits.get(unwanted)).isEmpty();
            bits.set(unwanted, expected.get(unwanted));
            assertSame("without input " + unwanted, bits, expected);
        }
    }

    /** An output that no loss depends on gets no gradient, which counts as zeros. At least one output gets some. */
    @ParameterizedTest
    @MethodSource("cases")
    void absentOutputGradientsAreZeros(LayerCase test) {
        int outputs = test.outputs().size();
        for (int absent = 0; absent < outputs && outputs > 1; absent++) {
            List<float[]> with = new ArrayList<>(test.gradOutputValues(SEED));
            with.set(absent, new float[with.get(absent).length]);
            List<float[]> without = new ArrayList<>(with);
            without.set(absent, null);
            for (int i = 0; i < 2; i++) {
                List<float[]> all = sums(test, i == 0 ? with : without);
                List<float[]> other = sums(test, i == 0 ? without : with);
                for (int j = 0; j < all.size(); j++) {
                    assertThat(all.get(j))
                            .as("tensor %d without output %d", j, absent)
                            .isEqualTo(other.get(j));
                }
            }
        }
    }

    /** As numbers: zeros of both signs are the same. */
    private static List<float[]> sums(LayerCase test, List<float[]> gradOutput) {
        try (LayerRun run = open(test, Options.USUAL)) {
            run.forward(test.inputValues(SEED));
            List<float[]> values = new ArrayList<>();
            run.backwardInput(gradOutput).forEach(gradient -> values.add(plusZero(gradient)));
            run.backwardWeight(gradOutput);
            run.gradients.forEach(gradient -> values.add(plusZero(gradient)));
            return values;
        }
    }

    private static float[] plusZero(Tensor tensor) {
        float[] values = tensor == null ? new float[0] : tensor.toFloats();
        for (int i = 0; i < values.length; i++) {
            values[i] += 0f;
        }
        return values;
    }
}
