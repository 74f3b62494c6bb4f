package io.ketju.layers.model.zoo;

import io.ketju.layers.Layer;
import io.ketju.layers.activation.Activations;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.shape.Flatten;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * A multilayer perceptron: linear layers with ReLU between them. A chain: parameters are called by their place, as in {@code
 * torch.nn.Sequential}: 1.weight, 3.weight. Samples of any shape to [samples, outputs].
 */
public final class MLP {
    private static final List<String> USUAL = List.of("784", "512", "256", "10");

    /** It takes any number of sizes, for which descriptions have no word. */
    static final Entry<Model> ENTRY =
            new Entry<>(Description.of("mlp", "Linear layers from size to size with ReLU between them"), MLP::read);

    private MLP() {}

    private static Model read(Spec spec) {
        if (!spec.named().isEmpty()) {
            throw new IllegalArgumentException(
                    Excerpt.of(spec) + ": expected sizes without names, for instance mlp(784, 512, 10)");
        }
        List<String> given = spec.positional().isEmpty() ? USUAL : spec.positional();
        try {
            int[] sizes = given.stream().mapToInt(Integer::parseInt).toArray();
            return Model.of(Shape.of(sizes[0]), of(sizes));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(Excerpt.of(spec) + ": expected integers, found " + Excerpt.of(given), e);
        }
    }

    /**
     * {@return Flatten, then Linear layers from size to size with ReLU between them}
     *
     * @param sizes numbers in a sample, widths of the hidden layers, number of outputs
     * @throws IllegalArgumentException if they are fewer than two
     */
    public static Sequential of(int... sizes) {
        if (sizes.length < 2) {
            throw new IllegalArgumentException(
                    "mlp: expected at least 2 sizes, input and output, found " + sizes.length);
        }
        List<Layer> layers = new ArrayList<>(List.of(new Flatten()));
        for (int i = 1; i < sizes.length; i++) {
            if (i > 1) {
                layers.add(Activations.relu());
            }
            layers.add(new Linear(sizes[i - 1], sizes[i]));
        }
        return new Sequential(layers);
    }
}
