package io.ketju.actors;

import io.ketju.layers.loss.Loss;
import io.ketju.layers.loss.LossPass;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.List;

/** A loss as a user would write it: one that knows no classes and says nothing of predictions. */
record MeanSquaredError() implements Loss {
    @Override
    public Spec spec() {
        return Spec.of("MeanSquaredError");
    }

    @Override
    public List<TensorType> targets(List<TensorType> inputs) {
        return inputs;
    }

    @Override
    public List<TensorType> room(List<TensorType> inputs) {
        return List.of();
    }

    @Override
    public double compute(LossPass pass) {
        Tensor output = pass.input();
        int samples = output.shape().dimension(0);
        int values = output.elements() / samples;
        float scale = (float) (2 * pass.scale() / values);
        double sum = 0;
        for (int i = 0; i < output.elements(); i++) {
            float difference = output.getFloat(i) - pass.target().getFloat(i);
            sum += (double) difference * difference / values;
            pass.gradInput().setFloat(i, difference * scale);
        }
        return sum;
    }
}
