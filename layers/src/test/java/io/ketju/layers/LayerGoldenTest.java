package io.ketju.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.layers.Goldens.Golden;
import io.ketju.layers.catalogue.Layers;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.Kernels;
import java.util.ArrayList;
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
        assertThat(layer.toString()).isEqualTo(spec);
        List<Golden> inputs = all(spec + "/input");
        List<TensorType> types = inputs.stream().map(Golden::type).toList();
        List<Golden> outputs = all(spec + "/output");
        assertThat(layer.outputs(types))
                .isEqualTo(outputs.stream().map(Golden::type).toList());

        try (LayerRun run = new LayerRun(layer, types, Kernels.scalar(), LayerRun.Options.USUAL)) {
            List<Parameter> parameters = layer.parameters();
            for (int i = 0; i < parameters.size(); i++) {
                Golden value = Goldens.get(spec + "/" + parameters.get(i).name());
                assertThat(value.shape()).isEqualTo(parameters.get(i).shape());
                run.parameters.get(i).copyFrom(value.values());
            }
            if (Goldens.has(spec + "/evaluation")) {
                assertClose(
                        spec + "/evaluation", run.forward(values(inputs), false).getFirst());
            }
            List<Tensor> actual = run.forward(values(inputs));
            for (int i = 0; i < actual.size(); i++) {
                assertClose(nth(spec + "/output", i), actual.get(i));
            }
            checkGradients(spec, run, parameters);
        }
    }

    /** A gradient that PyTorch does not give is none. */
    private static void checkGradients(String spec, LayerRun run, List<Parameter> parameters) {
        List<float[]> gradOutput = values(all(spec + "/gradOutput"));
        List<Tensor> gradInputs = run.backwardInput(gradOutput);
        for (int i = 0; i < gradInputs.size(); i++) {
            String name = nth(spec + "/gradInput", i);
            assertThat(gradInputs.get(i) != null).as(name).isEqualTo(Goldens.has(name));
            if (gradInputs.get(i) != null) {
                assertClose(name, gradInputs.get(i));
            }
        }
        run.backwardWeight(gradOutput);
        run.commit();
        for (int i = 0; i < parameters.size(); i++) {
            String name = spec + "/" + parameters.get(i).name();
            if (parameters.get(i).learns()) {
                assertClose(name + ".grad", run.gradients.get(i));
            } else {
                assertClose(name + ".end", run.parameters.get(i));
            }
        }
    }

    private static void assertClose(String name, Tensor actual) {
        Golden expected = Goldens.get(name);
        assertThat(actual.shape()).as(name).isEqualTo(expected.shape());
        Floats.assertClose(name, actual.toFloats(), expected.values(), TOLERANCE);
    }

    private static List<float[]> values(List<Golden> goldens) {
        return goldens.stream().map(Golden::values).toList();
    }

    /** {@code input}, {@code input1}, {@code input2} ... as far as there are. */
    private static List<Golden> all(String name) {
        List<Golden> found = new ArrayList<>();
        while (Goldens.has(nth(name, found.size()))) {
            found.add(Goldens.get(nth(name, found.size())));
        }
        return found;
    }

    private static String nth(String name, int index) {
        return index == 0 ? name : name + index;
    }
}
