package io.ketju.layers.regularization;

import io.ketju.layers.Footprint;
import io.ketju.layers.Layer;
import io.ketju.layers.OneToOne;
import io.ketju.layers.Pass;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.dropout.DropoutMask;

/**
 * In training each channel of a sample becomes 0 with probability p, the others are multiplied by 1 / (1 - p), as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.Dropout2d.html">torch.nn.Dropout1d and Dropout2d</a>; otherwise a
 * copy. Which channels depends on the seed, the layer's name, the step, the sample in the mini-batch and the channel.
 * Backward asks again: no mask is kept.
 *
 * @param dimensions of a channel: 1 takes [samples, channels, length], 2 [samples, channels, height, width]
 * @param p probability of a channel to become 0, from 0 to 1
 */
public record ChannelDropout(int dimensions, double p) implements OneToOne {
    /** {@code Dropout1d}. */
    public static final Entry<Layer> DROPOUT_1D = entry(1, "[samples, channels, L] to the same");

    /** {@code Dropout2d}. */
    public static final Entry<Layer> DROPOUT_2D = entry(2, "[samples, channels, H, W] to the same");

    private static Entry<Layer> entry(int dimensions, String shapes) {
        String name = name(dimensions);
        return Description.of(name, "In training each channel of a sample becomes 0 with probability p")
                .optional("p", Dropout.DEFAULT_P, "probability of a channel to become 0")
                .formula("y = x · mask / (1 - p); in evaluation y = x")
                .shapes(shapes)
                .source("torch.nn." + name + "; Tompson et al. 2015")
                .readBy(arguments -> new ChannelDropout(dimensions, arguments.number("p")));
    }

    private static String name(int dimensions) {
        return "Dropout" + dimensions + "d";
    }

    /**
     * Checks dimensions and probability.
     *
     * @throws IllegalArgumentException unless there are 1 or 2 dimensions and p is from 0 to 1
     */
    public ChannelDropout {
        if (dimensions != 1 && dimensions != 2) {
            throw new IllegalArgumentException("dropout of channels: expected 1 or 2 dimensions, found " + dimensions);
        }
        Dropout.requireProbability(name(dimensions), p);
    }

    @Override
    public Spec spec() {
        return Spec.of(name(dimensions)).withNumber("p", p);
    }

    @Override
    public TensorType output(TensorType input) {
        Shape shape = input.shape();
        if (shape.rank() != dimensions + 2 || shape.sample().elements() == 0) {
            String channel = dimensions == 1 ? "length" : "height, width";
            throw new IllegalArgumentException("expected input [samples, channels, " + channel + "], found " + shape);
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
        Tensor input = pass.input(0);
        if (pass.training()) {
            drop(pass, input, pass.output(0));
        } else {
            pass.kernels().elementwise().copy(input, pass.output(0));
        }
    }

    @Override
    public void backwardInput(Pass pass) {
        drop(pass, pass.gradOutput(0), pass.gradInput(0));
    }

    private void drop(Pass pass, Tensor from, Tensor to) {
        int channels = from.shape().dimension(1);
        DropoutMask mask = new DropoutMask(pass.random(), pass.firstSample() * channels, (float) p);
        pass.kernels().dropout().channels(mask, from.shape().sample().elements() / channels, from, to);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
