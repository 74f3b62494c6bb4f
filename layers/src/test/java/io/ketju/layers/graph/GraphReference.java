package io.ketju.layers.graph;

import io.ketju.layers.DoubleReference.Call;
import io.ketju.layers.Layer;
import io.ketju.layers.LayerRun;
import io.ketju.layers.ReferenceRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Optional;

/** The graph layers in double, as plainly as possible. */
public final class GraphReference {
    private GraphReference() {}

    /** The outputs, if the layer is one of them. */
    public static Optional<List<double[]>> forward(Layer layer, Call call) {
        return switch (layer) {
            case SparseMatMul product -> Optional.of(List.of(sparse(call)));
            case GraphAttention attention -> Optional.of(List.of(attention(attention, call)));
            case NeighborAggregation aggregation -> Optional.of(List.of(aggregation(aggregation, call)));
            case NormalizedPropagation propagation -> Optional.of(List.of(normalized(propagation, call)));
            default -> Optional.empty();
        };
    }

    private static double[] sparse(Call call) {
        int features = call.shape().dimension(1);
        double[] pointers = call.inputs().get(1);
        double[] y = new double[(pointers.length - 1) * features];
        for (int row = 0; row < pointers.length - 1; row++) {
            for (int e = (int) pointers[row]; e < (int) pointers[row + 1]; e++) {
                int column = (int) call.inputs().get(2)[e];
                for (int f = 0; f < features; f++) {
                    y[row * features + f] += call.inputs().get(3)[e] * call.input()[column * features + f];
                }
            }
        }
        return y;
    }

    /** The nodes whose messages a node gets. */
    private static List<Integer> heard(Call call, int node, boolean selfLoops) {
        double[] pointers = call.inputs().get(1);
        List<Integer> heard = new ArrayList<>();
        for (int e = (int) pointers[node]; e < (int) pointers[node + 1]; e++) {
            int from = (int) call.inputs().get(2)[e];
            if (!selfLoops || from != node) {
                heard.add(from);
            }
        }
        if (selfLoops) {
            heard.add(node);
        }
        return heard;
    }

    private static double[] attention(GraphAttention layer, Call call) {
        int nodes = call.shape().dimension(0);
        int channels = layer.outChannels();
        ReferenceRows x = new ReferenceRows(call.input(), layer.heads() * channels);
        double[] y = new double[nodes * layer.columns()];
        int room = call.inputs().get(2).length + nodes;
        int first = 0;
        for (int node = 0; node < nodes; node++) {
            List<Integer> heard = heard(call, node, layer.selfLoops());
            for (int h = 0; h < layer.heads(); h++) {
                double total = 0;
                double[] weights = new double[heard.size()];
                for (int n = 0; n < weights.length; n++) {
                    double score = 0;
                    for (int c = h * channels; c < (h + 1) * channels; c++) {
                        score += x.row(heard.get(n))[c] * call.parameter(0)[c] + x.row(node)[c] * call.parameter(1)[c];
                    }
                    weights[n] = Math.exp(score > 0 ? score : layer.slope() * score);
                    total += weights[n];
                }
                for (int n = 0; n < weights.length; n++) {
                    weights[n] *= factor(layer.dropout(), h * room + first + n);
                    for (int c = 0; c < channels; c++) {
                        int to = node * layer.columns() + (layer.concat() ? h * channels : 0) + c;
                        double share = weights[n] / total / (layer.concat() ? 1 : layer.heads());
                        y[to] += share * x.row(heard.get(n))[h * channels + c];
                    }
                }
            }
            first += heard.size();
            for (int c = 0; layer.bias() && c < layer.columns(); c++) {
                y[node * layer.columns() + c] += call.parameter(2)[c];
            }
        }
        return y;
    }

    /** What dropout multiplies an element by, as its mask orders the random numbers. */
    private static double factor(double p, int i) {
        int j = (i & ~31) | (i >> 1 & 7) << 2 | (i >> 4 & 1) << 1 | (i & 1);
        boolean kept = p == 0 || LayerRun.random().uniform(j) >= (float) p;
        return kept ? 1 / (1 - p) : 0;
    }

    private static double[] aggregation(NeighborAggregation layer, Call call) {
        int features = call.shape().dimension(1);
        double[] y = new double[call.input().length];
        for (int at = 0; at < y.length; at++) {
            int feature = at % features;
            DoubleSummaryStatistics messages = heard(call, at / features, false).stream()
                    .mapToDouble(from -> call.input()[from * features + feature])
                    .summaryStatistics();
            y[at] = switch (layer.aggr()) {
                case SUM -> messages.getSum();
                case MEAN -> messages.getAverage();
                case MAX -> messages.getCount() == 0 ? 0 : messages.getMax();
            };
        }
        return y;
    }

    /** The whole matrix, with all its zeros. */
    private static double[] normalized(NormalizedPropagation layer, Call call) {
        int nodes = call.shape().dimension(0);
        int features = call.shape().dimension(1);
        double[] pointers = call.inputs().get(1);
        double[][] a = new double[nodes][nodes];
        boolean[] loops = new boolean[nodes];
        for (int row = 0; row < nodes; row++) {
            for (int e = (int) pointers[row]; e < (int) pointers[row + 1]; e++) {
                int column = (int) call.inputs().get(2)[e];
                a[row][column] += call.inputs().get(3)[e];
                loops[row] |= row == column;
            }
            a[row][row] += layer.selfLoops() && !loops[row] ? 1 : 0;
        }
        double[] factors = new double[nodes];
        for (int row = 0; row < nodes; row++) {
            double degree = Arrays.stream(a[row]).sum();
            factors[row] = degree > 0 ? 1 / Math.sqrt(degree) : 0;
        }
        double[] y = new double[nodes * features];
        for (int at = 0; at < y.length; at++) {
            int row = at / features;
            for (int column = 0; column < nodes; column++) {
                double value = factors[row] * a[row][column] * factors[column];
                y[at] += value * call.input()[column * features + at % features];
            }
        }
        return y;
    }
}
