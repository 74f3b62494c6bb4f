package io.ketju.pipeline.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.layers.activation.Activations;
import io.ketju.layers.join.Joints;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelTypes;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.model.Value;
import io.ketju.layers.model.zoo.GPT;
import io.ketju.layers.model.zoo.Models;
import io.ketju.layers.model.zoo.ResNet;
import io.ketju.pipeline.partition.GradientFlow;
import io.ketju.pipeline.partition.Partition;
import io.ketju.tensor.Shape;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What planning by lifetimes saves on whole networks, as one stage; and that no two tensors share a place at one time. */
class SlotMemoryTest {
    static Stream<Arguments> networks() {
        return Stream.of(
                Arguments.of(
                        "the default job", Models.named("lenet(16, 32, 128)").withHead(new CrossEntropyLoss()), 8, 2.0),
                Arguments.of(
                        "ResNet-18 on 32x32",
                        ResNet.resNet18(10).model(Shape.of(3, 32, 32)).withHead(new CrossEntropyLoss()),
                        8,
                        2.0),
                Arguments.of("GPT of 6 layers of 256", new GPT(1000, 6, 4, 256, 0).model(128), 4, 1.9));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void sharingSaves(String name, Model model, int samples, double factor) {
        ModelTypes largest = model.types(samples);
        SlotPlan plan = SlotLayout.of(program(model, largest, Joints.NONE), largest, false)
                .plan();
        assertThat((double) plan.unsharedBytes() / plan.bytes())
                .as("%s: %d of %d bytes", name, plan.bytes(), plan.unsharedBytes())
                .isGreaterThanOrEqualTo(factor);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void jointsTakeNoMoreMemoryThanTheirParts(String name, Model model, int samples, double factor) {
        ModelTypes largest = model.types(samples);
        SlotPlan apart = SlotLayout.of(program(model, largest, Joints.NONE), largest, false)
                .plan();
        SlotPlan joined = SlotLayout.of(program(model, largest, Joints.ALL), largest, false)
                .plan();
        assertThat(joined.bytes()).as(name).isLessThanOrEqualTo(apart.bytes());
    }

    private static StageProgram program(Model model, ModelTypes largest, Joints joints) {
        return StageProgram.of(model, GradientFlow.of(model), Partition.single(model), 0, largest, joints);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void whatLivesAtOneTimeLiesApart(String name, Model model, int samples, double factor) {
        ModelTypes largest = model.types(samples);
        StageProgram program = program(model, largest, Joints.ALL);
        for (boolean splits : new boolean[] {false, true}) {
            SlotLayout layout = SlotLayout.of(program, largest, splits);
            Lifetimes lifetimes = new Lifetimes(program, largest, splits);
            for (int i = 0; i < layout.rooms().size(); i++) {
                for (int j = 0; j < i; j++) {
                    assertThat(apart(program, largest, layout, lifetimes, i, j))
                            .as(
                                    "%s and %s",
                                    layout.rooms().get(i), layout.rooms().get(j))
                            .isTrue();
                }
            }
        }
    }

    /** Of a picture nobody learns through, nor of what is made of it before the first layer with weights. */
    @Test
    void whatNobodyLearnsThroughHasNoGradient() {
        Model model = Model.of(Shape.of(6), Sequential.of(Activations.relu(), new Linear(6, 5), Activations.relu(), new Linear(5, 3)))
                .withHead(new CrossEntropyLoss());
        ModelTypes largest = model.types(4);
        for (Partition partition : List.of(Partition.single(model), new Partition(List.of(0, 3, 4)))) {
            StageProgram program = StageProgram.of(model, GradientFlow.of(model), partition, 0, largest, Joints.NONE);
            assertThat(SlotLayout.of(program, largest, false).rooms())
                    .filteredOn(room -> room.purpose() == Room.Purpose.GRADIENT)
                    .extracting(Room::value)
                    .isNotEmpty()
                    .doesNotContain(Value.ofInput(0), new Value(0, 0));
        }
    }

    private static boolean apart(
            StageProgram program, ModelTypes types, SlotLayout layout, Lifetimes lifetimes, int i, int j) {
        SlotPlan.Life one = life(program, types, lifetimes, layout.rooms().get(i));
        SlotPlan.Life other = life(program, types, lifetimes, layout.rooms().get(j));
        long first = layout.plan().offsets().get(i);
        long second = layout.plan().offsets().get(j);
        return !one.meets(other) || first + one.bytes() <= second || second + other.bytes() <= first;
    }

    private static SlotPlan.Life life(StageProgram program, ModelTypes types, Lifetimes lifetimes, Room room) {
        return lifetimes.life(room, SlotLayout.type(program, room, types).bytes());
    }
}
