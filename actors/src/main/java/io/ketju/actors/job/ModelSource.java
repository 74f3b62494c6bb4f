package io.ketju.actors.job;

import io.ketju.layers.Flatten;
import io.ketju.layers.model.Sequential;
import io.ketju.tensor.Shape;

/**
 * The model of a job before its shapes are checked.
 *
 * @param name what it is called on the terminal and in files: {@code lenet}, or {@code custom}
 * @param inputShape shape of one sample
 * @param layers the layers in order
 */
public record ModelSource(String name, Shape inputShape, Sequential layers) {
    /** The same for samples of another shape, where the layers flatten them anyway and the number of values is equal. */
    public ModelSource fitting(Shape samples) {
        boolean flattens = layers.layers().getFirst() instanceof Flatten;
        return flattens && samples.elements() == inputShape.elements() ? new ModelSource(name, samples, layers) : this;
    }
}
