package io.ketju.layers.model;

import static java.util.Map.entry;

import io.ketju.layers.Arguments;
import io.ketju.layers.Conv2d;
import io.ketju.layers.Flatten;
import io.ketju.layers.Layer;
import io.ketju.layers.Linear;
import io.ketju.layers.MaxPool2d;
import io.ketju.layers.ReLU;
import io.ketju.layers.Spec;
import io.ketju.layers.SpecRegistry;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.function.Function;

/** The model zoo: known architectures in code and, for job files, by name. A new one is one more line here. */
public final class Models {
    /** Shape of one sample of MNIST and Fashion-MNIST. */
    private static final Shape MNIST = Shape.of(1, 28, 28);

    private static final int CLASSES = 10;

    private static final List<String> DEFAULT_MLP = List.of("784", "512", "256", "10");

    private static final SpecRegistry<Architecture> REGISTRY = new SpecRegistry<>(
            "model",
            Map.<String, Function<Spec, Architecture>>ofEntries(
                    entry("lenet", Models::leNet),
                    entry("lenet5", spec -> Arguments.none(spec, new Architecture(MNIST, leNet5()))),
                    entry("mlp", Models::mlp)));

    /**
     * Layers and what they are made for.
     *
     * @param inputShape shape of one input sample; an {@code mlp} takes any shape with as many elements
     */
    public record Architecture(Shape inputShape, Sequential layers) {
        /** The model with all shapes checked. */
        public Model model() {
            return Model.of(inputShape, layers);
        }
    }

    private Models() {}

    /**
     * LeNet-5 (LeCun et al. 1998) as it is usually built today, with ReLU and max pooling: images [1, 28, 28], 10
     * classes, 61,706 parameters.
     */
    public static Sequential leNet5() {
        return Sequential.of(
                new Conv2d(1, 6, 5).withPadding(2),
                new ReLU(),
                new MaxPool2d(2),
                new Conv2d(6, 16, 5),
                new ReLU(),
                new MaxPool2d(2),
                new Flatten(),
                new Linear(400, 120),
                new ReLU(),
                new Linear(120, 84),
                new ReLU(),
                new Linear(84, CLASSES));
    }

    /**
     * The wider LeNet of Caffe's examples (20, 50 channels, 500 hidden units) with ReLU after every pooling: images
     * [1, 28, 28], 10 classes. ReLU and max pooling commute, and after pooling there is a quarter to compute.
     */
    public static Sequential leNet(int channels1, int channels2, int hidden) {
        return Sequential.of(
                new Conv2d(1, channels1, 5),
                new MaxPool2d(2),
                new ReLU(),
                new Conv2d(channels1, channels2, 5),
                new MaxPool2d(2),
                new ReLU(),
                new Flatten(),
                new Linear(channels2 * 4 * 4, hidden),
                new ReLU(),
                new Linear(hidden, CLASSES));
    }

    /** A multilayer perceptron: Flatten, then Linear layers from size to size with ReLU between them. */
    public static Sequential mlp(int... sizes) {
        if (sizes.length < 2) {
            throw new IllegalArgumentException(
                    "mlp: expected at least 2 sizes, input and output, found " + sizes.length);
        }
        List<Layer> layers = new ArrayList<>(List.of(new Flatten()));
        for (int i = 1; i < sizes.length; i++) {
            if (i > 1) {
                layers.add(new ReLU());
            }
            layers.add(new Linear(sizes[i - 1], sizes[i]));
        }
        return new Sequential(layers);
    }

    /**
     * An architecture by name, {@code lenet5}, {@code lenet} or {@code mlp}, or with sizes of one's own: {@code lenet(20,
     * 50, 500)}, {@code mlp(784, 512, 10)}. Throws {@link IllegalArgumentException} listing the known names.
     */
    public static Architecture named(String text) {
        return REGISTRY.parse(text);
    }

    /** Names of all architectures, sorted. */
    public static SortedSet<String> names() {
        return REGISTRY.names();
    }

    private static Architecture leNet(Spec spec) {
        Arguments arguments = Arguments.of(spec, List.of("channels1", "channels2", "hidden"));
        return new Architecture(
                MNIST,
                leNet(
                        arguments.integer("channels1", 20),
                        arguments.integer("channels2", 50),
                        arguments.integer("hidden", 500)));
    }

    private static Architecture mlp(Spec spec) {
        if (!spec.named().isEmpty()) {
            throw new IllegalArgumentException(
                    Excerpt.of(spec) + ": expected sizes without names, for instance mlp(784, 512, 10)");
        }
        List<String> given = spec.positional().isEmpty() ? DEFAULT_MLP : spec.positional();
        try {
            int[] sizes = given.stream().mapToInt(Integer::parseInt).toArray();
            return new Architecture(Shape.of(sizes[0]), mlp(sizes));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(Excerpt.of(spec) + ": expected integers, found " + Excerpt.of(given), e);
        }
    }
}
