package io.ketju.layers.embedding;

import io.ketju.layers.DoubleReference.Call;
import io.ketju.layers.Layer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The embeddings in double, as plainly as possible. */
public final class EmbeddingReference {
    private EmbeddingReference() {}

    /** The outputs, if the layer is one of them. */
    public static Optional<List<double[]>> forward(Layer layer, Call call) {
        return switch (layer) {
            case Embedding embedding -> Optional.of(List.of(embedding(embedding, call)));
            case Positions positions -> Optional.of(List.of(positions(positions, call)));
            case EmbeddingBag bag -> Optional.of(List.of(bag(bag, call)));
            case SinusoidalPositions positions -> Optional.of(List.of(sinusoids(positions, call)));
            case RotaryPositionalEmbeddings rotary -> Optional.of(List.of(rotated(rotary, call)));
            default -> Optional.empty();
        };
    }

    private static double[] bag(EmbeddingBag layer, Call call) {
        int columns = layer.embeddingDim();
        boolean flat = call.shape().rank() == 1;
        int tokens = call.input().length;
        int size = flat ? 0 : call.shape().dimension(1);
        int bags = flat ? call.inputs().get(1).length - (layer.lastOffset() ? 1 : 0) : tokens / size;
        double[] factors = call.inputs().size() > (flat ? 2 : 1) ? call.inputs().getLast() : new double[0];
        double[] y = new double[bags * columns];
        for (int i = 0; i < y.length; i++) {
            int bag = i / columns;
            double[] offsets = flat ? call.inputs().get(1) : new double[0];
            int from = flat ? (int) offsets[bag] : bag * size;
            int to = flat ? (bag + 1 < offsets.length ? (int) offsets[bag + 1] : tokens) : from + size;
            int counted = 0;
            double sum = 0;
            double largest = Double.NEGATIVE_INFINITY;
            for (int j = from; j < to; j++) {
                int token = (int) call.input()[j];
                if (layer.paddingIdx().isPresent() && layer.paddingIdx().getAsInt() == token) {
                    continue;
                }
                double factor = factors.length > 0 ? factors[j] : 1;
                double value = call.parameter(0)[token * columns + i % columns];
                counted++;
                sum += factor * value;
                largest = Math.max(largest, value);
            }
            y[i] = counted == 0
                    ? 0
                    : switch (layer.mode()) {
                        case SUM -> sum;
                        case MEAN -> sum / counted;
                        case MAX -> largest;
                    };
        }
        return y;
    }

    private static double angle(int position, int pair, int dim, double base) {
        return position / Math.pow(base, 2.0 * pair / dim);
    }

    private static double[] sinusoids(SinusoidalPositions layer, Call call) {
        double[] y = call.input().clone();
        for (int i = 0; i < y.length; i++) {
            int column = i % layer.dim();
            int position = i / layer.dim() % call.shape().dimension(1);
            double angle = angle(position, column / 2, layer.dim(), layer.base());
            y[i] += column % 2 == 0 ? Math.sin(angle) : Math.cos(angle);
        }
        return y;
    }

    private static double[] rotated(RotaryPositionalEmbeddings layer, Call call) {
        double[] y = new double[call.input().length];
        int dim = layer.dim();
        for (int i = 0; i < y.length; i++) {
            int column = i % dim;
            boolean second = layer.interleaved() ? column % 2 == 1 : column >= dim / 2;
            int pair = layer.interleaved() ? column / 2 : column % (dim / 2);
            int distance = layer.interleaved() ? 1 : dim / 2;
            int position = i / call.shape().dimension(2) % call.shape().dimension(1);
            double angle = angle(position, pair, dim, layer.base());
            double other = second ? call.input()[i - distance] : -call.input()[i + distance];
            y[i] = call.input()[i] * Math.cos(angle) + other * Math.sin(angle);
        }
        return y;
    }

    private static double[] embedding(Embedding layer, Call call) {
        int columns = layer.embeddingDim();
        double[] y = new double[call.input().length * columns];
        for (int i = 0; i < y.length; i++) {
            int token = (int) call.input()[i / columns];
            // The row of padding is read, but does not learn.
            boolean padding =
                    layer.paddingIdx().isPresent() && layer.paddingIdx().getAsInt() == token;
            List<double[]> tables = padding ? call.fixed() : call.parameters();
            y[i] = tables.getFirst()[token * columns + i % columns];
        }
        return y;
    }

    private static double[] positions(Positions layer, Call call) {
        int row = call.shape().dimension(1) * layer.dim();
        double[] y = new double[call.input().length];
        Arrays.setAll(y, i -> call.input()[i] + call.parameter(0)[i % row]);
        return y;
    }
}
