package io.ketju.pipeline.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.layers.AdaptiveAvgPool2d;
import io.ketju.layers.Add;
import io.ketju.layers.BatchNorm2d;
import io.ketju.layers.Conv2d;
import io.ketju.layers.Embedding;
import io.ketju.layers.Flatten;
import io.ketju.layers.GELU;
import io.ketju.layers.LayerNorm;
import io.ketju.layers.Linear;
import io.ketju.layers.Positions;
import io.ketju.layers.ReLU;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.model.Block;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.ModelTypes;
import io.ketju.layers.model.Models;
import io.ketju.layers.model.MultiheadAttention;
import io.ketju.layers.model.Value;
import io.ketju.pipeline.partition.GradientFlow;
import io.ketju.pipeline.partition.Partition;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What planning by lifetimes saves on whole networks, as one stage; and that no two tensors share a place at one time. */
class SlotMemoryTest {
    static Stream<Arguments> networks() {
        return Stream.of(
                Arguments.of(
                        "the default job",
                        Models.named("lenet(16, 32, 128)").model().withHead(new CrossEntropyLoss()),
                        8,
                        2.0),
                Arguments.of("ResNet-18 on 32x32", resNet18(), 8, 2.0),
                Arguments.of("GPT of 6 layers of 256", gpt(), 4, 1.9));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void sharingSaves(String name, Model model, int samples, double factor) {
        ModelTypes largest = model.types(samples);
        StageProgram program = StageProgram.of(model, GradientFlow.of(model), Partition.single(model), 0, largest);
        SlotPlan plan = SlotLayout.of(program, largest, false).plan();
        assertThat((double) plan.unsharedBytes() / plan.bytes())
                .as("%s: %d of %d bytes", name, plan.bytes(), plan.unsharedBytes())
                .isGreaterThanOrEqualTo(factor);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void whatLivesAtOneTimeLiesApart(String name, Model model, int samples, double factor) {
        ModelTypes largest = model.types(samples);
        StageProgram program = StageProgram.of(model, GradientFlow.of(model), Partition.single(model), 0, largest);
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

    /** He et al. 2016 with the stem that is usual for small images. */
    private static Model resNet18() {
        ModelBuilder model = new ModelBuilder();
        Value x = model.input(Input.samples(Model.INPUT, DType.FLOAT32, Shape.of(3, 32, 32)));
        x = model.add("relu", new ReLU(), model.add("bn1", new BatchNorm2d(64), model.add("conv1", conv(3, 64, 1), x)));
        int[] channels = {64, 128, 256, 512};
        for (int stage = 0; stage < channels.length; stage++) {
            int in = stage == 0 ? 64 : channels[stage - 1];
            x = model.add("layer" + stage + ".0", basicBlock(in, channels[stage], stage == 0 ? 1 : 2), x);
            x = model.add("layer" + stage + ".1", basicBlock(channels[stage], channels[stage], 1), x);
        }
        x = model.add("flat", new Flatten(), model.add("avgpool", new AdaptiveAvgPool2d(), x));
        return model.output(model.add("fc", new Linear(512, 10), x)).build().withHead(new CrossEntropyLoss());
    }

    private static Block basicBlock(int in, int out, int stride) {
        return (model, x) -> {
            Value skip = in == out
                    ? x
                    : model.add(
                            "downsample.1",
                            new BatchNorm2d(out),
                            model.add(
                                    "downsample.0",
                                    new Conv2d(in, out, 1).withStride(stride).withoutBias(),
                                    x));
            Value y = model.add("bn1", new BatchNorm2d(out), model.add("conv1", conv(in, out, stride), x));
            y = model.add("conv2", conv(out, out, 1), model.add("relu1", new ReLU(), y));
            y = model.add("sum", new Add(), model.add("bn2", new BatchNorm2d(out), y), skip);
            return model.add("relu2", new ReLU(), y);
        };
    }

    private static Conv2d conv(int in, int out, int stride) {
        return new Conv2d(in, out, 3).withStride(stride).withPadding(1).withoutBias();
    }

    /** Pre-norm blocks as GPT-2 has them, over 128 tokens of a vocabulary of 1,000. */
    private static Model gpt() {
        ModelBuilder model = new ModelBuilder();
        int width = 256;
        Value x = model.input(Input.samples(Model.INPUT, DType.INT32, Shape.of(128)));
        x = model.add("wpe", new Positions(128, width), model.add("wte", new Embedding(1000, width), x));
        for (int i = 0; i < 6; i++) {
            ModelBuilder block = model.inside("h." + i);
            Value attended = new MultiheadAttention(width, 4)
                    .asCausal()
                    .in(block.inside("attn"), block.add("ln_1", new LayerNorm(width), x));
            x = block.add("sum1", new Add(), attended, x);
            Value y = block.add("fc", new Linear(width, 4 * width), block.add("ln_2", new LayerNorm(width), x));
            y = block.add("proj", new Linear(4 * width, width), block.add("gelu", new GELU(), y));
            x = block.add("sum2", new Add(), y, x);
        }
        x = model.add("lm_head", new Linear(width, 1000), model.add("ln_f", new LayerNorm(width), x));
        return model.output(x).build().withHead(new CrossEntropyLoss().withClassesLast());
    }
}
