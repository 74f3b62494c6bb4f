package io.ketju.actors.job;

import io.ketju.layers.model.Model;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.shape.Flatten;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.Shape;

/**
 * The model of a job.
 *
 * @param name what it is called on the terminal and in files: {@code lenet}, or {@code custom}
 * @param model with or without losses; without, the job's loss is that of its first output
 */
public record ModelSource(String name, Model model) {
    /** Throws {@link InvalidJobException} if there are more layers than a job may have. */
    public ModelSource {
        int layers = model.nodes().size();
        if (layers > JobLimits.LAYERS) {
            throw new InvalidJobException("model: expected at most " + JobLimits.LAYERS + " layers, found " + layers);
        }
    }

    /**
     * A chain of layers.
     *
     * @param name what it is called
     * @param inputShape shape of one sample
     * @param layers one after the other
     * @throws InvalidJobException naming the layer where the shapes do not fit
     */
    public ModelSource(String name, Shape inputShape, Sequential layers) {
        this(name, JobChecks.naming("model '" + Excerpt.of(name) + "'", () -> Model.of(inputShape, layers)));
    }

    /** {@return the shape of one sample of the first input} */
    public Shape inputShape() {
        return model.inputShape();
    }

    /**
     * The same for samples of another shape, where the first layer flattens them anyway and the number of values is equal.
     *
     * @param samples shape of one of them
     * @return this where that is not so: whoever checks the job says what does not fit
     */
    public ModelSource fitting(Shape samples) {
        boolean flattens = model.nodes().getFirst().layer() instanceof Flatten;
        return flattens && samples.elements() == inputShape().elements()
                ? new ModelSource(name, model.withInputShape(samples))
                : this;
    }
}
