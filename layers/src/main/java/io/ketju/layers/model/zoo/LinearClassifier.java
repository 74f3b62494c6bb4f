package io.ketju.layers.model.zoo;

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
 * One score for each class, a product of its weights and the pixels: {@code s = fc.weight · x + fc.bias}. With CrossEntropyLoss it
 * is softmax regression, with HingeLoss a support vector machine of several classes. Samples of any shape to [samples, classes].
 *
 * @param features numbers in a sample
 * @param classes number of outputs
 */
// region model
public record LinearClassifier(int features, int classes) implements Block {
    static final Entry<Model> ENTRY = Description.of("linear_classifier", "One linear score for each class")
            .optional("features", 3072, "numbers in a sample")
            .optional("classes", 10, "number of outputs")
            .readBy(arguments ->
                    new LinearClassifier(arguments.integer("features"), arguments.integer("classes")).model());

    /** {@return the model over samples of one dimension, without a loss; data of other shapes with as many numbers fit too} */
    public Model model() {
        return Networks.over(Shape.of(features), this);
    }

    @Override
    public Value in(ModelBuilder model, Value x) {
        return model.add("fc", new Linear(features, classes), model.add("flatten", new Flatten(), x));
    }
}
// end region
