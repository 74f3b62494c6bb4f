package io.ketju.actors.examples;

import io.ketju.layers.loss.Loss;
import io.ketju.layers.loss.LossPass;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.List;

// region loss
/** Mean over a sample's outputs of |output - target|. */
record AbsoluteError() implements Loss {
    @Override
    public Spec spec() {
        return Spec.of("AbsoluteError");
    }

    /** One target, of the type of the output. */
    @Override
    public List<TensorType> targets(List<TensorType> inputs) {
        return inputs;
    }

    /** It needs no tensors for itself. */
    @Override
    public List<TensorType> room(List<TensorType> inputs) {
        return List.of();
    }

    @Override
    public double compute(LossPass pass) {
        Tensor output = pass.input();
        int samples = output.shape().dimension(0);
        int perSample = output.elements() / samples;
        float share = (float) (pass.scale() / perSample);
        double sum = 0;
        for (int i = 0; i < output.elements(); i++) {
            float difference = output.getFloat(i) - pass.target().getFloat(i);
            sum += Math.abs(difference);
            pass.gradInput().setFloat(i, Math.signum(difference) * share);
        }
        return sum / perSample;
    }
}
// end region
