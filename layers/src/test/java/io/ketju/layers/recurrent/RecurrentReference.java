package io.ketju.layers.recurrent;

import io.ketju.layers.DoubleReference.Call;
import io.ketju.layers.Layer;
import io.ketju.layers.LayerRun;
import io.ketju.layers.ReferenceAffine;
import io.ketju.layers.ReferenceRows;
import io.ketju.tensor.kernel.recurrent.RecurrentActivation;
import io.ketju.tensor.random.CounterRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Recurrent layers in double precision, one sample and one step after the other. */
public final class RecurrentReference {
    /** What a step leaves. */
    static final class State {
        final double[] h;
        final double[] c;

        State(double[] h, double[] c) {
            this.h = h;
            this.c = c;
        }
    }

    private RecurrentReference() {}

    /** The outputs, if the layer is one of them. */
    public static Optional<List<double[]>> forward(Layer layer, Call call) {
        return switch (layer) {
            case Recurrent recurrent -> Optional.of(recurrent(recurrent, call));
            case StepCell cell -> Optional.of(cell(cell, call));
            case AttentionDecoder decoder -> Optional.of(DecoderReference.forward(decoder, call));
            default -> Optional.empty();
        };
    }

    private static List<double[]> cell(StepCell layer, Call call) {
        int batch = call.shape().dimension(0);
        int hidden = layer.hiddenSize();
        double[] none = new double[call.parameter(0).length / layer.inputSize()];
        ReferenceAffine fromInput = new ReferenceAffine(
                new ReferenceRows(call.parameter(0), layer.inputSize()), layer.bias() ? call.parameter(2) : none);
        ReferenceAffine fromHidden = new ReferenceAffine(
                new ReferenceRows(call.parameter(1), hidden), layer.bias() ? call.parameter(3) : none);
        double[] h = new double[batch * hidden];
        double[] c = new double[batch * hidden];
        for (int b = 0; b < batch; b++) {
            double[] x = Arrays.copyOfRange(call.input(), b * layer.inputSize(), (b + 1) * layer.inputSize());
            State before = new State(part(call, 1, b, hidden), part(call, 2, b, hidden));
            State after = step(layer.kind(), fromInput.of(x), fromHidden.of(before.h), before);
            System.arraycopy(after.h, 0, h, b * hidden, hidden);
            System.arraycopy(after.c, 0, c, b * hidden, hidden);
        }
        return layer.kind() == StepCell.Kind.LSTM ? List.of(h, c) : List.of(h);
    }

    /** One row of an input, zeros where there is none. */
    static double[] part(Call call, int input, int row, int width) {
        return input < call.inputs().size()
                ? Arrays.copyOfRange(call.inputs().get(input), row * width, (row + 1) * width)
                : new double[width];
    }

    private static StepCell.Kind kind(Recurrent layer) {
        return switch (layer) {
            case LSTM lstm -> StepCell.Kind.LSTM;
            case GRU gru -> StepCell.Kind.GRU;
            case RNN rnn ->
                rnn.nonlinearity() == RecurrentActivation.RELU ? StepCell.Kind.RNN_RELU : StepCell.Kind.RNN_TANH;
            default -> throw new IllegalArgumentException("no reference for " + layer);
        };
    }

    private static List<double[]> recurrent(Recurrent layer, Call call) {
        Recurrence network = layer.recurrence();
        int batch = call.shape().dimension(0);
        int length = call.shape().dimension(1);
        int hidden = network.hiddenSize();
        int strands = network.strands();
        double[] y = new double[batch * length * network.outputSize()];
        int size = network.stateSize();
        double[] h = new double[batch * strands * size];
        double[] c = new double[batch * strands * hidden];
        boolean padded = call.types().size() > 1 && !call.types().get(1).differentiable();
        ReferenceRows x = new ReferenceRows(call.input(), network.inputSize());
        for (int b = 0; b < batch; b++) {
            int steps = padded ? (int) call.inputs().get(1)[b] : length;
            double[][] sequence = new double[steps][];
            for (int t = 0; t < steps; t++) {
                sequence[t] = x.row(b * length + t);
            }
            for (int strand = 0; strand < strands; strand += network.directions()) {
                double[][] above = new double[steps][network.outputSize()];
                for (int direction = 0; direction < network.directions(); direction++) {
                    int at = b * strands + strand + direction;
                    int first = padded ? 2 : 1;
                    State before = new State(part(call, first, at, size), part(call, first + 1, at, hidden));
                    State last = run(layer, call, strand + direction, sequence, above, before);
                    System.arraycopy(last.h, 0, h, at * size, size);
                    System.arraycopy(last.c, 0, c, at * hidden, hidden);
                }
                if (network.dropout() > 0 && strand + network.directions() < strands) {
                    drop(network, strand / network.directions(), b * length, above);
                }
                sequence = above;
            }
            for (int t = 0; t < steps; t++) {
                System.arraycopy(sequence[t], 0, y, (b * length + t) * network.outputSize(), network.outputSize());
            }
        }
        return layer instanceof LSTM ? List.of(y, h, c) : List.of(y, h);
    }

