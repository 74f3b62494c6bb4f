package io.ketju.layers.recurrent;

import io.ketju.layers.Layer;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997, with forget gates), as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.LSTM.html">torch.nn.LSTM</a> with {@code batch_first=True}. Inputs x [B, T,
 * inputSize] and, if sequences are padded, lengths int32 [B]: how many steps of each are none of the padding. Outputs y [B, T, D·H], D = 2
 * if bidirectional, else 1, zero in the padding; h_n and c_n, states and cells: at the end of each sequence, [B, D·numLayers, H], in the
 * order of PyTorch's, whose samples are the second dimension. The states before the first step are zero, or come as the last inputs, in the
 * form of h_n and c_n. Valid rows have the same bits whatever the padding, and without lengths if there is none. Parameters, for level k
 * and, if bidirectional, once more with the suffix {@code _reverse}: weight_ih_lk [4·H, inputSize or D·H], weight_hh_lk [4·H, H],
 * bias_ih_lk [4·H], bias_hh_lk [4·H], all uniform within ±1/√H.
 *
 * @param inputSize features of an input
 * @param hiddenSize features of a state, H
 * @param numLayers levels, each over the outputs of the one below it
 * @param bias whether there are biases
 * @param bidirectional whether sequences are read backwards, too
 * @param dropout share of what a level gives the next that training leaves out; which elements depends on the steps that there are, padding
 *     included
 * @param projSize S, features that a projection makes of the states; 0 if there is none
 */
public record LSTM(
        int inputSize, int hiddenSize, int numLayers, boolean bias, boolean bidirectional, double dropout, int projSize)
        implements Recurrent {
    public static final Entry<Layer> ENTRY = Recurrence.describe(
                    Description.of("LSTM", "Long short-term memory"), "y, h_n and c_n", 4)
            .optional(
                    "proj_size",
                    0,
                    "features that a projection makes of a state: then y and h have as many, and each level"
                            + " weight_hr_lk [proj_size, H]")
            .source("torch.nn.LSTM; Hochreiter and Schmidhuber 1997")
            .readBy(LSTM::of);

    /**
     * Checks sizes and dropout.
     *
     * @throws IllegalArgumentException naming the argument, if a size is below 1, dropout is not from 0 to 1, or projSize is not from 0 to
     *     below H
     */
    public LSTM {
        // Checks the sizes.
        new Recurrence(
                "LSTM", RecurrentCell.LSTM, inputSize, hiddenSize, numLayers, bias, bidirectional, dropout, projSize);
    }

    /**
     * One level in one direction, with biases, without a projection.
     *
     * @param inputSize features of an input, at least 1
     * @param hiddenSize features of a state, H, at least 1
     */
    public LSTM(int inputSize, int hiddenSize) {
        this(inputSize, hiddenSize, 1, true, false, 0, 0);
    }

    private static LSTM of(Arguments arguments) {
        Recurrence read = Recurrence.of(arguments, RecurrentCell.LSTM, arguments.integer("proj_size"));
        return new LSTM(
                read.inputSize(),
                read.hiddenSize(),
                read.numLayers(),
                read.bias(),
                read.bidirectional(),
                read.dropout(),
                read.projSize());
    }

    /**
     * {@return this, with other levels}
     *
     * @param levels how many, at least 1, each over the outputs of the one below it
     */
    public LSTM withLayers(int levels) {
        return new LSTM(inputSize, hiddenSize, levels, bias, bidirectional, dropout, projSize);
    }

    /** {@return this without biases} */
    public LSTM withoutBias() {
        return new LSTM(inputSize, hiddenSize, numLayers, false, bidirectional, dropout, projSize);
    }

    /**
     * {@return this, with another dropout}
     *
     * @param p share of what a level gives the next that training leaves out, 0 to 1
     */
    public LSTM withDropout(double p) {
        return new LSTM(inputSize, hiddenSize, numLayers, bias, bidirectional, p, projSize);
    }

    /**
     * {@return this, with a projection of the states (Sak et al. 2014)}
     *
     * @param features that it makes of them, below H; 0 for none
     */
    public LSTM withProjSize(int features) {
        return new LSTM(inputSize, hiddenSize, numLayers, bias, bidirectional, dropout, features);
    }

    /** {@return this, reading sequences backwards, too} */
    public LSTM inBothDirections() {
        return new LSTM(inputSize, hiddenSize, numLayers, bias, true, dropout, projSize);
    }

    @Override
    public Recurrence recurrence() {
        return new Recurrence(
                "LSTM", RecurrentCell.LSTM, inputSize, hiddenSize, numLayers, bias, bidirectional, dropout, projSize);
    }

    @Override
    public Spec spec() {
        return recurrence().spec();
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
