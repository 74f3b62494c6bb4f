package io.ketju.layers.recurrent;

import io.ketju.layers.Inputs;
import io.ketju.layers.Layer;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.kernel.recurrent.RecurrentActivation;
import java.util.Locale;

/**
 * A plain recurrent network (Elman 1990), as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.RNN.html">torch.nn.RNN</a> with
 * {@code batch_first=True}. Inputs x [B, T, inputSize] and, if sequences are padded, lengths int32 [B]: how many steps of each
 * are none of the padding. Outputs y [B, T, D·H], D = 2 if bidirectional, else 1, zero in the padding; h_n, the states: at the
 * end of each sequence, [B, D·numLayers, H], in the order of PyTorch's, whose samples are the second dimension. The states
 * before the first step are zero. Valid rows have the same bits whatever the padding, and without lengths if there is none.
 * Parameters, for level k and, if bidirectional, once more with the suffix {@code _reverse}: weight_ih_lk [H, inputSize or
 * D·H], weight_hh_lk [H, H], bias_ih_lk [H], bias_hh_lk [H], all uniform within ±1/√H.
 *
 * @param inputSize features of an input
 * @param hiddenSize features of a state, H
 * @param numLayers levels, each over the outputs of the one below it
 * @param bias whether there are biases
 * @param bidirectional whether sequences are read backwards, too
 * @param nonlinearity what a step does to the sum
 */
public record RNN(
        int inputSize,
        int hiddenSize,
        int numLayers,
        boolean bias,
        boolean bidirectional,
        RecurrentActivation nonlinearity)
        implements Recurrent {
    public static final Entry<Layer> ENTRY = Recurrence.describe(Description.of("RNN", "A plain recurrent network"), "y and h_n", 1)
            .named("nonlinearity", "tanh", "tanh or relu")
            .source("torch.nn.RNN; Elman 1990")
            .readBy(RNN::of);

    public RNN {
        // Checks the sizes.
        new Recurrence("RNN", RecurrentCell.TANH, inputSize, hiddenSize, numLayers, bias, bidirectional);
    }

    /** One level, with biases, tanh. */
    public RNN(int inputSize, int hiddenSize) {
        this(inputSize, hiddenSize, 1, true, false, RecurrentActivation.TANH);
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
                tanh ? RecurrentActivation.TANH : RecurrentActivation.RELU);
    }

    public RNN withLayers(int levels) {
        return new RNN(inputSize, hiddenSize, levels, bias, bidirectional, nonlinearity);
    }

    public RNN withoutBias() {
        return new RNN(inputSize, hiddenSize, numLayers, false, bidirectional, nonlinearity);
    }

    public RNN inBothDirections() {
        return new RNN(inputSize, hiddenSize, numLayers, bias, true, nonlinearity);
    }

    public RNN withNonlinearity(RecurrentActivation other) {
        return new RNN(inputSize, hiddenSize, numLayers, bias, bidirectional, other);
    }

    @Override
    public Recurrence recurrence() {
        RecurrentCell cell = nonlinearity == RecurrentActivation.TANH ? RecurrentCell.TANH : RecurrentCell.RELU;
        return new Recurrence("RNN", cell, inputSize, hiddenSize, numLayers, bias, bidirectional);
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
