package io.ketju.layers.attention;

import io.ketju.layers.DoubleReference.Call;
import io.ketju.layers.Layer;
import io.ketju.layers.ReferenceAffine;
import io.ketju.layers.ReferenceRows;
import io.ketju.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Attention and its projections in double precision, one sample and one step after the other. */
public final class AttentionReference {
    private AttentionReference() {}

    /** The outputs, if the layer is one of them. */
    public static Optional<List<double[]>> forward(Layer layer, Call call) {
        return switch (layer) {
            case InProjection projection -> Optional.of(inProjection(projection, call));
            case ScaledDotProductAttention attention -> Optional.of(List.of(attention(attention, call)));
            default -> Optional.empty();
        };
    }

    private static List<double[]> inProjection(InProjection layer, Call call) {
        int e = layer.embedDim();
        double[] bias = layer.bias() ? call.parameter(1) : new double[3 * e];
        List<double[]> outputs = new ArrayList<>();
        boolean packed = call.inputs().size() == 1;
        for (int part = 0; part < (packed ? 1 : 3); part++) {
            double[] ofPart = packed ? bias : Arrays.copyOfRange(bias, part * e, (part + 1) * e);
            ReferenceRows weight =
                    new ReferenceRows(Arrays.copyOfRange(call.parameter(0), part * e * e, part * e * e + ofPart.length * e), e);
            ReferenceRows x = new ReferenceRows(call.inputs().get(part), e);
            double[] y = new double[x.count() * ofPart.length];
            for (int row = 0; row < x.count(); row++) {
                double[] of = new ReferenceAffine(weight, ofPart).of(x.row(row));
                System.arraycopy(of, 0, y, row * ofPart.length, ofPart.length);
            }
            outputs.add(y);
        }
        return outputs;
    }

    private static double[] attention(ScaledDotProductAttention layer, Call call) {
        int count = call.inputs().size();
        boolean packed = count < 3;
        Shape shape = call.shape();
        int batch = shape.dimension(0);
        int queries = shape.dimension(1);
        int e = shape.dimension(2) / (packed ? 3 : 1);
        int keys = packed ? queries : call.types().get(1).shape().dimension(1);
        ReferenceRows q = new ReferenceRows(call.inputs().get(0), shape.dimension(2));
        ReferenceRows k = packed ? q : new ReferenceRows(call.inputs().get(1), e);
        ReferenceRows v = packed ? q : new ReferenceRows(call.inputs().get(2), e);
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

}
