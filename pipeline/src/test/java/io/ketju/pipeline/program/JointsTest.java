package io.ketju.pipeline.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.activation.Activations;
import io.ketju.layers.arithmetic.Add;
import io.ketju.layers.convolution.Conv2d;
import io.ketju.layers.join.Joined;
import io.ketju.layers.join.Joints;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.Value;
import io.ketju.layers.model.zoo.Models;
import io.ketju.layers.normalization.BatchNorm2d;
import io.ketju.pipeline.partition.GradientFlow;
import io.ketju.pipeline.partition.Partition;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which layers are joined, and which never. */
class JointsTest {
    private static List<String> layers(Model model, Partition partition, int stage, GradientFlow flow, Joints joints) {
        return StageProgram.of(model, flow, partition, stage, model.types(3), joints).layers().stream()
                .map(Joined::text)
                .toList();
    }

    private static List<String> layers(Model model) {
        return layers(model, Partition.single(model), 0, GradientFlow.of(model), Joints.ALL);
    }

    private static Model named(String name) {
        return Models.named(name).withHead(new CrossEntropyLoss());
    }

    @Test
    void theNamedModelsHaveSome() {
        assertThat(layers(named("lenet(16, 32, 128)"))).contains("Linear(512, 128) + ReLU()");
        assertThat(layers(named("lenet5"))).contains("Linear(400, 120) + ReLU()", "Linear(120, 84) + ReLU()");
        assertThat(layers(named("mlp(7, 5, 3)"))).containsExactly("Flatten()", "Linear(7, 5) + ReLU()", "Linear(5, 3)");
    }

    @Test
    void noneLeavesEveryLayerAlone() {
        Model model = named("mlp(7, 5, 3)");
        assertThat(layers(model, Partition.single(model), 0, GradientFlow.of(model), Joints.NONE))
                .containsExactly("Flatten()", "Linear(7, 5)", "ReLU()", "Linear(5, 3)");
    }

    /** A residual block and what reads it. */
    private static ModelBuilder block(boolean early, boolean output) {
        ModelBuilder model = new ModelBuilder();
        Value x = model.input(Input.samples("x", DType.FLOAT32, Shape.of(2, 3, 3)));
        Value y = model.add("conv1", new Conv2d(2, 2, 3).withPadding(1), x);
        y = model.add("relu1", Activations.relu(), model.add("bn1", new BatchNorm2d(2), y));
        Value skip = early ? y : x;
        Value norm = model.add("bn2", new BatchNorm2d(2), model.add("conv2", new Conv2d(2, 2, 1), y));
        Value sum = model.add("sum", new Add(), norm, skip);
        y = model.add("relu2", Activations.relu(), sum);
        return output ? model.output(y).output(sum) : model.output(y);
    }

    @Test
    void aResidualBlockIsJoined() {
        for (boolean early : new boolean[] {false, true}) {
            assertThat(layers(block(early, false).build()))
                    .containsExactly(
                            "Conv2d(2, 2, kernel_size=3, padding=1) + BatchNorm2d(2) + ReLU()",
                            "Conv2d(2, 2, kernel_size=1)",
                            "BatchNorm2d(2) + Add() + ReLU()");
        }
    }

    @Test
    void whatIsAnOutputOfTheModelStaysApart() {
        assertThat(layers(block(true, true).build()))
                .contains("BatchNorm2d(2)", "Add()", "ReLU()")
                .doesNotContain("BatchNorm2d(2) + Add() + ReLU()");
    }

    @Test
    void nothingIsJoinedOverACut() {
        Model model = named("mlp(7, 5, 3)");
        Partition partition = new Partition(List.of(0, 2, 4));
        assertThat(layers(model, partition, 0, GradientFlow.of(model), Joints.ALL))
                .containsExactly("Flatten()", "Linear(7, 5)");
        assertThat(layers(model, partition, 1, GradientFlow.of(model), Joints.ALL))
                .containsExactly("ReLU()", "Linear(5, 3)");
    }

    @Test
    void whatAnotherLayerOrALossReadsStaysApart() {
        ModelBuilder model = new ModelBuilder();
        Value x = model.input(Input.samples("x", DType.FLOAT32, Shape.of(3)));
        Value a = model.add("a", new Linear(3, 3), x);
        Value b = model.add("b", new Linear(3, 3), model.add("relu", Activations.relu(), a));
        Value c = model.add("c", new Add(), b, a);
        Value d = model.add("d", new Linear(3, 3), c);
        Value e = model.add("e", Activations.relu(), d);
        model.head("early", new CrossEntropyLoss(), List.of(d), "target");
        model.head("loss", new CrossEntropyLoss(), List.of(e), "target").output(e);
        assertThat(layers(model.build()))
                .containsExactly("Linear(3, 3)", "ReLU()", "Linear(3, 3) + Add()", "Linear(3, 3)", "ReLU()");
    }

    @Test
    void whatLearnsInPartStaysApart() {
        Model model = named("mlp(7, 5, 3)");
        GradientFlow biases = new GradientFlow(model, name -> name.endsWith("bias"));
        assertThat(layers(model, Partition.single(model), 0, biases, Joints.ALL))
                .containsExactly("Flatten()", "Linear(7, 5)", "ReLU()", "Linear(5, 3)");
    }

    @Test
    void thePropertyDecides() {
        String before = System.getProperty(Joints.PROPERTY);
        try {
            System.clearProperty(Joints.PROPERTY);
            assertThat(Joints.chosen()).isSameAs(Joints.ALL);
            System.setProperty(Joints.PROPERTY, "off");
            assertThat(Joints.chosen()).isSameAs(Joints.NONE);
            System.setProperty(Joints.PROPERTY, "of");
            assertThatThrownBy(Joints::chosen)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("system property ketju.join: expected on or off, found 'of'");
        } finally {
            if (before == null) {
                System.clearProperty(Joints.PROPERTY);
            } else {
                System.setProperty(Joints.PROPERTY, before);
            }
        }
    }
}
