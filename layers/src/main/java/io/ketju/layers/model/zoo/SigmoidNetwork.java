package io.ketju.layers.model.zoo;

import io.ketju.layers.activation.Activations;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Block;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.Value;
import io.ketju.layers.shape.Flatten;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.tensor.Shape;

/**
 * Two layers of sigmoid neurons (Nielsen 2015, chapter 1): {@code σ(fc2(σ(fc1(x))))}. Samples of any shape to [samples, outputs].
 *
 * @param features numbers in a sample
 * @param hidden neurons of the first layer
 * @param outputs neurons of the second
 * @param logits whether the second sigmoid is left to the loss: CrossEntropyLoss or BCEWithLogitsLoss, in place of QuadraticCost or
 *     BCELoss
 */
public record SigmoidNetwork(int features, int hidden, int outputs, boolean logits) implements Block {
    static final Entry<Model> ENTRY = Description.of("sigmoid_network", "Two layers of sigmoid neurons")
            .optional("features", 784, "numbers in a sample")
            .optional("hidden", 30, "neurons of the first layer")
            .optional("outputs", 10, "neurons of the second")
            .named("logits", false, "whether the second sigmoid is left to the loss, such as CrossEntropyLoss")
            .source("Nielsen 2015, Neural Networks and Deep Learning, chapter 1")
            .readBy(arguments -> new SigmoidNetwork(
                            arguments.integer("features"),
                            arguments.integer("hidden"),
                            arguments.integer("outputs"),
                            arguments.flag("logits"))
                    .model());

    /** {@return the model over samples of one dimension, without a loss; data of other shapes with as many numbers fit too} */
    public Model model() {
        return Networks.over(Shape.of(features), this);
    }

    @Override
    public Value in(ModelBuilder model, Value input) {
        Value x = model.add("fc1", new Linear(features, hidden), model.add("flatten", new Flatten(), input));
        x = model.add("fc2", new Linear(hidden, outputs), model.add("sigmoid1", Activations.sigmoid(), x));
        return logits ? x : model.add("sigmoid2", Activations.sigmoid(), x);
    }
}
