package io.ketju.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.layers.Goldens.Golden;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every layer gives what PyTorch gives, forward and backward, under PyTorch's names. */
class LayerGoldenTest {
    /** Both sides are single precision with different orders of summation; relative to the largest value. */
    private static final double TOLERANCE = 2e-6;

    static List<String> layers() {
        return Goldens.casesWith("gradOutput");
    }

    @ParameterizedTest
    @MethodSource("layers")
    void equalsPyTorch(String spec) {
        Layer layer = Layers.parse(spec);
        Golden input = Goldens.get(spec + "/input");
        Golden output = Goldens.get(spec + "/output");
        Shape sample = input.shape().sample();
        assertThat(layer.toString()).isEqualTo(spec);
        assertThat(layer.outputShape(sample)).isEqualTo(output.shape().sample());

        try (LayerRun run = new LayerRun(layer, sample, input.shape().dimension(0), Kernels.scalar())) {
            List<Parameter> parameters = layer.parameters();
            for (int i = 0; i < parameters.size(); i++) {
                Golden value = Goldens.get(spec + "/" + parameters.get(i).name());
                assertThat(value.shape()).isEqualTo(parameters.get(i).shape());
                run.parameters.get(i).copyFrom(value.values());
            }
            Tensor actual = run.forward(input.shape(), input.values());
            assertThat(actual.shape()).isEqualTo(output.shape());
            Floats.assertClose("output", actual.toFloats(), output.values(), TOLERANCE);

            Tensor gradOutput =
                    run.tensor(output.shape(), Goldens.get(spec + "/gradOutput").values());
            Tensor gradInput = run.backwardInput(gradOutput);
            assertThat(gradInput.shape()).isEqualTo(input.shape());
            float[] expected = Goldens.get(spec + "/gradInput").values();
            Floats.assertClose("gradInput", gradInput.toFloats(), expected, TOLERANCE);

            run.backwardWeight(gradOutput);
            for (int i = 0; i < parameters.size(); i++) {
                String name = parameters.get(i).name() + ".grad";
                float[] gradient = Goldens.get(spec + "/" + name).values();
                Floats.assertClose(name, run.gradients.get(i).toFloats(), gradient, TOLERANCE);
            }
        }
    }
}
