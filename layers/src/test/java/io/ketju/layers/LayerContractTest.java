package io.ketju.layers;

import static io.ketju.layers.Floats.assertSame;
import static io.ketju.layers.Floats.bits;
import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.layers.LayerCase.Fact;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pipeline relies on, for every layer; the backward passes have {@link LayerBackwardContractTest}. */
class LayerContractTest {
    private static final long SEED = 5;

    static List<LayerCase> cases() {
        return LayerCase.all();
    }

    private static LayerRun open(LayerCase test) {
        return new LayerRun(test, Kernels.scalar()).withWeights(SEED);
    }

    /** Which the run fills with NaN before. */
    @ParameterizedTest
    @MethodSource("cases")
    void overwritesAllThatItAnnounces(LayerCase test) {
        try (LayerRun run = open(test)) {
            List<Tensor> outputs = run.forward(test.inputValues(SEED));
            assertThat(outputs.stream().map(TensorType::of)).isEqualTo(test.outputs());
            outputs.forEach(LayerContractTest::assertNumbers);
            run.untilStep().forEach(LayerContractTest::assertNumbers);
            for (Tensor gradInput : run.backwardInput(test.gradOutputValues(SEED))) {
                assertNumbers(gradInput);
            }
            run.backwardWeight(test.gradOutputValues(SEED));
            run.gradients.forEach(LayerContractTest::assertNumbers);
            run.forward(test.inputValues(SEED), false).forEach(LayerContractTest::assertNumbers);
        }
    }

