package io.ketju.layers.pooling;

import io.ketju.layers.Layer;
import io.ketju.layers.Planes;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;

/**
 * The maximum of each bin of an image, whatever its size: [C, H, W] to [C, rows, columns], as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool2d.html">torch.nn.AdaptiveMaxPool2d</a>. Bins share out
 * the input evenly, and overlap where it cannot be divided. The gradient goes to the first of equal maxima.
 *
 * @param size of the output
 */
public record AdaptiveMaxPool2d(AdaptiveSize size) implements AdaptiveMaxPool {
    public static final Entry<Layer> ENTRY = Description.of(
                    "AdaptiveMaxPool2d", "The maximum of each bin of an image, for outputs of a given size")
            .required(
                    "output_size",
                    "rows and columns of the output: a number or a pair, None for as many as the input has")
            .formula("y[i, j] = max of rows ⌊i·H/rows⌋ to ⌈(i + 1)·H/rows⌉ - 1 of x, columns likewise")
            .shapes("[samples, channels, H, W] to [samples, channels, output_size]")
            .source("torch.nn.AdaptiveMaxPool2d")
            .readBy(arguments -> new AdaptiveMaxPool2d(AdaptiveSize.images(arguments)));

    /**
     * As many rows as columns.
     *
     * @param outputSize rows and columns of the output, at least 1
     */
    public AdaptiveMaxPool2d(int outputSize) {
        this(AdaptiveSize.square("AdaptiveMaxPool2d", outputSize));
    }

    /**
     * Images of another size.
     *
     * @param rows of the output, at least 1
     * @param columns of the output, at least 1
     */
    public AdaptiveMaxPool2d(int rows, int columns) {
        this(AdaptiveSize.of("AdaptiveMaxPool2d", rows, columns));
    }

    @Override
    public Planes planes() {
        return Planes.IMAGES;
    }

    @Override
    public Spec spec() {
        return Spec.of("AdaptiveMaxPool2d", size);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
