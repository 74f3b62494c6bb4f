package io.ketju.layers.pooling;

import io.ketju.layers.Layer;
import io.ketju.layers.Planes;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;

/**
 * The maximum of each bin of a sequence, whatever its size: [C, L] to [C, outputSize], as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool1d.html">torch.nn.AdaptiveMaxPool1d</a>. Bins share out
 * the input evenly, and overlap where it cannot be divided. The gradient goes to the first of equal maxima.
 *
 * @param size length of the output, as both of its numbers
 */
public record AdaptiveMaxPool1d(AdaptiveSize size) implements AdaptiveMaxPool {
    public static final Entry<Layer> ENTRY = Description.of(
                    "AdaptiveMaxPool1d", "The maximum of each bin of a sequence, for outputs of a given size")
            .required("output_size", "length of the output")
            .formula("y[i] = max of x from ⌊i·L/output_size⌋ to ⌈(i + 1)·L/output_size⌉ - 1")
            .shapes("[samples, channels, L] to [samples, channels, output_size]")
            .source("torch.nn.AdaptiveMaxPool1d")
            .readBy(arguments -> new AdaptiveMaxPool1d(AdaptiveSize.sequences(arguments)));

    /**
     * Sequences of another length.
     *
     * @param outputSize length of the output, at least 1
     */
    public AdaptiveMaxPool1d(int outputSize) {
        this(AdaptiveSize.square("AdaptiveMaxPool1d", outputSize));
    }

    @Override
    public Planes planes() {
        return Planes.SEQUENCES;
    }

    @Override
    public Spec spec() {
        return Spec.of("AdaptiveMaxPool1d", size);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
