package io.ketju.layers;

import io.ketju.layers.DoubleReference.Call;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import java.util.List;
import java.util.function.Supplier;
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
        List<float[]> gradOutput = test.gradOutputValues(SEED);
        try (LayerRun run = new LayerRun(test, Kernels.scalar()).withWeights(SEED)) {
            Call call = new Call(
                    test.inputs(),
                    doubles(test.inputValues(SEED)),
                    doubles(run.parameters.stream().map(Tensor::toFloats).toList()));
            Supplier<List<double[]>> reference = () -> DoubleReference.forward(layer, call);

            List<Tensor> outputs = run.forward(test.inputValues(SEED));
            for (int i = 0; i < outputs.size(); i++) {
                Floats.assertClose(
                        "output " + i,
                        outputs.get(i).toFloats(),
                        reference.get().get(i),
                        TOLERANCE);
            }
            List<Tensor> gradInputs = run.backwardInput(gradOutput);
            for (int i = 0; i < gradInputs.size(); i++) {
                if (gradInputs.get(i) != null) {
                    check("gradInput " + i, gradInputs.get(i), call.inputs().get(i), gradOutput, reference);
                }
            }
            run.backwardWeight(gradOutput);
            for (int i = 0; i < run.gradients.size(); i++) {
                if (run.gradients.get(i) != null) {
                    String name = "gradient of " + layer.parameters().get(i).name();
                    check(name, run.gradients.get(i), call.parameter(i), gradOutput, reference);
                }
            }
        }
    }

    private static void check(
            String what, Tensor actual, double[] varied, List<float[]> gradOutput, Supplier<List<double[]>> reference) {
        double[] expected = DoubleReference.gradient(varied, doubles(gradOutput), reference);
        Floats.assertClose(what, actual.toFloats(), expected, TOLERANCE);
    }

    private static List<double[]> doubles(List<float[]> values) {
        return values.stream().map(Floats::toDoubles).toList();
    }
}
