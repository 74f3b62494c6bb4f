package io.ketju.actors.examples;

import io.ketju.layers.Initializers;
import io.ketju.layers.Layer;
import io.ketju.layers.Parameter;
import io.ketju.layers.Saved;
import io.ketju.layers.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.util.List;

// region layer
/** Multiplies every feature of a sample by a weight of its own: y = x · weight. */
record Scale(int features) implements Layer {
    @Override
    public Spec spec() {
        return Spec.of("Scale", features);
    }

    @Override
    public Shape outputShape(Shape input) {
        if (!input.equals(Shape.of(features))) {
            throw new IllegalArgumentException("Scale: expected input [" + features + "], found " + input);
        }
        return input;
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(new Parameter("weight", Shape.of(features), Initializers.constant(1)));
    }

    @Override
    public long forwardFlops(Shape input) {
        return features;
    }

    /** What forward and backwardInput allocate. */
    @Override
    public long slotBytes(Shape input, int samples) {
        return 2 * TensorArena.bytesFor(input.batched(samples));
    }

    @Override
    public Tensor forward(Tensor x, Saved saved) {
        saved.keep(0, x);
        return scaled(x, saved);
    }

    @Override
    public Tensor backwardInput(Tensor dy, Saved saved) {
        return scaled(dy, saved);
    }

    @Override
    public void backwardWeight(Tensor dy, Saved saved) {
        Tensor x = saved.kept(0);
        Tensor gradient = saved.gradient(0);
        for (int i = 0; i < x.elements(); i++) {
            int feature = i % features;
            gradient.setFloat(feature, gradient.getFloat(feature) + dy.getFloat(i) * x.getFloat(i));
        }
    }

    private Tensor scaled(Tensor from, Saved saved) {
        Tensor weight = saved.parameter(0);
        Tensor to = saved.allocate(from.shape());
        for (int i = 0; i < from.elements(); i++) {
            to.setFloat(i, from.getFloat(i) * weight.getFloat(i % features));
        }
        return to;
    }
}
// end region
