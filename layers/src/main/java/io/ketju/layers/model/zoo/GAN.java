package io.ketju.layers.model.zoo;

import io.ketju.layers.Layer;
import io.ketju.layers.Parameter;
import io.ketju.layers.activation.Activations;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.loss.BCEWithLogitsLoss;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.model.Value;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import java.util.List;

/**
 * Two networks against each other (Goodfellow et al. 2014) on one graph. The generator makes samples of {@value #NOISE}; the
 * discriminator, {@code discriminator.*}, tells {@value #REAL} ones from them and stands in the graph twice, the second time
 * with tied parameters. Three losses: {@value #REAL} and {@value #FAKE}, by which the discriminator learns, and {@value
 * #GENERATOR}, that what is made passes for real, by which the generator learns. Every sample's target is the batch's
 * {@value #ONES} or {@value #ZEROS}, float32 [samples, 1].
 *
 * @param latent numbers of noise in a sample
 * @param hidden features between the linear layers
 * @param features numbers in a sample, from -1 to 1
 */
public record GAN(int latent, int hidden, int features) {
    static final Entry<Model> ENTRY = Description.of(
                    "gan", "Generator and discriminator of linear layers on one graph, three losses")
            .optional("latent", 64, "numbers of noise in a sample")
            .optional("hidden", 256, "features between the linear layers")
            .optional("features", 784, "numbers in a sample")
            .source("Goodfellow et al. 2014")
            .readBy(arguments -> new GAN(
                            arguments.integer("latent"), arguments.integer("hidden"), arguments.integer("features"))
                    .model());

    /** The input that the generator makes samples of, float32 [samples, latent]. */
    public static final String NOISE = "noise";

    /** The input with samples of the data, float32 [samples, features]; and the loss that they pass for real. */
    public static final String REAL = "real";

    /** The loss that what is made does not pass for real. */
    public static final String FAKE = "fake";

    /** What the generator's layers are called; and the loss by which they learn. */
    public static final String GENERATOR = "generator";

    /** What the discriminator's layers are called. */
    public static final String DISCRIMINATOR = "discriminator";

    /** The target of what is to pass for real. */
    public static final String ONES = "ones";

    /** The target of what is not. */
    public static final String ZEROS = "zeros";

    /** {@return the graph; its output are the samples that were made} */
    public Model model() {
        return against(Shape.of(latent), Shape.of(features), generator(), discriminator());
    }

    /** The graph of two networks: one makes samples of noise, the other gives one logit [samples, 1] for each sample. */
    static Model against(Shape noise, Shape sample, Sequential generator, Sequential discriminator) {
        ModelBuilder model = new ModelBuilder();
        Value drawn = model.input(Input.samples(NOISE, DType.FLOAT32, noise));
        Value real = model.input(Input.samples(REAL, DType.FLOAT32, sample));
        Value made = model.add(GENERATOR, generator, drawn);
        Value ofReal = model.add(DISCRIMINATOR, discriminator, real);
        String again = DISCRIMINATOR + "_" + FAKE;
        tie(model, discriminator.layers(), again);
        Value ofMade = model.add(again, discriminator, made);
        return model.head(REAL, new BCEWithLogitsLoss(), List.of(ofReal), ONES)
                .head(FAKE, new BCEWithLogitsLoss(), List.of(ofMade), ZEROS)
                .head(GENERATOR, new BCEWithLogitsLoss(), List.of(ofMade), ONES)
                .output(made)
                .build();
    }

    private Sequential generator() {
        return Sequential.of(
                new Linear(latent, hidden),
                Activations.relu(),
                new Linear(hidden, hidden),
                Activations.relu(),
                new Linear(hidden, features),
                Activations.tanh());
    }

    private Sequential discriminator() {
        return Sequential.of(
                new Linear(features, hidden),
                Activations.relu(),
                new Linear(hidden, hidden),
                Activations.relu(),
                new Linear(hidden, 1));
    }

    /** What learns is one for both uses; running statistics are of real samples here, of made ones there. */
    private static void tie(ModelBuilder model, List<Layer> layers, String name) {
        for (int i = 0; i < layers.size(); i++) {
            for (Parameter parameter : layers.get(i).parameters()) {
                String local = "." + i + "." + parameter.name();
                if (parameter.learns()) {
                    model.tie(name + local, DISCRIMINATOR + local);
                }
            }
        }
    }
}
