package io.ketju.layers.model.zoo;

import io.ketju.layers.activation.Activations;
import io.ketju.layers.convolution.Conv2d;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.BasicBlock;
import io.ketju.layers.model.Block;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.Value;
import io.ketju.layers.normalization.BatchNorm2d;
import io.ketju.layers.pooling.AdaptiveAvgPool2d;
import io.ketju.layers.shape.Flatten;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import java.util.List;

/**
 * A residual network of {@link BasicBlock}s with the stem that is usual for small images: one 3x3 convolution, no pooling
 * (He et al. 2016, section 4.2). Images [samples, channels, height, width] to [samples, classes]. Parameters are called as
 * in torchvision's resnet18: conv1.weight, layer1.0.bn2.running_mean, fc.bias.
 *
 * @param width channels of the stem and of the first group; every further group has twice as many and halves the image
 * @param blocks number of blocks of each group
 * @param classes number of outputs
 */
public record ResNet(int width, List<Integer> blocks, int classes) implements Block {
    public ResNet {
        blocks = List.copyOf(blocks);
        if (blocks.isEmpty() || blocks.stream().anyMatch(count -> count < 1)) {
            throw new IllegalArgumentException(
                    "ResNet: argument 'blocks': expected at least 1 block in each group, found " + blocks);
        }
    }

    /** Four groups of two blocks: 17 convolutions and a linear layer, apart from the projections. */
    public static ResNet resNet18(int classes) {
        return new ResNet(64, List.of(2, 2, 2, 2), classes);
    }

    /** The model over images of one size, [channels, height, width]. */
    public Model model(Shape image) {
        ModelBuilder model = new ModelBuilder();
        Value images = model.input(Input.samples(Model.INPUT, DType.FLOAT32, image));
        return model.output(in(model, images)).build();
    }

    @Override
    public Value in(ModelBuilder model, Value images) {
        int channels = model.type(images).shape().dimension(1);
        Conv2d stem = new Conv2d(channels, width, 3).withPadding(1).withoutBias();
        Value x = model.add("conv1", stem, images);
        x = model.add("relu", Activations.relu(), model.add("bn1", new BatchNorm2d(width), x));
        int in = width;
        for (int group = 0; group < blocks.size(); group++) {
            int out = width << group;
            for (int i = 0; i < blocks.get(group); i++) {
                int stride = group > 0 && i == 0 ? 2 : 1;
                x = model.add("layer" + (group + 1) + "." + i, new BasicBlock(in, out, stride), x);
                in = out;
            }
        }
        x = model.add("flatten", new Flatten(), model.add("avgpool", new AdaptiveAvgPool2d(), x));
        return model.add("fc", new Linear(in, classes), x);
    }
}
