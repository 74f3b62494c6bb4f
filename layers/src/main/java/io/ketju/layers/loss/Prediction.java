package io.ketju.layers.loss;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.activation.Activation;

/** What a model's outputs become when it predicts. The loss that it learnt by says which: {@link Loss#prediction}. */
public enum Prediction {
    /** The outputs as they are: regression, and whatever says nothing else. */
    OUTPUTS {
        @Override
        public void apply(Kernels kernels, Tensor outputs, Tensor predictions) {
            predictions.copyFrom(outputs);
        }
    },

    /** Probabilities of the classes: softmax over the last dimension of the outputs. */
    CLASS_PROBABILITIES {
        @Override
        public void apply(Kernels kernels, Tensor outputs, Tensor predictions) {
            kernels.softmax().softmaxForward(outputs, predictions);
        }
    },

    /** Probability of each label by itself: sigmoid of every output. */
    LABEL_PROBABILITIES {
        @Override
        public void apply(Kernels kernels, Tensor outputs, Tensor predictions) {
            kernels.activation().forward(Activation.SIGMOID, outputs, predictions);
        }
    };

    /**
     * Overwrites predictions, sample by sample: the bits of one do not depend on the others.
     *
     * @param outputs [samples, ...output] of the model
     * @param predictions of the same shape, another tensor
     */
    public abstract void apply(Kernels kernels, Tensor outputs, Tensor predictions);
}
