package io.ketju.layers.model.zoo;

import io.ketju.layers.Layer;
import io.ketju.layers.activation.Activations;
import io.ketju.layers.convolution.Conv2d;
import io.ketju.layers.convolution.ConvTranspose2d;
import io.ketju.layers.initializer.Initializer;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.model.InitialValues;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.Node;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.normalization.BatchNorm2d;
import io.ketju.layers.shape.Flatten;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Arguments.Pair;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.tensor.Shape;
import io.ketju.tensor.kernel.convolution.Conv2dShape.Window;
import java.util.ArrayList;
import java.util.List;

/**
 * The {@link GAN} of convolutions (Radford, Metz and Chintala 2016): strided ones in place of pooling, transposed ones to make images,
 * batch normalization between them, LeakyReLU of 0.2 in the discriminator, weights that start normal around 0, those of the
 * normalization around 1, with deviation 0.02. Inputs, losses and targets are those of {@link GAN}, with noise [samples, latent, 1, 1]
 * and images [samples, channels, size, size]. Parameters are called generator.0.weight, generator.1.weight ..., in the order of PyTorch's
 * DCGAN example.
 *
 * @param latent numbers of noise in a sample
 * @param width channels next to the images; they double with every halving of their size
 * @param channels of an image, whose values are from -1 to 1
 * @param size rows and columns of an image: 4, 5, 6 or 7 times a power of two, at least 8
 */
public record DCGAN(int latent, int width, int channels, int size) {
    static final Entry<Model> ENTRY = Networks.images(
                    Description.of("dcgan", "Generator and discriminator of convolutions on one graph, three losses")
                            .optional("latent", 100, "numbers of noise in a sample")
                            .optional("width", 64, "channels next to the images"),
                    1,
                    28)
            .source("Radford, Metz and Chintala 2016")
            .readBy(DCGAN::of);

    private static final int LEAST = 4;
    private static final int MOST = 7;
    private static final int MOST_CHANNELS = 1 << 16;
    private static final double SLOPE = 0.2;
    private static final double DEVIATION = 0.02;

    /** Throws {@link IllegalArgumentException} naming the argument that cannot be. */
    public DCGAN {
        Arguments.requirePositive("dcgan", "latent", latent);
        Arguments.requirePositive("dcgan", "width", width);
        Arguments.requirePositive("dcgan", "channels", channels);
        if (size < 2 * LEAST || smallest(size) < LEAST) {
            throw new IllegalArgumentException(
                    "dcgan: argument 'image': expected 4, 5, 6 or 7 times 2, 4, 8 or so on, for instance 28, found "
                            + size);
        }
        if ((long) width * (size / smallest(size)) > MOST_CHANNELS) {
            throw new IllegalArgumentException("dcgan: argument 'width': expected at most "
                    + MOST_CHANNELS / (size / smallest(size)) + " for images of " + size + ", found " + width);
        }
    }

    private static Model of(Arguments arguments) {
        Pair image = arguments.pair("image");
        if (image.rows() != image.columns()) {
            throw new IllegalArgumentException(
                    "dcgan: argument 'image': expected as many rows as columns, found " + image);
        }
        return new DCGAN(
                        arguments.integer("latent"),
                        arguments.integer("width"),
                        arguments.integer("channels"),
                        image.rows())
                .model();
    }

    /** {@return the graph; its output are the images that were made} */
    public Model model() {
        Model model = GAN.against(Shape.of(latent, 1, 1), Shape.of(channels, size, size), generator(), discriminator());
        return model.apply(startingWeights(model));
    }

    /** Rows of the smallest images: what is left of a size that was halved as often as it may be; 0 if it cannot end well. */
    private static int smallest(int size) {
        int rows = size;
        while (rows > MOST && rows % 2 == 0) {
            rows /= 2;
        }
        return rows > MOST ? 0 : rows;
    }

    /** How often images are halved. */
    private int levels() {
        return Integer.numberOfTrailingZeros(size / smallest(size));
    }

    private Sequential generator() {
        List<Layer> layers = new ArrayList<>();
        int in = latent;
        Window window = Window.square(smallest(size), 1, 0);
        for (int level = levels() - 1; level >= 0; level--) {
            int out = width << level;
            layers.addAll(List.of(transposed(in, out, window), new BatchNorm2d(out), Activations.relu()));
            in = out;
            window = Window.square(4, 2, 1);
        }
        layers.addAll(List.of(transposed(in, channels, window), Activations.tanh()));
        return new Sequential(layers);
    }

    private Sequential discriminator() {
        List<Layer> layers = new ArrayList<>();
        int in = channels;
        for (int level = 0; level < levels(); level++) {
            int out = width << level;
            layers.add(new Conv2d(in, out, 4).withStride(2).withPadding(1).withoutBias());
            if (level > 0) {
                layers.add(new BatchNorm2d(out));
            }
            layers.add(Activations.leakyRelu(SLOPE));
            in = out;
        }
        layers.add(new Conv2d(in, 1, smallest(size)).withoutBias());
        layers.add(new Flatten());
        return new Sequential(layers);
    }

    private static ConvTranspose2d transposed(int in, int out, Window window) {
        return new ConvTranspose2d(in, out, window, Pair.of(0), 1, false, Initializers.layerDefault());
    }

    private static List<InitialValues> startingWeights(Model model) {
        Initializer around0 = Initializers.normal(DEVIATION);
        Initializer around1 = Initializers.normal(DEVIATION, 1, false);
        List<InitialValues> rules = new ArrayList<>();
        for (Node node : model.nodes()) {
            boolean again = !node.parameters().isEmpty()
                    && !node.parameters().getFirst().equals(node.name() + ".weight"); // tied: it starts as its owner
            if (!again && !node.parameters().isEmpty()) {
                rules.add(new InitialValues(
                        node.name() + ".weight", node.layer() instanceof BatchNorm2d ? around1 : around0));
            }
        }
        return rules;
    }
}