    private static void assertNumbers(Tensor tensor) {
        for (float value : tensor == null ? new float[0] : tensor.toFloats()) {
            assertThat(value).isNotNaN();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void changesNothingElse(LayerCase test) {
        List<float[]> inputs = test.inputValues(SEED);
        List<float[]> gradOutput = test.gradOutputValues(SEED);
        try (LayerRun run = open(test)) {
            List<int[]> parameters = bits(run.parameters);
            run.forward(inputs);
            List<int[]> read = bits(run.inputs());
            List<int[]> left = Stream.of(run.kept(), run.untilStep())
                    .flatMap(tensors -> bits(tensors).stream())
                    .toList();
            run.backwardInput(gradOutput);
            assertSame(
                    "weight gradients",
                    run.gradientBits(),
                    run.gradientBits().stream()
                            .map(gradient -> new int[gradient.length])
                            .toList());
            run.backwardWeight(gradOutput);
            assertSame(
                    "gradients of outputs",
                    bits(run.gradOutputs()),
                    gradOutput.stream().map(Floats::bits).toList());
            assertSame("parameters", bits(run.parameters), parameters);
            assertSame(
                    "what forward left",
                    Stream.of(run.kept(), run.untilStep())
                            .flatMap(tensors -> bits(tensors).stream())
                            .toList(),
                    left);
            for (int i = 0; i < inputs.size(); i++) {
                LayerRun.set(run.inputs().get(i), inputs.get(i));
            }
            assertSame("inputs", read, bits(run.inputs()));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void recomputingGivesTheSameBits(LayerCase test) {
        try (LayerRun run = open(test)) {
            List<int[]> first = everything(run, test);
            assertSame("again", everything(run, test), first);
        }
    }

    private static List<int[]> everything(LayerRun run, LayerCase test) {
        return Stream.of(run.forward(test.inputValues(SEED)), run.kept(), run.untilStep())
                .flatMap(tensors -> bits(tensors).stream())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void trainingAndEvaluationAreTheSameIfSaid(LayerCase test) {
        try (LayerRun run = open(test)) {
            List<int[]> trained = bits(run.forward(test.inputValues(SEED)));
            boolean same = Floats.same(bits(run.forward(test.inputValues(SEED), false)), trained);
            assertThat(same).isEqualTo(!test.is(Fact.TRAINING_DIFFERS));
        }
    }

    /** What forward leaves until the step is for the commit, whose layers have buffers to change. */
    @ParameterizedTest
    @MethodSource("cases")
    void commitChangesBuffersAlone(LayerCase test) {
        try (LayerRun run = open(test)) {
            run.forward(test.inputValues(SEED));
            List<int[]> before = bits(run.parameters);
            boolean leaves = !run.untilStep().isEmpty();
            run.commit();
            for (int i = 0; i < before.size(); i++) {
                boolean changes = leaves && !test.layer().parameters().get(i).learns();
                assertThat(Arrays.equals(Floats.bits(run.parameters.get(i)), before.get(i)))
                        .as("parameter %d stays", i)
                        .isEqualTo(!changes);
            }
        }
    }

    /** Whether the last sample's outputs and input gradients stay the same when the first sample is another. */
    @ParameterizedTest
    @MethodSource("cases")
    void samplesAreIndependentIfSaid(LayerCase test) {
        if (test.samples() == 1) {
            assertThat(test.samplesAreIndependent()).isTrue();
            return;
        }
        if (test.tensors().stream().anyMatch(tensor -> tensor.fill() == CaseTensor.Fill.OFFSETS)) {
            // Bags behind each other in one row: the first offset is always 0, and no sample can be taken out alone.
            assertThat(test.samplesAreIndependent()).isFalse();
            return;
        }
        List<float[]> inputs = test.inputValues(SEED);
        List<float[]> gradOutput = test.gradOutputValues(SEED);
        List<int[]> before = ofLastSample(test, inputs, gradOutput);
        List<float[]> others = test.inputValues(SEED + 1);
        for (int i = 0; i < inputs.size(); i++) {
            if (test.tensors().get(i).constant()) {
                others.set(i, inputs.get(i));
            }
        }
        replaceFirstSample(inputs, others, test.inputs());
        replaceFirstSample(gradOutput, test.gradOutputValues(SEED + 1), test.outputs());
        assertThat(Floats.same(ofLastSample(test, inputs, gradOutput), before)).isEqualTo(test.samplesAreIndependent());
    }

    private static void replaceFirstSample(List<float[]> values, List<float[]> by, List<TensorType> types) {
        for (int i = 0; i < values.size(); i++) {
            System.arraycopy(
                    by.get(i),
                    0,
                    values.get(i),
                    0,
                    types.get(i).shape().sample().elements());
        }
    }

    private static List<int[]> ofLastSample(LayerCase test, List<float[]> inputs, List<float[]> gradOutput) {
        try (LayerRun run = open(test)) {
            List<int[]> bits = lastSample(run.forward(inputs));
            bits.addAll(lastSample(run.backwardInput(gradOutput)));
            return bits;
        }
    }

    /** A sample gets the same bits in whatever micro-batch it is, in training and not. */
    @ParameterizedTest
    @MethodSource("cases")
    void microbatchesMayBeCutAnywhere(LayerCase test) {
        if (!test.samplesAreIndependent()) {
            return;
        }
        int last = test.samples() - 1;
        List<float[]> inputs = test.sample(test.inputValues(SEED), last);
        List<float[]> gradOutput = LayerCase.sample(test.gradOutputValues(SEED), test.outputs(), last);
        try (LayerRun all = open(test);
                LayerRun one = open(test.withSamples(1)).at(1, last)) {
            for (boolean training : new boolean[] {false, true}) {
                assertSame(
                        "outputs",
                        bits(one.forward(inputs, training)),
                        lastSample(all.forward(test.inputValues(SEED), training)));
            }
            assertSame(
                    "input gradients",
                    bits(one.backwardInput(gradOutput)),
                    lastSample(all.backwardInput(test.gradOutputValues(SEED))));
        }
    }

    private static List<int[]> lastSample(List<Tensor> tensors) {
        return new ArrayList<>(tensors.stream()
                .map(tensor -> tensor == null
                        ? new int[0]
                        : Floats.bits(tensor.samples(tensor.shape().dimension(0) - 1, 1)))
                .toList());
    }

    /** Memory is planned for the largest inputs: nothing may be larger for smaller ones, nor read more. */
    @ParameterizedTest
    @MethodSource("cases")
    void largerInputsNeverGiveSmallerOutputs(LayerCase test) {
        Layer layer = test.layer();
        int rank = test.inputs().stream()
                .mapToInt(type -> type.shape().rank())
                .max()
                .orElseThrow();
        int legal = 0;
        for (int dimension = 0; dimension < rank; dimension++) {
            List<TensorType> smaller = test.inputs();
            for (int by = 1; by <= 5; by++) {
                List<TensorType> larger = test.enlarged(dimension, by);
                if (fits(layer, larger)) {
                    legal++;
                    assertGrows(layer.outputs(smaller), layer.outputs(larger));
                    Footprint small = layer.footprint(smaller);
                    Footprint large = layer.footprint(larger);
                    assertGrows(small.kept(), large.kept());
                    assertGrows(small.untilStep(), large.untilStep());
                    assertThat(large.workspace()).hasSameSizeAs(small.workspace());
                    assertThat(large.inputGradientReads()).isEqualTo(small.inputGradientReads());
                    assertThat(large.weightGradientReads()).isEqualTo(small.weightGradientReads());
                    assertThat(large.view()).isEqualTo(small.view());
                    assertThat(layer.forwardFlops(larger)).isGreaterThanOrEqualTo(layer.forwardFlops(smaller));
                    smaller = larger;
                }
            }
        }
        // There may always be more samples.
        assertThat(legal).isGreaterThanOrEqualTo(5);
    }

    private static boolean fits(Layer layer, List<TensorType> inputs) {
        try {
            layer.outputs(inputs);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static void assertGrows(List<TensorType> smaller, List<TensorType> larger) {
        assertThat(larger).hasSameSizeAs(smaller);
        for (int i = 0; i < smaller.size(); i++) {
            Shape small = smaller.get(i).shape();
            Shape large = larger.get(i).shape();
            assertThat(large.rank()).isEqualTo(small.rank());
            for (int dimension = 0; dimension < small.rank(); dimension++) {
                assertThat(large.dimension(dimension)).isGreaterThanOrEqualTo(small.dimension(dimension));
            }
        }
    }

    @Test
    void flattenIsAView() {
        LayerCase test = LayerCase.of("Flatten()", 2, 3, 2, 5);
        assertThat(test.layer().footprint(test.inputs())).isEqualTo(Footprint.VIEW);
        assertThat(test.outputs()).containsExactly(TensorType.floats(2, 30));
    }
}
