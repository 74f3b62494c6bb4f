package io.ketju.layers.model.zoo;

import io.ketju.layers.activation.Activations;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.loss.MSELoss;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.Value;
import io.ketju.layers.shape.Flatten;
import io.ketju.layers.shape.Unflatten;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * Images through a code of few numbers and back (Hinton and Salakhutdinov 2006): linear layers from size to size with ReLU between
 * them, and the same sizes in reverse; neither the code nor the image that is made has an activation. It learns without classes:
 * the mean squared difference to the image itself, head {@value #RECONSTRUCTION}. Parameters: encoder.0.weight, encoder.2.weight ...,
 * decoder.0.weight ...
 *
 * @param sizes of the encoder's layers; the last is the code
 */
public record Autoencoder(List<Integer> sizes) {
    /** The only loss. */
    public static final String RECONSTRUCTION = "reconstruction";

    static final Entry<Model> ENTRY = Networks.images(
                    Description.of("autoencoder", "Images through a code of few numbers and back")
                            .optional("sizes", "(128, 32)", "of the encoder's linear layers; the last is the code"),
                    1,
                    28)
            .source("Hinton and Salakhutdinov 2006")
            .readBy(arguments -> new Autoencoder(Networks.widths(arguments, "sizes")).model(Networks.image(arguments)));

    /**
     * Copies the sizes.
     *
     * @throws IllegalArgumentException if there are none
     */
    public Autoencoder {
        sizes = List.copyOf(sizes);
        if (sizes.isEmpty()) {
            throw new IllegalArgumentException("autoencoder: argument 'sizes': expected at least one size, found none");
        }
    }

    /**
     * {@return the model with its loss}
     *
     * @param sample shape of one sample, which is that of the output too
     */
    public Model model(Shape sample) {
        ModelBuilder model = new ModelBuilder();
        Value input = model.input(Input.samples(Model.INPUT, DType.FLOAT32, sample));
        Value x = model.add("flatten", new Flatten(), input);
        ModelBuilder encoder = model.inside("encoder");
        int width = sample.elements();
        for (int i = 0; i < sizes.size(); i++) {
            x = layer(encoder, i, width, sizes.get(i), x);
            width = sizes.get(i);
        }
        ModelBuilder decoder = model.inside("decoder");
        for (int i = 0; i < sizes.size(); i++) {
            int next = sizes.size() - 2 - i;
            int out = next < 0 ? sample.elements() : sizes.get(next);
            x = layer(decoder, i, width, out, x);
            width = out;
        }
        Value made = model.add("unflatten", new Unflatten(1, sizes(sample)), x);
        return model.head(RECONSTRUCTION, new MSELoss(), List.of(made), Model.INPUT)
                .output(made)
                .build();
    }

    private static List<Integer> sizes(Shape shape) {
        return Arrays.stream(shape.toArray()).boxed().toList();
    }

    /** The i-th of a chain, with a ReLU before all but the first. */
    private static Value layer(ModelBuilder chain, int i, int in, int out, Value input) {
        Value x = i == 0 ? input : chain.add(Integer.toString(2 * i - 1), Activations.relu(), input);
        return chain.add(Integer.toString(2 * i), new Linear(in, out), x);
    }
}
