package io.ketju.layers;

import io.ketju.layers.DoubleReference.Call;
import io.ketju.tensor.Shape;
import io.ketju.tensor.kernel.recurrent.RecurrentActivation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Attention and recurrent layers in double precision, one sample and one step after the other. */
final class ReferenceSequences {
    /** Rows of columns. */
    private static final class Rows {
        private final double[] values;
        private final int columns;

        Rows(double[] values, int columns) {
            this.values = values;
            this.columns = columns;
        }

        double[] row(int index) {
            return Arrays.copyOfRange(values, index * columns, (index + 1) * columns);
        }

        int count() {
            return values.length / columns;
        }
    }

    /** A weight with its bias, zeros if there is none. */
    private static final class Affine {
        private final Rows weight;
        private final double[] bias;

        Affine(Rows weight, double[] bias) {
            this.weight = weight;
            this.bias = bias;
        }

        double[] of(double[] x) {
            double[] y = bias.clone();
            for (int i = 0; i < y.length; i++) {
                double[] row = weight.row(i);
                for (int j = 0; j < x.length; j++) {
                    y[i] += row[j] * x[j];
                }
            }
            return y;
        }
    }

    /** What a step leaves. */
    private static final class State {
        private final double[] h;
        private final double[] c;

        State(int hidden) {
            h = new double[hidden];
            c = new double[hidden];
        }
    }

    private ReferenceSequences() {}

    static List<double[]> inProjection(InProjection layer, Call call) {
        int e = layer.embedDim();
        double[] bias = layer.bias() ? call.parameter(1) : new double[3 * e];
        List<double[]> outputs = new ArrayList<>();
        boolean packed = call.inputs().size() == 1;
        for (int part = 0; part < (packed ? 1 : 3); part++) {
            double[] ofPart = packed ? bias : Arrays.copyOfRange(bias, part * e, (part + 1) * e);
            Rows weight =
                    new Rows(Arrays.copyOfRange(call.parameter(0), part * e * e, part * e * e + ofPart.length * e), e);
            Rows x = new Rows(call.inputs().get(part), e);
            double[] y = new double[x.count() * ofPart.length];
            for (int row = 0; row < x.count(); row++) {
                double[] of = new Affine(weight, ofPart).of(x.row(row));
                System.arraycopy(of, 0, y, row * ofPart.length, ofPart.length);
            }
            outputs.add(y);
        }
        return outputs;
    }

    static double[] attention(ScaledDotProductAttention layer, Call call) {
        int count = call.inputs().size();
        boolean packed = count < 3;
        Shape shape = call.shape();
        int batch = shape.dimension(0);
        int queries = shape.dimension(1);
        int e = shape.dimension(2) / (packed ? 3 : 1);
        int keys = packed ? queries : call.types().get(1).shape().dimension(1);
        Rows q = new Rows(call.inputs().get(0), shape.dimension(2));
        Rows k = packed ? q : new Rows(call.inputs().get(1), e);
        Rows v = packed ? q : new Rows(call.inputs().get(2), e);
        int width = e / layer.heads();
        double[] y = new double[batch * queries * e];
        for (int b = 0; b < batch; b++) {
            int visible = count % 2 == 0 ? (int) call.inputs().getLast()[b] : keys;
            for (int i = 0; i < queries; i++) {
                int end = layer.causal() ? Math.min(visible, i + 1) : visible;
                for (int head = 0; head < layer.heads(); head++) {
                    double[] weights = new double[end];
                    double total = 0;
                    for (int t = 0; t < end; t++) {
                        double score = 0;
                        for (int d = head * width; d < (head + 1) * width; d++) {
                            score += q.row(b * queries + i)[d] * k.row(b * keys + t)[(packed ? e : 0) + d];
                        }
                        weights[t] = Math.exp(score / Math.sqrt(width));
                        total += weights[t];
                    }
                    for (int t = 0; t < end; t++) {
                        for (int d = head * width; d < (head + 1) * width; d++) {
                            y[(b * queries + i) * e + d] +=
                                    weights[t] / total * v.row(b * keys + t)[(packed ? 2 * e : 0) + d];
                        }
                    }
                }
            }
        }
        return y;
    }

    static List<double[]> recurrent(Recurrent layer, Call call) {
        Recurrence network = layer.recurrence();
        int batch = call.shape().dimension(0);
        int length = call.shape().dimension(1);
        int hidden = network.hiddenSize();
        int strands = network.strands();
        double[] y = new double[batch * length * network.outputSize()];
        double[] h = new double[batch * strands * hidden];
        double[] c = new double[batch * strands * hidden];
        Rows x = new Rows(call.input(), network.inputSize());
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
        Affine fromInput = new Affine(
                new Rows(input, input.length / none.length), network.bias() ? call.parameter(first + 2) : none);
        Affine fromHidden = new Affine(
                new Rows(call.parameter(first + 1), network.hiddenSize()),
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
