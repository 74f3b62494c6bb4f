package io.ketju.layers.model.zoo;

import io.ketju.layers.model.Model;
import io.ketju.layers.model.zoo.ResNet.Basic;
import io.ketju.layers.model.zoo.ResNet.Bottlenecks;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Arguments.Pair;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import java.util.List;

/** The residual networks that have names. */
final class ResNets {
    private static final int CLASSES = 10;
    private static final int SMALL_SIZE = 32;
    private static final int WIDTH = 64;

    static final List<Entry<Model>> ENTRIES = List.of(
            own(),
            basic("resnet18", List.of(2, 2, 2, 2)),
            basic("resnet34", List.of(3, 4, 6, 3)),
            bottlenecks("resnet50", 1, 64),
            bottlenecks("resnext50_32x4d", 32, 4));

    private ResNets() {}

    private static Entry<Model> own() {
        Description description = Description.of("resnet", "A residual network of one's own")
                .optional("width", WIDTH, "channels of the stem; every further group has twice as many")
                .optional("blocks", "(2, 2, 2, 2)", "number of blocks of each group");
        return sized(description)
                .readBy(arguments -> read(
                        arguments,
                        new ResNet(
                                Stem.of(arguments),
                                new Basic(),
                                arguments.integer("width"),
                                Counts.listed(arguments, "blocks"),
                                classes(arguments))));
    }

    private static Entry<Model> basic(String name, List<Integer> blocks) {
        return sized(described(name, blocks))
                .readBy(arguments -> read(
                        arguments, new ResNet(Stem.of(arguments), new Basic(), WIDTH, blocks, classes(arguments))));
    }

    private static Entry<Model> bottlenecks(String name, int groups, int baseWidth) {
        List<Integer> blocks = List.of(3, 4, 6, 3);
        return sized(described(name, blocks))
                .named("stride_first", false, "whether a block's first convolution has the stride, not its 3x3 one")
                .readBy(arguments -> read(
                        arguments,
                        new ResNet(
                                Stem.of(arguments),
                                new Bottlenecks(groups, baseWidth, arguments.flag("stride_first")),
                                WIDTH,
                                blocks,
                                classes(arguments))));
    }

    private static Description described(String name, List<Integer> blocks) {
        return Description.of(name, "Groups of " + blocks + " residual blocks").source("torchvision.models." + name);
    }

    private static Description sized(Description description) {
        return Stem.describe(
                        description.derived(Networks.CLASSES, "10; with stem=imagenet 1000", "number of outputs"),
                        Stem.SMALL)
                .named("channels", Networks.COLORS, "channels of an image")
                .namedDerived(
                        "image", "32; with stem=imagenet 224", "rows and columns of an image: a number or a pair");
    }

    private static int classes(Arguments arguments) {
        return arguments.integer(
                Networks.CLASSES, Stem.of(arguments) == Stem.SMALL ? CLASSES : Networks.IMAGENET_CLASSES);
    }

    private static Model read(Arguments arguments, ResNet network) {
        int size = network.stem() == Stem.SMALL ? SMALL_SIZE : Networks.IMAGENET_SIZE;
        return network.model(Networks.image(arguments, arguments.pair("image", Pair.of(size))));
    }
}
