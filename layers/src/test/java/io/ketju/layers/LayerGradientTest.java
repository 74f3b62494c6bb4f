package io.ketju.layers;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Forward and hand-written backward against a double-precision reference and its central differences. */
class LayerGradientTest {
    private static final long SEED = 11;
    /** Single precision over sums of at most 100 terms; relative to the largest value of the tensor. */
    private static final double TOLERANCE = 2e-6;

    static List<LayerCase> cases() {
        return LayerCase.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void backwardIsTheDerivativeOfForward(LayerCase test) {
        Layer layer = test.layer();
        float[] input = test.inputValues(SEED);
        float[] gradOutput = test.gradOutputValues(SEED);
        try (LayerRun run = new LayerRun(layer, test.input(), test.samples(), Kernels.scalar()).withWeights(SEED)) {
            double[] x = Floats.toDoubles(input);
            double[] dy = Floats.toDoubles(gradOutput);
            List<double[]> weights = run.parameters.stream()
                    .map(tensor -> Floats.toDoubles(tensor.toFloats()))
                    .toList();

            Tensor output = run.forward(test.batch(), input);
            Floats.assertClose(
                    "output", output.toFloats(), DoubleReference.forward(layer, test.input(), x, weights), TOLERANCE);

            Tensor gradient = run.tensor(test.outputBatch(), gradOutput);
            double[] gradInput =
                    DoubleReference.gradient(x, dy, () -> DoubleReference.forward(layer, test.input(), x, weights));
            Floats.assertClose("gradInput", run.backwardInput(gradient).toFloats(), gradInput, TOLERANCE);

            run.backwardWeight(gradient);
            for (int i = 0; i < weights.size(); i++) {
                double[] expected = DoubleReference.gradient(
                        weights.get(i), dy, () -> DoubleReference.forward(layer, test.input(), x, weights));
                String name = "gradient of " + layer.parameters().get(i).name();
                Floats.assertClose(name, run.gradients.get(i).toFloats(), expected, TOLERANCE);
            }
        }
    }
}
