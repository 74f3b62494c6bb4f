package io.ketju.layers.loss;

import io.ketju.layers.Arguments;
import io.ketju.layers.Spec;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorArena;

/**
 * {@code -log softmax(logits)[target]} per sample, averaged over the mini-batch, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html">torch.nn.CrossEntropyLoss</a> with
 * {@code reduction='mean'}. Output [classes] per sample, target one INT32 class index per sample. The gradient is
 * {@code (softmax(logits) - onehot(target)) / denominator}.
 */
public record CrossEntropyLoss() implements Loss {
    static CrossEntropyLoss of(Spec spec) {
        return Arguments.none(spec, new CrossEntropyLoss());
    }

    @Override
    public Spec spec() {
        return Spec.of("CrossEntropyLoss");
    }

    @Override
    public Shape targetShape(Shape output) {
        if (output.rank() != 1 || output.elements() == 0) {
            throw new IllegalArgumentException(
                    "CrossEntropyLoss: expected model output [classes], found " + output + "; add Flatten() or Linear");
        }
        return Shape.of();
    }

    @Override
    public DType targetType() {
        return DType.INT32;
    }

    @Override
    public Prediction prediction() {
        return Prediction.CLASS_PROBABILITIES;
    }

    @Override
    public boolean countsCorrect() {
        return true;
    }

    /** The gradient and one loss per sample. */
    @Override
    public long slotBytes(Shape output, int samples) {
        return TensorArena.bytesFor(output.batched(samples)) + TensorArena.bytesFor(Shape.of(samples));
    }

    /** Throws {@link IllegalArgumentException} for a target outside of the classes, naming the sample. */
    @Override
    public LossValue compute(Tensor output, Tensor target, long denominator, Kernels kernels, TensorArena slot) {
        int samples = output.shape().dimension(0);
        requireTargets(target, samples, output.shape().dimension(1));
        if (denominator < 1) {
            throw new IllegalArgumentException("CrossEntropyLoss: expected denominator >= 1, found " + denominator);
        }
        Tensor gradOutput = slot.allocate(output.shape());
        Tensor losses = slot.allocate(Shape.of(samples));
        kernels.loss().crossEntropy(output, target, (float) (1.0 / denominator), losses, gradOutput);
        double sum = 0;
        for (int sample = 0; sample < samples; sample++) {
            sum += losses.getFloat(sample);
        }
        return new LossValue(sum, kernels.loss().countCorrect(output, target), samples, gradOutput);
    }

    /** The kernel indexes with the targets, so they are checked before it. */
    private static void requireTargets(Tensor target, int samples, int classes) {
        if (target.dtype() != DType.INT32 || !target.shape().equals(Shape.of(samples))) {
            throw new IllegalArgumentException(
                    "CrossEntropyLoss: expected targets int32[" + samples + "], found " + target);
        }
        for (int sample = 0; sample < samples; sample++) {
            int label = target.getInt(sample);
            if (label < 0 || label >= classes) {
                throw new IllegalArgumentException("CrossEntropyLoss: target of sample " + sample
                        + " of the micro-batch: expected a class from 0 to " + (classes - 1) + ", found " + label
                        + "; give the model more outputs or correct the labels");
            }
        }
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
