package io.ketju.actors.examples;

import io.ketju.layers.Spec;
import io.ketju.layers.loss.Loss;
import io.ketju.layers.loss.LossValue;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorArena;

// region loss
/** Mean over a sample's outputs of |output - target|. */
record AbsoluteError() implements Loss {
    @Override
    public Spec spec() {
        return Spec.of("AbsoluteError");
    }

    @Override
    public Shape targetShape(Shape output) {
        return output;
    }

    @Override
    public DType targetType() {
        return DType.FLOAT32;
    }

    /** The gradient is all that compute allocates. */
    @Override
    public long slotBytes(Shape output, int samples) {
        return TensorArena.bytesFor(output.batched(samples));
    }

    @Override
    public LossValue compute(Tensor output, Tensor target, long denominator, Kernels kernels, TensorArena slot) {
        int samples = output.shape().dimension(0);
        int perSample = output.elements() / samples;
        float share = (float) (1.0 / ((double) perSample * denominator));
        Tensor gradient = slot.allocate(output.shape());
        double sum = 0;
        for (int i = 0; i < output.elements(); i++) {
            float difference = output.getFloat(i) - target.getFloat(i);
            sum += Math.abs(difference);
            gradient.setFloat(i, Math.signum(difference) * share);
        }
        return new LossValue(sum / perSample, 0, samples, gradient); // 0: no class was right
    }
}
// end region
