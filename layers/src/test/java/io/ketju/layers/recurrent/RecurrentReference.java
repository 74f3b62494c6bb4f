package io.ketju.layers.recurrent;

import io.ketju.layers.DoubleReference.Call;
import io.ketju.layers.Layer;
import io.ketju.layers.ReferenceAffine;
import io.ketju.layers.ReferenceRows;
import io.ketju.tensor.kernel.recurrent.RecurrentActivation;
import java.util.List;
import java.util.Optional;

/** Recurrent layers in double precision, one sample and one step after the other. */
public final class RecurrentReference {
    /** What a step leaves. */
    private static final class State {
        private final double[] h;
        private final double[] c;

        State(int hidden) {
            h = new double[hidden];
            c = new double[hidden];
        }
    }

    private RecurrentReference() {}

    /** The outputs, if the layer is one of them. */
    public static Optional<List<double[]>> forward(Layer layer, Call call) {
        return switch (layer) {
            case Recurrent recurrent -> Optional.of(recurrent(recurrent, call));
            default -> Optional.empty();
        };
    }

    private static List<double[]> recurrent(Recurrent layer, Call call) {
        Recurrence network = layer.recurrence();
        int batch = call.shape().dimension(0);
        int length = call.shape().dimension(1);
        int hidden = network.hiddenSize();
        int strands = network.strands();
        double[] y = new double[batch * length * network.outputSize()];
        double[] h = new double[batch * strands * hidden];
        double[] c = new double[batch * strands * hidden];
        ReferenceRows x = new ReferenceRows(call.input(), network.inputSize());
        for (int b = 0; b < batch; b++) {
            int steps = call.inputs().size() == 2 ? (int) call.inputs().get(1)[b] : length;
            double[][] sequence = new double[steps][];
            for (int t = 0; t < steps; t++) {
                sequence[t] = x.row(b * length + t);
            }
            for (int strand = 0; strand < strands; strand += network.directions()) {
                double[][] above = new double[steps][network.outputSize()];
                for (int direction = 0; direction < network.directions(); direction++) {
                    State last = run(layer, call, strand + direction, sequence, above, direction == 1);
                    int at = (b * strands + strand + direction) * hidden;
                    System.arraycopy(last.h, 0, h, at, hidden);
                    System.arraycopy(last.c, 0, c, at, hidden);
                }
                sequence = above;
            }
            for (int t = 0; t < steps; t++) {
                System.arraycopy(sequence[t], 0, y, (b * length + t) * network.outputSize(), network.outputSize());
            }
        }
        return layer instanceof LSTM ? List.of(y, h, c) : List.of(y, h);
    }

    /** Writes its half of the outputs and gives the last state. */
    private static State run(
            Recurrent layer, Call call, int strand, double[][] sequence, double[][] outputs, boolean reverse) {
        Recurrence network = layer.recurrence();
        int first = strand * network.parametersPerStrand();
        double[] input = call.parameter(first);
        double[] none = new double[network.gateSize()];
        ReferenceAffine fromInput = new ReferenceAffine(
                new ReferenceRows(input, input.length / none.length), network.bias() ? call.parameter(first + 2) : none);
        ReferenceAffine fromHidden = new ReferenceAffine(
                new ReferenceRows(call.parameter(first + 1), network.hiddenSize()),
                network.bias() ? call.parameter(first + 3) : none);
        int hidden = network.hiddenSize();
        State state = new State(hidden);
        for (int s = 0; s < sequence.length; s++) {
            int t = reverse ? sequence.length - 1 - s : s;
            state = step(layer, fromInput.of(sequence[t]), fromHidden.of(state.h), state);
            System.arraycopy(state.h, 0, outputs[t], reverse ? hidden : 0, hidden);
        }
        return state;
    }

    private static State step(Recurrent layer, double[] x, double[] h, State before) {
        int hidden = before.h.length;
        State after = new State(hidden);
        for (int j = 0; j < hidden; j++) {
            switch (layer) {
                case LSTM lstm -> {
                    double i = sigmoid(x[j] + h[j]);
                    double f = sigmoid(x[hidden + j] + h[hidden + j]);
                    double g = Math.tanh(x[2 * hidden + j] + h[2 * hidden + j]);
                    double o = sigmoid(x[3 * hidden + j] + h[3 * hidden + j]);
                    after.c[j] = f * before.c[j] + i * g;
                    after.h[j] = o * Math.tanh(after.c[j]);
                }
                case GRU gru -> {
                    double r = sigmoid(x[j] + h[j]);
                    double z = sigmoid(x[hidden + j] + h[hidden + j]);
                    double n = Math.tanh(x[2 * hidden + j] + r * h[2 * hidden + j]);
                    after.h[j] = (1 - z) * n + z * before.h[j];
                }
                case RNN rnn -> {
                    double sum = x[j] + h[j];
                    after.h[j] = rnn.nonlinearity() == RecurrentActivation.TANH ? Math.tanh(sum) : Math.max(sum, 0);
                }
                default -> throw new IllegalArgumentException("no reference for " + layer);
            }
        }
        return after;
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }
}
