package io.ketju.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.layers.Goldens.Golden;
import io.ketju.layers.LayerCase.Fact;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.Kernels;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every layer gives what PyTorch gives, forward and backward, under PyTorch's names. */
class LayerGoldenTest {
    /** PyTorch computed in double; ours is single precision over sums of some hundred terms; relative to the largest value. */
    private static final double TOLERANCE = 2e-6;

    static List<LayerCase> cases() {
        return LayerCase.all().stream()
                .filter(test -> !test.is(Fact.NO_GOLDEN))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void equalsPyTorch(LayerCase test) {
        Layer layer = test.layer();
        assertThat(all(test + "/input").stream().map(Golden::type))
                .as("values of this row: python3 layers.py %s in src/test/golden", test.family())
                .isEqualTo(test.inputs());
        try (LayerRun run = new LayerRun(layer, test.inputs(), Kernels.scalar(), LayerRun.Options.USUAL)) {
            List<Parameter> parameters = layer.parameters();
            for (int i = 0; i < parameters.size(); i++) {
                Golden value = Goldens.get(test + "/" + parameters.get(i).name());
                assertThat(value.shape()).isEqualTo(parameters.get(i).shape());
                run.parameters.get(i).copyFrom(value.values());
            }
            List<float[]> inputs = values(all(test + "/input"));
            compare(test + "/evaluation", run.forward(inputs, false));
            if (!test.is(Fact.RANDOM)) {
                compare(test + "/output", run.forward(inputs));
                checkGradients(test, run, parameters);
            }
        }
    }

    private static void compare(String name, List<Tensor> actual) {
        List<Golden> expected = all(name);
        assertThat(actual.stream().map(TensorType::of))
                .isEqualTo(expected.stream().map(Golden::type).toList());
        for (int i = 0; i < actual.size(); i++) {
            assertClose(nth(name, i), actual.get(i));
        }
    }

    /** A gradient that PyTorch does not give is none. */
    private static void checkGradients(LayerCase test, LayerRun run, List<Parameter> parameters) {
        List<float[]> gradOutput = values(all(test + "/gradOutput"));
        List<Tensor> gradInputs = run.backwardInput(gradOutput);
        for (int i = 0; i < gradInputs.size(); i++) {
            String name = nth(test + "/gradInput", i);
            assertThat(gradInputs.get(i) != null).as(name).isEqualTo(Goldens.has(name));
            if (gradInputs.get(i) != null) {
                assertClose(name, gradInputs.get(i));
            }
        }
        run.backwardWeight(gradOutput);
        run.commit();
        for (int i = 0; i < parameters.size(); i++) {
            String name = test + "/" + parameters.get(i).name();
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
