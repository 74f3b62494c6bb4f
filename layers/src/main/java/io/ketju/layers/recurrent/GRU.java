package io.ketju.layers.recurrent;

import io.ketju.layers.Layer;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;

/**
 * Gated recurrent units (Cho et al. 2014, in the form of cuDNN), as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.GRU.html">torch.nn.GRU</a> with {@code batch_first=True}. Inputs x [B, T,
 * inputSize] and, if sequences are padded, lengths int32 [B]: how many steps of each are none of the padding. Outputs y [B, T, D·H], D = 2
 * if bidirectional, else 1, zero in the padding; h_n, the states: at the end of each sequence, [B, D·numLayers, H], in the order of
 * PyTorch's, whose samples are the second dimension. The states before the first step are zero, or come as the last inputs, in the form of
 * h_n. Valid rows have the same bits whatever the padding, and without lengths if there is none. Parameters, for level k and, if
 * bidirectional, once more with the suffix {@code _reverse}: weight_ih_lk [3·H, inputSize or D·H], weight_hh_lk [3·H, H], bias_ih_lk [3·H],
 * bias_hh_lk [3·H], all uniform within ±1/√H.
 *
 * @param inputSize features of an input
 * @param hiddenSize features of a state, H
 * @param numLayers levels, each over the outputs of the one below it
 * @param bias whether there are biases
 * @param bidirectional whether sequences are read backwards, too
 * @param dropout share of what a level gives the next that training leaves out; which elements depends on the steps that there are, padding
 *     included
 */
public record GRU(int inputSize, int hiddenSize, int numLayers, boolean bias, boolean bidirectional, double dropout)
        implements Recurrent {
    public static final Entry<Layer> ENTRY = Recurrence.describe(
                    Description.of("GRU", "Gated recurrent units"), "y and h_n", 3)
            .source("torch.nn.GRU; Cho et al. 2014")
            .readBy(GRU::of);

    /**
     * Checks sizes and dropout.
     *
     * @throws IllegalArgumentException naming the argument, if a size is below 1 or dropout is not from 0 to 1
     */
    public GRU {
        // Checks the sizes.
        new Recurrence("GRU", RecurrentCell.GRU, inputSize, hiddenSize, numLayers, bias, bidirectional, dropout, 0);
    }

    /**
     * One level in one direction, with biases.
     *
     * @param inputSize features of an input, at least 1
     * @param hiddenSize features of a state, H, at least 1
     */
    public GRU(int inputSize, int hiddenSize) {
        this(inputSize, hiddenSize, 1, true, false, 0);
    }

    private static GRU of(Arguments arguments) {
        Recurrence read = Recurrence.of(arguments, RecurrentCell.GRU);
        return new GRU(
                read.inputSize(),
                read.hiddenSize(),
                read.numLayers(),
                read.bias(),
                read.bidirectional(),
                read.dropout());
    }

    /**
     * {@return this, with other levels}
     *
     * @param levels how many, at least 1, each over the outputs of the one below it
     */
    public GRU withLayers(int levels) {
        return new GRU(inputSize, hiddenSize, levels, bias, bidirectional, dropout);
    }

    /** {@return this without biases} */
    public GRU withoutBias() {
        return new GRU(inputSize, hiddenSize, numLayers, false, bidirectional, dropout);
    }

    /**
     * {@return this, with another dropout}
     *
     * @param p share of what a level gives the next that training leaves out, 0 to 1
     */
    public GRU withDropout(double p) {
        return new GRU(inputSize, hiddenSize, numLayers, bias, bidirectional, p);
    }

    /** {@return this, reading sequences backwards, too} */
    public GRU inBothDirections() {
        return new GRU(inputSize, hiddenSize, numLayers, bias, true, dropout);
    }

    @Override
    public Recurrence recurrence() {
        return new Recurrence(
                "GRU", RecurrentCell.GRU, inputSize, hiddenSize, numLayers, bias, bidirectional, dropout, 0);
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
