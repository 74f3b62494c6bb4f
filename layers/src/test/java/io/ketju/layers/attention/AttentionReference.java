package io.ketju.layers.attention;

import io.ketju.layers.DoubleReference.Call;
import io.ketju.layers.Layer;
import io.ketju.layers.LayerRun;
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
            case AttentionWeights weights -> Optional.of(List.of(weights(weights, call)));
            case AdditiveScores scores -> Optional.of(List.of(additive(scores, call)));
            default -> Optional.empty();
        };
    }

    private static double[] additive(AdditiveScores layer, Call call) {
        ReferenceRows q = new ReferenceRows(call.inputs().get(0), layer.features());
        ReferenceRows k = new ReferenceRows(call.inputs().get(1), layer.features());
        int queries = call.shape().dimension(1);
        int keys = call.types().get(1).shape().dimension(1);
        double[] y = new double[q.count() * keys];
        for (int at = 0; at < y.length; at++) {
            double[] query = q.row(at / keys);
            double[] key = k.row(at / (queries * keys) * keys + at % keys);
            for (int f = 0; f < query.length; f++) {
                y[at] += call.parameter(0)[f] * Math.tanh(query[f] + key[f]);
            }
        }
        return y;
    }

    private static List<double[]> inProjection(InProjection layer, Call call) {
        int e = layer.embedDim();
        int f = layer.keyFeatures();
        boolean separate = layer.kdim() != e || layer.vdim() != e || f != e;
        double[] bias = layer.bias() ? call.parameter(separate ? 3 : 1) : new double[e + 2 * f];
        List<double[]> outputs = new ArrayList<>();
        boolean packed = call.inputs().size() == 1;
        int row0 = 0;
        for (int part = 0; part < (packed ? 1 : 3); part++) {
            int given = part == 0 ? e : f;
            double[] ofPart = packed ? bias : Arrays.copyOfRange(bias, row0, row0 + given);
            int features = call.types().get(part).shape().dimension(-1);
            double[] rows = separate
                    ? call.parameter(part)
                    : Arrays.copyOfRange(call.parameter(0), row0 * e, row0 * e + ofPart.length * e);
            row0 += given;
            ReferenceRows weight = new ReferenceRows(rows, features);
            ReferenceRows x = new ReferenceRows(call.inputs().get(part), features);
            double[] y = new double[x.count() * ofPart.length];
            for (int row = 0; row < x.count(); row++) {
                double[] of = new ReferenceAffine(weight, ofPart).of(x.row(row));
                System.arraycopy(of, 0, y, row * ofPart.length, ofPart.length);
            }
            outputs.add(part == 0 ? y : followed(layer, call, part, y));
        }
        return outputs;
    }

    /** Keys or values with the learned one and the one of zeros behind those of each sample. */
    private static double[] followed(InProjection layer, Call call, int part, double[] y) {
        int f = layer.keyFeatures();
        int samples = call.types().get(part).shape().dimension(0);
        int own = y.length / samples;
        int all = own + layer.extra().count() * f;
        double[] result = new double[samples * all];
        for (int b = 0; b < samples; b++) {
            System.arraycopy(y, b * own, result, b * all, own);
            if (layer.extra().learned()) {
                double[] learned = call.parameter(call.parameters().size() - 3 + part);
                System.arraycopy(learned, 0, result, b * all + own, f);
            }
        }
        return result;
    }

    private static double[] weights(AttentionWeights layer, Call call) {
        AttentionInputs given = AttentionInputs.of(layer.visibility(), 2, "", call.types());
        int queries = call.shape().dimension(1);
        int keys = call.types().get(1).shape().dimension(1);
        int width = call.shape().dimension(2) / layer.heads();
        ReferenceRows q = new ReferenceRows(call.inputs().get(0), layer.heads() * width);
        ReferenceRows k = new ReferenceRows(call.inputs().get(1), layer.keyHeads() * width);
        double[] y = new double[call.shape().dimension(0) * (layer.average() ? 1 : layer.heads()) * queries * keys];
        for (int row = 0; row < call.shape().dimension(0) * layer.heads() * queries; row++) {
            int i = row % queries;
            int head = row / queries % layer.heads();
            int b = row / queries / layer.heads();
            int ofKeys = head / (layer.heads() / layer.keyHeads());
            double[] weights = new double[keys];
            double total = 0;
            for (int t = 0; t < keys; t++) {
                double score = 0;
                for (int d = 0; d < width; d++) {
                    score += q.row(b * queries + i)[head * width + d] * k.row(b * keys + t)[ofKeys * width + d];
                }
                double term = term(call, layer.visibility(), given, layer.heads(), row, t, keys);
                weights[t] = Math.exp(score / Math.sqrt(width) + term);
                total += weights[t];
            }
            int to = (layer.average() ? b * queries + i : row) * keys;
            for (int t = 0; t < keys; t++) {
                y[to + t] += total == 0 ? 0 : weights[t] / total / (layer.average() ? layer.heads() : 1);
            }
        }
        return y;
    }

    private static double[] attention(ScaledDotProductAttention layer, Call call) {
        AttentionInputs given = AttentionInputs.of(layer.visibility(), call.types());
        boolean packed = given.packed();
        Shape shape = call.shape();
        int batch = shape.dimension(0);
        int queries = shape.dimension(1);
        int e = shape.dimension(2) / (packed ? 3 : 1);
        int keys = packed ? queries : call.types().get(1).shape().dimension(1);
        int width = e / layer.heads();
        int values = packed ? width : call.types().get(2).shape().dimension(2) / layer.keyHeads();
        ReferenceRows q = new ReferenceRows(call.inputs().get(0), shape.dimension(2));
        ReferenceRows k = packed ? q : new ReferenceRows(call.inputs().get(1), layer.keyHeads() * width);
        ReferenceRows v = packed ? q : new ReferenceRows(call.inputs().get(2), layer.keyHeads() * values);
        double[] y = new double[batch * queries * layer.heads() * values];
        for (int b = 0; b < batch; b++) {
            for (int i = 0; i < queries; i++) {
                for (int head = 0; head < layer.heads(); head++) {
                    int ofKeys = head / (layer.heads() / layer.keyHeads());
                    double[] weights = new double[keys];
                    double total = 0;
                    for (int t = 0; t < keys; t++) {
                        double score = 0;
                        for (int d = 0; d < width; d++) {
                            score += q.row(b * queries + i)[head * width + d]
                                    * k.row(b * keys + t)[(packed ? e : 0) + ofKeys * width + d];
                        }
                        int at = ((b * layer.heads() + head) * queries + i) * keys + t;
                        double scale = layer.scale().orElse(1 / Math.sqrt(width));
                        weights[t] = Math.exp(score * scale
                                + term(call, layer.visibility(), given, layer.heads(), at / keys, t, keys));
                        total += weights[t];
                        weights[t] *= factor(layer, at);
                    }
                    total = total == 0 ? 1 : total;
                    for (int t = 0; t < keys; t++) {
                        for (int d = 0; d < values; d++) {
                            y[((b * queries + i) * layer.heads() + head) * values + d] += weights[t]
                                    / total
                                    * v.row(b * keys + t)[(packed ? 2 * e : 0) + ofKeys * values + d];
                        }
                    }
                }
            }
        }
        return y;
    }

    /** What is added to a score of key t in a row of those of all samples, heads and queries. */
    private static double term(
            Call call, Visibility visibility, AttentionInputs given, int heads, int row, int t, int keys) {
        int queries = call.shape().dimension(1);
        int i = row % queries;
        int b = row / queries / heads;
        int own = keys - visibility.extraKeys();
        if (t >= own) {
            return 0;
        }
        boolean hidden = visibility.causal() && t > i;
        hidden |= given.lengths() >= 0 && t >= call.inputs().get(given.lengths())[b];
        hidden |= given.padding() >= 0 && call.inputs().get(given.padding())[b * own + t] != 0;
        if (given.mask() < 0 || hidden) {
            return hidden ? Double.NEGATIVE_INFINITY : 0;
        }
        Shape shape = call.types().get(given.mask()).shape();
        int query = shape.dimension(-2) == 1 ? 0 : i;
        int one = shape.rank() == 4 ? row / queries : shape.rank() == 3 ? b : 0;
        double value = call.inputs().get(given.mask())[(one * shape.dimension(-2) + query) * own + t];
        if (call.types().get(given.mask()).differentiable()) {
            return value;
        }
        return value == 0 ? Double.NEGATIVE_INFINITY : 0;
    }

    private static double factor(ScaledDotProductAttention layer, int i) {
        int j = (i & ~31) | (i >> 1 & 7) << 2 | (i >> 4 & 1) << 1 | (i & 1);
        boolean kept = layer.dropout() == 0 || LayerRun.random().uniform(j) >= (float) layer.dropout();
        return kept ? 1 / (1 - layer.dropout()) : 0;
    }
}
