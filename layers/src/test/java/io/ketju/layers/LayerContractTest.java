package io.ketju.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pipeline relies on, for every layer. */
class LayerContractTest {
    private static final long SEED = 5;

    static List<LayerCase> cases() {
        return LayerCase.all();
    }

    private static LayerRun open(LayerCase test) {
        return new LayerRun(test.layer(), test.input(), test.samples(), Kernels.scalar()).withWeights(SEED);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void takesExactlyTheBytesItAnnounces(LayerCase test) {
        try (LayerRun run = open(test)) {
            run.forward(test.batch(), test.inputValues(SEED));
            Tensor gradOutput = run.tensor(test.outputBatch(), test.gradOutputValues(SEED));
            run.backwardInput(gradOutput);
            run.backwardWeight(gradOutput);
            assertThat(run.slotBytesUsed()).isEqualTo(test.layer().slotBytes(test.input(), test.samples()));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void inputGradientLeavesWeightGradientsAlone(LayerCase test) {
        try (LayerRun run = open(test)) {
            run.forward(test.batch(), test.inputValues(SEED));
            run.backwardInput(run.tensor(test.outputBatch(), test.gradOutputValues(SEED)));
            run.gradients.forEach(gradient -> assertThat(gradient.toFloats()).containsOnly(0));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void orderOfInputAndWeightGradientDoesNotMatter(LayerCase test) {
        List<int[]> inputFirst = backward(test, true);
        List<int[]> weightFirst = backward(test, false);
        for (int i = 0; i < inputFirst.size(); i++) {
            assertThat(inputFirst.get(i)).as("tensor %d", i).isEqualTo(weightFirst.get(i));
        }
    }

    private static List<int[]> backward(LayerCase test, boolean inputFirst) {
        try (LayerRun run = open(test)) {
            run.forward(test.batch(), test.inputValues(SEED));
            Tensor gradOutput = run.tensor(test.outputBatch(), test.gradOutputValues(SEED));
            List<int[]> bits = new ArrayList<>();
            if (inputFirst) {
                bits.add(Floats.bits(run.backwardInput(gradOutput)));
                run.backwardWeight(gradOutput);
            } else {
                run.backwardWeight(gradOutput);
                bits.add(Floats.bits(run.backwardInput(gradOutput)));
            }
            run.gradients.forEach(gradient -> bits.add(Floats.bits(gradient)));
            return bits;
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void trainingAndEvaluationAreTheSame(LayerCase test) {
        try (LayerRun run = open(test)) {
            int[] trained = Floats.bits(run.forward(test.batch(), test.inputValues(SEED)));
            run.newMicrobatch();
            run.saved().reset(false);
            assertThat(Floats.bits(run.forward(test.batch(), test.inputValues(SEED))))
                    .isEqualTo(trained);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void backwardWithoutForwardIsAnError(LayerCase test) {
        try (LayerRun run = open(test)) {
            Tensor gradOutput = run.tensor(test.outputBatch(), test.gradOutputValues(SEED));
            assertThatThrownBy(() -> run.backwardInput(gradOutput))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("backward without forward");
        }
    }

    /** Weight gradients of micro-batches add up in their order: ((0 + g0) + g1) + g2 in single precision. */
    @ParameterizedTest
    @MethodSource("cases")
    void microbatchesAddToTheWeightGradients(LayerCase test) {
        // One sample each: then every layer's part is one sum, added once.
        LayerCase single = new LayerCase(test.spec(), test.input(), 1);
        int microbatches = 3;
        try (LayerRun run = open(single);
                LayerRun alone = open(single)) {
            List<float[]> sums = new ArrayList<>();
            run.gradients.forEach(gradient -> sums.add(new float[gradient.elements()]));
            for (int m = 0; m < microbatches; m++) {
                pass(run, single, SEED + m);
                alone.gradients.forEach(Tensor::clear);
                pass(alone, single, SEED + m);
                for (int i = 0; i < sums.size(); i++) {
                    float[] part = alone.gradients.get(i).toFloats();
                    for (int j = 0; j < part.length; j++) {
                        sums.get(i)[j] += part[j];
                    }
                }
            }
            for (int i = 0; i < sums.size(); i++) {
                assertThat(Floats.bits(run.gradients.get(i)))
                        .as("gradient %d of %s, seed %d", i, single, SEED)
                        .isEqualTo(Floats.bits(sums.get(i)));
            }
        }
    }

    private static void pass(LayerRun run, LayerCase test, long seed) {
        run.newMicrobatch();
        run.forward(test.batch(), test.inputValues(seed));
        Tensor gradOutput = run.tensor(test.outputBatch(), test.gradOutputValues(seed));
        run.backwardInput(gradOutput);
        run.backwardWeight(gradOutput);
    }

    /** A sample's output and input gradient do not depend on the samples beside it. */
    @ParameterizedTest
    @MethodSource("cases")
    void samplesAreIndependent(LayerCase test) {
        float[] input = test.inputValues(SEED);
        float[] gradOutput = test.gradOutputValues(SEED);
        int last = test.samples() - 1;
        LayerCase single = new LayerCase(test.spec(), test.input(), 1);
        int in = test.input().elements();
        int out = single.outputBatch().elements();
        try (LayerRun all = open(test);
                LayerRun one = open(single)) {
            Tensor output = all.forward(test.batch(), input).samples(last, 1);
            Tensor alone = one.forward(single.batch(), Arrays.copyOfRange(input, last * in, input.length));
            assertThat(Floats.bits(alone)).isEqualTo(Floats.bits(output));

            Tensor gradInput = all.backwardInput(all.tensor(test.outputBatch(), gradOutput))
                    .samples(last, 1);
            float[] gradient = Arrays.copyOfRange(gradOutput, last * out, gradOutput.length);
            assertThat(Floats.bits(one.backwardInput(one.tensor(single.outputBatch(), gradient))))
                    .isEqualTo(Floats.bits(gradInput));
        }
    }

    @Test
    void flattenCopiesNothing() {
        LayerCase test = LayerCase.all().getLast();
        try (LayerRun run = open(test)) {
            Tensor input = run.tensor(test.batch(), test.inputValues(SEED));
            Tensor output = test.layer().forward(input, run.saved());
            assertThat(output.segment()).isEqualTo(input.segment());
            assertThat(test.layer().backwardInput(output, run.saved()).segment())
                    .isEqualTo(input.segment());
        }
    }
}
