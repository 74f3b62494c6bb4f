package io.ketju.layers.recurrent;

import io.ketju.layers.DoubleReference.Call;
import io.ketju.layers.ReferenceAffine;
import io.ketju.layers.ReferenceRows;
import io.ketju.layers.recurrent.RecurrentReference.State;
import java.util.List;

/** {@link AttentionDecoder} in double precision, one sample and one step after the other, as its formulas are written. */
final class DecoderReference {
    private final AttentionDecoder layer;
    private final Call call;

    private DecoderReference(AttentionDecoder layer, Call call) {
        this.layer = layer;
        this.call = call;
    }

    static List<double[]> forward(AttentionDecoder layer, Call call) {
        return new DecoderReference(layer, call).outputs();
    }

    private List<double[]> outputs() {
        int batch = call.shape().dimension(0);
        int steps = call.shape().dimension(1);
        int places = call.types().get(1).shape().dimension(1);
        int hidden = layer.hiddenSize();
        int width = layer.memorySize();
        double[] states = new double[batch * steps * hidden];
        double[] contexts = new double[batch * steps * width];
        double[] weights = new double[batch * steps * places];
        ReferenceRows y = new ReferenceRows(call.input(), layer.inputSize());
        ReferenceRows memory = new ReferenceRows(call.inputs().get(1), width);
        boolean padded = call.types().size() > 2 && !call.types().get(2).differentiable();
        int first = padded ? 3 : 2;
        double[] none = new double[layer.gates()];
        for (int b = 0; b < batch; b++) {
            int length = padded ? (int) call.inputs().get(2)[b] : places;
            State state = new State(
                    RecurrentReference.part(call, first, b, hidden), RecurrentReference.part(call, first + 1, b, hidden));
            for (int t = 0; t < steps; t++) {
                int row = b * steps + t;
                double[] a = weights(state.h, memory, b * places, length);
                double[] c = new double[width];
                for (int j = 0; j < length; j++) {
                    for (int d = 0; d < width; d++) {
                        c[d] += a[j] * memory.row(b * places + j)[d];
                    }
                }
                double[] x = affine(0, layer.inputSize(), layer.bias() ? call.parameter(6) : none, y.row(row));
                double[] ofContext = affine(1, width, none, c);
                for (int i = 0; i < x.length; i++) {
                    x[i] += ofContext[i];
                }
                double[] h = affine(2, hidden, layer.bias() ? call.parameter(7) : none, state.h);
                state = RecurrentReference.step(layer.cell(), x, h, state);
                System.arraycopy(state.h, 0, states, row * hidden, hidden);
                System.arraycopy(c, 0, contexts, row * width, width);
                System.arraycopy(a, 0, weights, row * places, length);
            }
        }
        return List.of(states, contexts, weights);
    }

    private double[] affine(int weight, int columns, double[] bias, double[] x) {
        return new ReferenceAffine(new ReferenceRows(call.parameter(weight), columns), bias).of(x);
    }

    private double[] weights(double[] state, ReferenceRows memory, int first, int length) {
        double[] none = new double[layer.attentionSize()];
        double[] query = affine(3, layer.hiddenSize(), none, state);
        double[] weights = new double[length];
        double total = 0;
        for (int j = 0; j < length; j++) {
            double[] key = affine(4, layer.memorySize(), none, memory.row(first + j));
            double score = 0;
            for (int i = 0; i < key.length; i++) {
                score += call.parameter(5)[i] * Math.tanh(query[i] + key[i]);
            }
            weights[j] = Math.exp(score);
            total += weights[j];
        }
        for (int j = 0; j < length; j++) {
            weights[j] /= total;
        }
        return weights;
    }
}
