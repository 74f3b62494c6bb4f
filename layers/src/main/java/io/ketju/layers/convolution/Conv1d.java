package io.ketju.layers.convolution;

import io.ketju.layers.Layer;
import io.ketju.layers.Planes;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.kernel.convolution.Conv2dShape.Window;

/**
 * 1-D cross-correlation with padding: [samples, inChannels, L] to [samples, outChannels, (L + 2·padding - extent) / stride
 * + 1], where {@code extent = dilation·(kernel - 1) + 1}, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.Conv1d.html">torch.nn.Conv1d</a>. Parameters: weight [outChannels,
 * inChannels / groups, kernel], bias [outChannels].
 *
 * @param images the same over images of height 1
 */
public record Conv1d(Conv2d images) implements Planes.OfSequences {
    public static final Entry<Layer> ENTRY = Margin.describe(Description.of("Conv1d", "1-D cross-correlation")
                    .required("in_channels", "channels of the input")
                    .required("out_channels", "channels of the output")
                    .required("kernel_size", "taps of the kernel")
                    .optional("stride", 1, "step of the window")
                    .optional(
                            "padding",
                            0,
                            "positions at either end: a number, same (which keeps the length) or valid (none)")
                    .optional("dilation", 1, "distance of the kernel's taps")
                    .optional("groups", 1, "groups of channels, each convolved for itself; in_channels: depthwise")
                    .optional("bias", true, "whether there is a bias"))
            .named("init", Initializers.layerDefault().spec(), "initial values of the weight")
            .formula("y[o] = bias[o] + Σ over i of the group of weight[o, i] ⋆ x[i]")
            .shapes(
                    "[samples, in_channels, L] to [samples, out_channels, (L + 2·padding - dilation·(kernel_size - 1) - 1) /"
                            + " stride + 1]")
            .parameters("weight [out_channels, in_channels / groups, kernel_size], bias [out_channels]")
            .source("torch.nn.Conv1d")
            .readBy(Conv1d::of);

    /**
     * Checks that the kernel has one row.
     *
     * @throws IllegalArgumentException if it has more
     */
    public Conv1d {
        if (images.window().kernelHeight() != 1) {
            throw new IllegalArgumentException("Conv1d: expected a kernel of one row, found " + images);
        }
    }

    /**
     * Stride 1, no padding, with bias and PyTorch's initial values.
     *
     * @param inChannels channels of the input, at least 1
     * @param outChannels channels of the output, at least 1
     * @param kernelSize taps of the kernel, at least 1
     */
    public Conv1d(int inChannels, int outChannels, int kernelSize) {
        this(new Conv2d(inChannels, outChannels, 1, kernelSize));
    }

    /**
     * With another padding, of zeros.
     *
     * @param positions zeros at either end, at least 0
     * @return another layer
     */
    public Conv1d withPadding(int positions) {
        return new Conv1d(images.withPadding(0, positions));
    }

    private static Conv1d of(Arguments arguments) {
        int in = arguments.integer("in_channels");
        int out = arguments.integer("out_channels");
        int groups = arguments.integer("groups");
        Windows.requireGroups("Conv1d", in, out, groups);
        Window window = Windows.line(arguments);
        Windows.requireWindow("Conv1d", window);
        return new Conv1d(new Conv2d(
                in,
                out,
                window,
                Margin.of(arguments, window),
                groups,
                arguments.flag("bias"),
                Initializers.of(arguments, "init")));
    }

    @Override
    public int channels() {
        return images.inChannels();
    }

    @Override
    public Spec spec() {
        return images.spec("Conv1d", true);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