    /** What a level gives the next, as DropoutMask says; the first row is one of all samples' steps. */
    private static void drop(Recurrence network, int level, int firstRow, double[][] rows) {
        CounterRandom random = LayerRun.random().stream("level " + level);
        for (int t = 0; t < rows.length; t++) {
            for (int d = 0; d < rows[t].length; d++) {
                int i = (firstRow + t) * network.outputSize() + d;
                int j = (i & ~31) | (i >> 1 & 7) << 2 | (i >> 4 & 1) << 1 | (i & 1);
                boolean kept = random.uniform(j) >= (float) network.dropout();
                rows[t][d] = kept ? rows[t][d] / (1 - network.dropout()) : 0;
            }
        }
    }

    /** Writes its half of the outputs and gives the last state. */
    private static State run(
            Recurrent layer, Call call, int strand, double[][] sequence, double[][] outputs, State before) {
        Recurrence network = layer.recurrence();
        boolean reverse = strand % network.directions() == 1;
        int first = strand * network.parametersPerStrand();
        double[] input = call.parameter(first);
        double[] none = new double[network.gateSize()];
        ReferenceAffine fromInput = new ReferenceAffine(
                new ReferenceRows(input, input.length / none.length),
                network.bias() ? call.parameter(first + 2) : none);
        ReferenceAffine fromHidden = new ReferenceAffine(
                new ReferenceRows(call.parameter(first + 1), network.stateSize()),
                network.bias() ? call.parameter(first + 3) : none);
        int size = network.stateSize();
        State state = before;
        for (int s = 0; s < sequence.length; s++) {
            int t = reverse ? sequence.length - 1 - s : s;
            state = step(kind(layer), fromInput.of(sequence[t]), fromHidden.of(state.h), state);
            if (network.projSize() > 0) {
                double[] weight = call.parameter(first + network.parametersPerStrand() - 1);
                ReferenceRows rows = new ReferenceRows(weight, network.hiddenSize());
                state = new State(new ReferenceAffine(rows, new double[size]).of(state.h), state.c);
            }
            System.arraycopy(state.h, 0, outputs[t], reverse ? size : 0, size);
        }
        return state;
    }

    static State step(StepCell.Kind kind, double[] x, double[] h, State before) {
        int hidden = before.c.length;
        State after = new State(new double[hidden], new double[hidden]);
        for (int j = 0; j < hidden; j++) {
            switch (kind) {
                case LSTM -> {
                    double i = sigmoid(x[j] + h[j]);
                    double f = sigmoid(x[hidden + j] + h[hidden + j]);
                    double g = Math.tanh(x[2 * hidden + j] + h[2 * hidden + j]);
                    double o = sigmoid(x[3 * hidden + j] + h[3 * hidden + j]);
                    after.c[j] = f * before.c[j] + i * g;
                    after.h[j] = o * Math.tanh(after.c[j]);
                }
                case GRU -> {
                    double r = sigmoid(x[j] + h[j]);
                    double z = sigmoid(x[hidden + j] + h[hidden + j]);
                    double n = Math.tanh(x[2 * hidden + j] + r * h[2 * hidden + j]);
                    after.h[j] = (1 - z) * n + z * before.h[j];
                }
                case RNN_TANH -> after.h[j] = Math.tanh(x[j] + h[j]);
                case RNN_RELU -> after.h[j] = Math.max(x[j] + h[j], 0);
            }
        }
        return after;
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }
}
