package io.ketju.layers.recurrent;

import io.ketju.layers.Layer;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.kernel.recurrent.RecurrentActivation;
import java.util.Locale;

/**
 * A plain recurrent network (Elman 1990), as <a href="https://pytorch.org/docs/stable/generated/torch.nn.RNN.html">torch.nn.RNN</a> with
 * {@code batch_first=True}. Inputs x [B, T, inputSize] and, if sequences are padded, lengths int32 [B]: how many steps of each are none of
 * the padding. Outputs y [B, T, D·H], D = 2 if bidirectional, else 1, zero in the padding; h_n, the states: at the end of each sequence,
 * [B, D·numLayers, H], in the order of PyTorch's, whose samples are the second dimension. The states before the first step are zero, or
 * come as the last inputs, in the form of h_n. Valid rows have the same bits whatever the padding, and without lengths if there is none.
 * Parameters, for level k and, if bidirectional, once more with the suffix {@code _reverse}: weight_ih_lk [H, inputSize or D·H],
 * weight_hh_lk [H, H], bias_ih_lk [H], bias_hh_lk [H], all uniform within ±1/√H.
 *
 * @param inputSize features of an input
 * @param hiddenSize features of a state, H
 * @param numLayers levels, each over the outputs of the one below it
 * @param bias whether there are biases
 * @param bidirectional whether sequences are read backwards, too
 * @param nonlinearity what a step does to the sum
 * @param dropout share of what a level gives the next that training leaves out; which elements depends on the steps that there are, padding
 *     included
 */
public record RNN(
        int inputSize,
        int hiddenSize,
        int numLayers,
        boolean bias,
        boolean bidirectional,
        RecurrentActivation nonlinearity,
        double dropout)
        implements Recurrent {
    public static final Entry<Layer> ENTRY = Recurrence.describe(
                    Description.of("RNN", "A plain recurrent network"), "y and h_n", 1)
            .source("torch.nn.RNN; Elman 1990")
            .readBy(RNN::of);

    /**
     * Checks sizes and dropout.
     *
     * @throws IllegalArgumentException naming the argument, if a size is below 1 or dropout is not from 0 to 1
     */
    public RNN {
        // Checks the sizes.
        new Recurrence("RNN", RecurrentCell.TANH, inputSize, hiddenSize, numLayers, bias, bidirectional, dropout, 0);
    }

    /**
     * One level in one direction, with biases, tanh.
     *
     * @param inputSize features of an input, at least 1
     * @param hiddenSize features of a state, H, at least 1
     */
    public RNN(int inputSize, int hiddenSize) {
        this(inputSize, hiddenSize, 1, true, false, RecurrentActivation.TANH, 0);
    }

    private static RNN of(Arguments arguments) {
        Recurrence read = Recurrence.of(arguments, RecurrentCell.TANH);
        boolean tanh = arguments.word("nonlinearity", "tanh", "relu").equals("tanh");
        return new RNN(
                read.inputSize(),
                read.hiddenSize(),
                read.numLayers(),
                read.bias(),
                read.bidirectional(),
                tanh ? RecurrentActivation.TANH : RecurrentActivation.RELU,
                read.dropout());
    }

    /**
     * {@return this, with other levels}
     *
     * @param levels how many, at least 1, each over the outputs of the one below it
     */
    public RNN withLayers(int levels) {
        return new RNN(inputSize, hiddenSize, levels, bias, bidirectional, nonlinearity, dropout);
    }

    /** {@return this without biases} */
    public RNN withoutBias() {
        return new RNN(inputSize, hiddenSize, numLayers, false, bidirectional, nonlinearity, dropout);
    }

    /**
     * {@return this, with another dropout}
     *
     * @param p share of what a level gives the next that training leaves out, 0 to 1
     */
    public RNN withDropout(double p) {
        return new RNN(inputSize, hiddenSize, numLayers, bias, bidirectional, nonlinearity, p);
    }

    /** {@return this, reading sequences backwards, too} */
    public RNN inBothDirections() {
        return new RNN(inputSize, hiddenSize, numLayers, bias, true, nonlinearity, dropout);
    }

    /**
     * {@return this, with another nonlinearity}
     *
     * @param other what a step does to the sum
     */
    public RNN withNonlinearity(RecurrentActivation other) {
        return new RNN(inputSize, hiddenSize, numLayers, bias, bidirectional, other, dropout);
    }

    @Override
    public Recurrence recurrence() {
        RecurrentCell cell = nonlinearity == RecurrentActivation.TANH ? RecurrentCell.TANH : RecurrentCell.RELU;
        return new Recurrence("RNN", cell, inputSize, hiddenSize, numLayers, bias, bidirectional, dropout, 0);
    }

    @Override
    public Spec spec() {
        Spec spec = recurrence().spec();
        boolean usual = nonlinearity == RecurrentActivation.TANH;
        return usual ? spec : spec.with("nonlinearity", nonlinearity.name().toLowerCase(Locale.ROOT));
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
