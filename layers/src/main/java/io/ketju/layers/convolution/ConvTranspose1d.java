package io.ketju.layers.convolution;

import io.ketju.layers.Layer;
import io.ketju.layers.Planes;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Arguments.Pair;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.kernel.convolution.Conv2dShape.Window;

/**
 * Transposed 1-D convolution: [samples, inChannels, L] to [samples, outChannels, (L - 1)·stride - 2·padding + extent +
 * outputPadding], where {@code extent = dilation·(kernel - 1) + 1}, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.ConvTranspose1d.html">torch.nn.ConvTranspose1d</a>. Parameters:
 * weight [inChannels, outChannels / groups, kernel], bias [outChannels].
 *
 * @param images the same over images of height 1
 */
public record ConvTranspose1d(ConvTranspose2d images) implements Planes.OfSequences {
    public static final Entry<Layer> ENTRY = Description.of("ConvTranspose1d", "Transposed 1-D convolution")
            .required("in_channels", "channels of the input")
            .required("out_channels", "channels of the output")
            .required("kernel_size", "taps of the kernel")
            .optional("stride", 1, "distance of neighbouring inputs in the output")
            .optional("padding", 0, "positions left out at each end")
            .optional("output_padding", 0, "positions more at the end, less than stride")
            .optional("groups", 1, "groups of channels, each convolved for itself")
            .optional("bias", true, "whether there is a bias")
            .optional("dilation", 1, "distance of the kernel's taps")
            .optional("padding_mode", "zeros", "zeros: there is no other")
            .named("init", Initializers.layerDefault().spec(), "initial values of the weight")
            .formula("y[o] = bias[o] + Σ over i of the group of what Conv1d's gradient by x[o] makes of x[i]")
            .shapes("[samples, in_channels, L] to [samples, out_channels, (L - 1)·stride - 2·padding +"
                    + " dilation·(kernel_size - 1) + output_padding + 1]")
            .parameters("weight [in_channels, out_channels / groups, kernel_size], bias [out_channels]")
            .source("torch.nn.ConvTranspose1d")
            .readBy(ConvTranspose1d::of);

    /**
     * Checks that the kernel has one row.
     *
     * @throws IllegalArgumentException if it has more
     */
    public ConvTranspose1d {
        if (images.window().kernelHeight() != 1) {
            throw new IllegalArgumentException("ConvTranspose1d: expected a kernel of one row, found " + images);
        }
    }

    private static ConvTranspose1d of(Arguments arguments) {
        ConvTranspose2d.requireNumbers(arguments);
        int in = arguments.integer("in_channels");
        int out = arguments.integer("out_channels");
        int groups = arguments.integer("groups");
        Windows.requireGroups("ConvTranspose1d", in, out, groups);
        Window window = Windows.line(arguments);
        Windows.requireWindow("ConvTranspose1d", window);
        int more = arguments.integer("output_padding");
        ConvTranspose2d.requireOutputPadding("ConvTranspose1d", Pair.of(window.strideX()), Pair.of(more));
        return new ConvTranspose1d(new ConvTranspose2d(
                in,
                out,
                window,
                new Pair(0, more),
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
        return images.spec("ConvTranspose1d", true);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
