package io.ketju.layers.model.zoo;

import io.ketju.layers.activation.Activations;
import io.ketju.layers.convolution.Conv2d;
import io.ketju.layers.model.Block;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.Value;
import io.ketju.layers.normalization.LocalResponseNorm;
import io.ketju.layers.pooling.AdaptiveAvgPool2d;
import io.ketju.layers.pooling.MaxPool2d;
import io.ketju.layers.shape.Flatten;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.tensor.Shape;
import java.util.List;

/**
 * Five convolutions, three of them with pooling behind, and three linear layers (Krizhevsky, Sutskever and Hinton 2012) with ReLU and
 * with dropout before the hidden ones. Parameters are called as in torchvision's alexnet: features.0.weight, classifier.1.weight.
 * Images [samples, channels, height, width] to [samples, classes].
 *
 * @param form which of its forms
 * @param stem {@link Stem#SMALL} begins with a 3x3 convolution in place of 11x11 with stride 4
 * @param hidden width of the two hidden linear layers
 * @param dropout share of the features before each of them that training leaves out
 * @param classes number of outputs
 */
public record AlexNet(Form form, Stem stem, int hidden, double dropout, int classes) implements Block {
    /** What differs between forms. */
    public enum Form {
        /** torchvision's (Krizhevsky 2014): 61,100,840 parameters. The mean of 6 x 6 bins before the linear layers. */
        TORCHVISION(2, 2, 224, 4096),
        /** Of half the channels, for images of 227 x 227, pooled 3x3 with stride 3 to 2 x 2. */
        NARROW(0, 3, 227, 2048),
        /**
         * The one of 2012, for images of 227 x 227: the second, fourth and fifth convolution have two groups, the columns that were on
         * two processors, and local response normalization follows the first two. 60,965,224 parameters.
         */
        TWO_COLUMNS(0, 2, 227, 4096);

        private final int padding;
        private final int poolStride;
        private final int size;
        private final int hidden;

        Form(int padding, int poolStride, int size, int hidden) {
            this.padding = padding;
            this.poolStride = poolStride;
            this.size = size;
            this.hidden = hidden;
        }

        /** Of each convolution. */
        private List<Integer> channels() {
            return switch (this) {
                case TORCHVISION -> List.of(64, 192, 384, 256, 256);
                case NARROW -> List.of(48, 128, 192, 192, 128);
                case TWO_COLUMNS -> List.of(96, 256, 384, 384, 256);
            };
        }

        /** Groups of the i-th convolution. */
        private int groups(int i) {
            return this == TWO_COLUMNS && (i == 1 || i >= 3) ? 2 : 1;
        }
    }

    private static final int BINS = 6;

    private static final Entry<Model> TORCHVISION =
            entry("alexnet", "AlexNet as torchvision has it", Form.TORCHVISION, "torchvision.models.alexnet");
    private static final Entry<Model> NARROW = entry(
            "alexnet_narrow",
            "AlexNet of half the channels, pooled with stride 3",
            Form.NARROW,
            "Krizhevsky et al. 2012");
    private static final Entry<Model> TWO_COLUMNS = entry(
            "alexnet_two_columns",
            "AlexNet in two columns, with local response normalization",
            Form.TWO_COLUMNS,
            "Krizhevsky et al. 2012");

    /** Its forms, in the order of the page. */
    static final List<Entry<Model>> ENTRIES = List.of(TORCHVISION, NARROW, TWO_COLUMNS);

    private static Entry<Model> entry(String name, String summary, Form form, String source) {
        Description description = Description.of(name, summary)
                .optional(Networks.CLASSES, Networks.IMAGENET_CLASSES, "number of outputs")
                .named("hidden", form.hidden, "width of the hidden linear layers")
                .named("dropout", 0.5, "share of the features before them that training leaves out");
        return Stem.describe(Networks.images(description, Networks.COLORS, form.size), Stem.IMAGENET)
                .source(source)
                .readBy(arguments -> new AlexNet(
                                form,
                                Stem.of(arguments),
                                arguments.integer("hidden"),
                                arguments.number("dropout"),
                                arguments.integer(Networks.CLASSES))
                        .model(Networks.image(arguments)));
    }

    /**
     * As it was published.
     *
     * @param form which of its forms; it says how wide the hidden layers are
     * @param classes number of outputs
     */
    public AlexNet(Form form, int classes) {
        this(form, Stem.IMAGENET, form.hidden, 0.5, classes);
    }

    /**
     * {@return the model over images of one size, without a loss}
     *
     * @param image [channels, height, width]; the first layers make it smaller, and some pixels have to be left
     */
    public Model model(Shape image) {
        return Networks.over(image, this);
    }

    @Override
    public Value in(ModelBuilder model, Value images) {
        Value x = features(model.inside("features"), images);
        x = form == Form.TORCHVISION ? model.add("avgpool", new AdaptiveAvgPool2d(BINS), x) : x;
        x = model.add("flatten", new Flatten(), x);
        return Networks.classifier(model.inside("classifier"), x, List.of(hidden, classes), dropout, true);
    }

    private Value features(ModelBuilder model, Value images) {
        List<Integer> channels = form.channels();
        int next = 0;
        int in = model.type(images).shape().dimension(1);
        Value x = images;
        for (int i = 0; i < channels.size(); i++) {
            x = model.add(Integer.toString(next++), convolution(i, in, channels.get(i)), x);
            x = model.add(Integer.toString(next++), Activations.relu(), x);
            if (form == Form.TWO_COLUMNS && i < 2) {
                // PyTorch divides alpha by the size, the paper does not.
                x = model.add(Integer.toString(next++), new LocalResponseNorm(5, 5 * 1e-4, 0.75, 2), x);
            }
            if (i < 2 || i == channels.size() - 1) {
                x = model.add(Integer.toString(next++), new MaxPool2d(3).withStride(form.poolStride), x);
            }
            in = channels.get(i);
        }
        return x;
    }

    private Conv2d convolution(int i, int in, int out) {
        if (i == 0) {
            return stem == Stem.SMALL
                    ? new Conv2d(in, out, 3).withPadding(1)
                    : new Conv2d(in, out, 11).withStride(4).withPadding(form.padding);
        }
        return (i == 1 ? new Conv2d(in, out, 5).withPadding(2) : new Conv2d(in, out, 3).withPadding(1))
                .withGroups(form.groups(i));
    }
}
