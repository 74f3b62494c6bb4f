package io.ketju.layers.regularization;

import io.ketju.layers.Footprint;
import io.ketju.layers.Layer;
import io.ketju.layers.OneToOne;
import io.ketju.layers.Pass;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.dropout.DropoutMask;
import java.util.Locale;

/**
 * In training what a residual branch brings becomes 0 with probability p, otherwise it is multiplied by 1 / (1 - p) (Huang et al.
 * 2016), as <a href="https://pytorch.org/vision/main/generated/torchvision.ops.StochasticDepth.html">torchvision.ops.StochasticDepth</a>:
 * of each sample, or of all samples of a mini-batch together. Otherwise a copy. It depends on the seed, the layer's name, the step
 * and, of single samples, the sample in the mini-batch; so all micro-batches of a mini-batch are dropped together. Backward asks
 * again: no mask is kept.
 *
 * @param p probability to become 0, from 0 to 1
 * @param mode what is dropped together
 */
public record StochasticDepth(double p, Mode mode) implements OneToOne {
    /** What is dropped together. */
    public enum Mode {
        /** All samples of a mini-batch. */
        BATCH,
        /** A sample. */
        ROW;

        private final String text = name().toLowerCase(Locale.ROOT);
    }

    public static final Entry<Layer> ENTRY = Description.of(
                    "StochasticDepth", "In training a sample, or a mini-batch, becomes 0 with probability p")
            .required("p", "probability to become 0")
            .required("mode", "row: a sample; batch: all samples of a mini-batch together")
            .formula("y = x · mask / (1 - p); in evaluation y = x")
            .shapes("[samples, ...] to the same")
            .source("torchvision.ops.StochasticDepth; Huang et al. 2016")
            .readBy(arguments -> new StochasticDepth(
                    arguments.number("p"),
                    Mode.valueOf(arguments
                            .word("mode", Mode.BATCH.text, Mode.ROW.text)
                            .toUpperCase(Locale.ROOT))));

    /**
     * Checks the probability.
     *
     * @throws IllegalArgumentException if it is not from 0 to 1
     */
    public StochasticDepth {
        Dropout.requireProbability("StochasticDepth", p);
    }

    @Override
    public Spec spec() {
        return Spec.of("StochasticDepth").withNumber("p", p).with("mode", mode.text);
    }

    @Override
    public TensorType output(TensorType input) {
        if (input.shape().rank() == 0 || input.shape().sample().elements() == 0) {
            throw new IllegalArgumentException("expected input [samples, ...], found " + input.shape());
        }
        return input;
    }

    /** Backward needs the gradient of the output alone. */
    @Override
    public Footprint footprint(TensorType input) {
        return Footprint.NOTHING;
    }

    /** One product per element. */
    @Override
    public long forwardFlops(TensorType input) {
        return input.shape().elements();
    }

    @Override
    public void forward(Pass pass) {
        if (pass.training()) {
            drop(pass, pass.input(0), pass.output(0));
        } else {
            pass.kernels().elementwise().copy(pass.input(0), pass.output(0));
        }
    }

    @Override
    public void backwardInput(Pass pass) {
        drop(pass, pass.gradOutput(0), pass.gradInput(0));
    }

    private void drop(Pass pass, Tensor from, Tensor to) {
        if (from.elements() == 0) {
            return;
        }
        boolean rows = mode == Mode.ROW;
        DropoutMask mask = new DropoutMask(pass.random(), rows ? pass.firstSample() : 0, (float) p);
        int together = rows ? from.shape().sample().elements() : from.elements();
        pass.kernels().dropout().channels(mask, together, from, to);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
