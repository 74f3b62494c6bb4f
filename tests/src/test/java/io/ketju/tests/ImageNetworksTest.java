package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.zoo.Models;
import io.ketju.layers.optimizer.ConstantLR;
import io.ketju.layers.optimizer.Optimizers;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.Recipe;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.catalogue.OneForwardOneBackward;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.partition.Partitioner;
import io.ketju.pipeline.stage.InProcessRunner;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.memory.TensorArena;
import io.ketju.tensor.random.CounterRandom;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks over images of the zoo, narrow and over small images, train to the same bits however they are cut. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ImageNetworksTest {
    private static final int CLASSES = 3;
    private static final int SAMPLES = 5;
    private static final int STEPS = 2;
    private static final int SIZE = 16;

    private final TensorCore core = TensorCore.open(1);

    @AfterAll
    void close() {
        core.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "linear_classifier(768, 3)",
                "sigmoid_network(768, 5, 3, logits=true)",
                "alexnet(3, hidden=8, image=16, stem=small)",
                "alexnet_narrow(3, hidden=8, image=28, stem=small)",
                "alexnet_two_columns(3, hidden=8, image=16, stem=small)",
                "vgg([4, M, 6, 8, M], 3, batch_norm=true, hidden=8, pool=1, image=16)",
                "vgg([4, M, 6, 8, M], 3, hidden=8, image=16, stem=small)",
                "resnet(4, (1, 1), 3, image=16, stem=imagenet)",
                "mobilenet_v1(3, width_mult=0.1, image=16, stem=small)",
                "mobilenet_v2(3, width_mult=0.1, image=16, stem=small)",
                "mobilenet_v3_small(3, width_mult=0.1, image=16, stem=small)",
                "mobilenet_v3_large(3, width_mult=0.1, image=16, stem=small)",
                "efficientnet(3, width_mult=0.1, image=16, stem=small, stochastic_depth_prob=0.5)"
            })
    void everyCutTrainsToTheSameBits(String name) {
        requireSameBits(name);
    }

    /** There are no narrow ones: tens of millions of parameters. */
    @Tag("long")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "resnet50(3, image=16)",
                "resnet50(3, image=16, stride_first=true)",
                "resnext50_32x4d(3, image=16)"
            })
    void everyCutOfBottlenecksTrainsToTheSameBits(String name) {
        requireSameBits(name);
    }

    private void requireSameBits(String name) {
        Matcher side = Pattern.compile("image=(\\d+)").matcher(name);
        Shape image = side.find()
                ? Shape.of(3, Integer.parseInt(side.group(1)), Integer.parseInt(side.group(1)))
                : Shape.of(3, SIZE, SIZE);
        Model model = Models.named(name).withInputShape(image);
        Recipe recipe = new Recipe(
                model,
                new CrossEntropyLoss(),
                Optimizers.parse("SGD(0.05, momentum=0.9)"),
                new ConstantLR(),
                SAMPLES,
                2,
                STEPS,
                1);
        String whole = state(new PipelineSpec(recipe, Partition.single(model), new GPipe()), image);
        int nodes = model.nodes().size();
        for (Partition partition : List.of(
                Partitioner.balanced(model, Math.min(4, nodes)),
                new Partition(List.of(0, Math.max(1, nodes / 3), nodes)))) {
            assertThat(state(new PipelineSpec(recipe, partition, new OneForwardOneBackward()), image))
                    .as("%s, %s", name, partition)
                    .isEqualTo(whole);
        }
    }

    private String state(PipelineSpec spec, Shape image) {
        try (InProcessRunner runner = new InProcessRunner(spec, core);
                TensorArena arena = new TensorArena(1 << 18)) {
            Tensor images = arena.allocate(DType.FLOAT32, image.batched(SAMPLES));
            CounterRandom.of(7, "images").fillNormal(images, 0, 1);
            Tensor classes = arena.allocate(DType.INT32, Shape.of(SAMPLES));
            for (int i = 0; i < SAMPLES; i++) {
                classes.setInt(i, i % CLASSES);
            }
            for (int step = 1; step <= STEPS; step++) {
                runner.train(0, step, Map.of(Model.INPUT, images, Model.TARGET, classes));
            }
            return runner.stateHash();
        }
    }
}
