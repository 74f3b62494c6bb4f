package io.ketju.layers.model;

import io.ketju.layers.Floats;
import io.ketju.layers.model.ParameterBlock.NamedTensor;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Xie et al. 2017, figure 3: 32 paths of their own, added, are a block with a convolution of 32 groups. */
class ResNeXtPathsTest {
    private static final int PATHS = 32;
    private static final int IN = 64;
    /** Channels inside of a path. */
    private static final int WIDTH = 2;
    /** Sums in another order, through three convolutions. */
    private static final double TOLERANCE = 1e-5;

    private static final TensorType IMAGES = TensorType.floats(Shape.of(3, IN, 5, 6));

    @Test
    void addedPathsEqualTheGroupedForm() {
        List<String> block = List.of("Bottleneck(" + IN + ", 16, groups=" + PATHS + ", base_width=8)");
        Model grouped = ModelText.parse(IMAGES.shape().sample(), List.of("block = " + block.getFirst()));
        try (GraphRun group = new GraphRun(grouped, 8 << 20);
                GraphRun paths = new GraphRun(ModelText.parse(IMAGES.shape().sample(), lines()), 32 << 20)) {
            ZooRule.fill(group.block());
            copy(group.block(), paths.block());
            Tensor images = group.allocate(IMAGES);
            ZooRule.fillImages(images);
            Tensor expected = group.forward(List.of(images));
            Floats.assertClose("output", paths.forward(List.of(images)).toFloats(), expected.toFloats(), TOLERANCE);
            Tensor gradient = group.allocate(IMAGES);
            gradient.copyFrom(images.toFloats());
            group.backward(gradient);
            paths.backward(gradient);
            Floats.assertClose(
                    "gradient",
                    paths.gradInput(0).toFloats(),
                    group.gradInput(0).toFloats(),
                    TOLERANCE);
        }
    }

    /** The paths, layer by layer. */
    private static List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < PATHS; i++) {
            String path = "path" + i;
            lines.add(path + ".conv1 = Conv2d(" + IN + ", " + WIDTH + ", 1, bias=false) <- input");
            lines.add(path + ".bn1 = BatchNorm2d(" + WIDTH + ")");
            lines.add("ReLU()");
            lines.add(path + ".conv2 = Conv2d(" + WIDTH + ", " + WIDTH + ", 3, padding=1, bias=false)");
            lines.add(path + ".bn2 = BatchNorm2d(" + WIDTH + ")");
            lines.add("ReLU()");
            lines.add(path + ".conv3 = Conv2d(" + WIDTH + ", " + IN + ", 1, bias=false)");
        }
        lines.add("added1 = Add() <- path0.conv3, path1.conv3");
        for (int i = 2; i < PATHS; i++) {
            lines.add("added" + i + " = Add() <- added" + (i - 1) + ", path" + i + ".conv3");
        }
        lines.add("bn3 = BatchNorm2d(" + IN + ")");
        lines.add("Add() <- bn3, input");
        lines.add("ReLU()");
        return lines;
    }

    /** Each path has its rows of the grouped form's weights, and its columns of the last convolution's. */
    private static void copy(ParameterBlock grouped, ParameterBlock paths) {
        Map<String, Tensor> from = grouped.values().stream()
                .collect(Collectors.toMap(one -> one.name().replace("block.", ""), NamedTensor::tensor));
        for (NamedTensor to : paths.values()) {
            Tensor tensor = to.tensor();
            if (!to.name().startsWith("path")) {
                tensor.copyFrom(Objects.requireNonNull(from.get(to.name())).toFloats());
                continue;
            }
            int path = Integer.parseInt(to.name().replaceAll("path(\\d+).*", "$1"));
            String name = to.name().replaceAll("path\\d+\\.", "");
            float[] values = Objects.requireNonNull(from.get(name)).toFloats();
            for (int i = 0; i < tensor.elements(); i++) {
                int last = i / WIDTH * PATHS * WIDTH + path * WIDTH + i % WIDTH;
                tensor.setFloat(i, values[name.startsWith("conv3") ? last : path * tensor.elements() + i]);
            }
        }
    }
}
