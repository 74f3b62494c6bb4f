package io.ketju.layers.pooling;

import io.ketju.layers.Layer;
import io.ketju.layers.Planes;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;

/**
 * The mean of each bin of a sequence, whatever its size: [C, L] to [C, outputSize], as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool1d.html">torch.nn.AdaptiveAvgPool1d</a>. Bins share out
 * the input evenly, and overlap where it cannot be divided. Of a whole plane ({@code output_size=1}) it is the global average.
 *
 * @param size length of the output, as both of its numbers
 */
public record AdaptiveAvgPool1d(AdaptiveSize size) implements AdaptiveAvgPool {
    public static final Entry<Layer> ENTRY = Description.of(
                    "AdaptiveAvgPool1d", "The mean of each bin of a sequence, for outputs of a given size")
            .required("output_size", "length of the output")
            .formula("y[i] = mean of x from ⌊i·L/output_size⌋ to ⌈(i + 1)·L/output_size⌉ - 1")
            .shapes("[samples, channels, L] to [samples, channels, output_size]")
            .source("torch.nn.AdaptiveAvgPool1d")
            .readBy(arguments -> new AdaptiveAvgPool1d(AdaptiveSize.sequences(arguments)));

    /**
     * Sequences of another length.
     *
     * @param outputSize length of the output, at least 1
     */
    public AdaptiveAvgPool1d(int outputSize) {
        this(AdaptiveSize.square("AdaptiveAvgPool1d", outputSize));
    }

    @Override
    public Planes planes() {
        return Planes.SEQUENCES;
    }

    @Override
    public Spec spec() {
        return Spec.of("AdaptiveAvgPool1d", size);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
