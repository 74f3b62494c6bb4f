package io.ketju.actors;

import io.ketju.layers.Spec;
import io.ketju.layers.loss.Loss;
import io.ketju.layers.loss.LossValue;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorArena;

/** A loss as a user would write it: one that knows no classes and says nothing of predictions. */
record MeanSquaredError() implements Loss {
    @Override
    public Spec spec() {
        return Spec.of("MeanSquaredError");
    }

    @Override
    public Shape targetShape(Shape output) {
        return output;
    }

    @Override
    public DType targetType() {
        return DType.FLOAT32;
    }

    @Override
    public long slotBytes(Shape output, int samples) {
        return TensorArena.bytesFor(output.batched(samples));
    }

    @Override
    public LossValue compute(Tensor output, Tensor target, long denominator, Kernels kernels, TensorArena slot) {
        Tensor gradOutput = slot.allocate(output.shape());
        int samples = output.shape().dimension(0);
        int values = output.elements() / samples;
        double sum = 0;
        for (int i = 0; i < output.elements(); i++) {
            float difference = output.getFloat(i) - target.getFloat(i);
            sum += (double) difference * difference / values;
            gradOutput.setFloat(i, 2 * difference / values / denominator);
        }
        return new LossValue(sum, 0, samples, gradOutput);
    }
}
