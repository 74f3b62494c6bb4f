package io.ketju.actors.examples;

import io.ketju.layers.Footprint;
import io.ketju.layers.OneToOne;
import io.ketju.layers.Parameter;
import io.ketju.layers.Pass;
import io.ketju.layers.Port;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.List;

// region layer
/** Multiplies every feature of a sample by a weight of its own: y = x · weight. */
record Scale(int features) implements OneToOne {
    @Override
    public Spec spec() {
        return Spec.of("Scale", features);
    }

    @Override
    public TensorType output(TensorType input) {
        if (!input.shape().sample().equals(Shape.of(features))) {
            throw new IllegalArgumentException("expected input [samples, " + features + "], found " + input.shape());
        }
        return input;
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(new Parameter("weight", Shape.of(features), Initializers.constant(1)));
    }

    @Override
    public long forwardFlops(TensorType input) {
        return input.shape().elements();
    }

    /** The gradient of the weight reads x. */
    @Override
    public Footprint footprint(TensorType input) {
        return Footprint.NOTHING.weightGradientReading(Port.input(0));
    }

    @Override
    public void forward(Pass pass) {
        scale(pass.input(0), pass.parameter(0), pass.output(0));
    }

    @Override
    public void backwardInput(Pass pass) {
        scale(pass.gradOutput(0), pass.parameter(0), pass.gradInput(0));
    }

    @Override
    public void backwardWeight(Pass pass) {
        Tensor x = pass.input(0);
        Tensor dy = pass.gradOutput(0);
        Tensor gradient = pass.gradient(0);
        for (int i = 0; i < x.elements(); i++) {
            int feature = i % features;
            gradient.setFloat(feature, gradient.getFloat(feature) + dy.getFloat(i) * x.getFloat(i));
        }
    }

    private void scale(Tensor from, Tensor weight, Tensor to) {
        for (int i = 0; i < from.elements(); i++) {
            to.setFloat(i, from.getFloat(i) * weight.getFloat(i % features));
        }
    }
}
// end region
