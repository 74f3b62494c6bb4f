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
            default -> Optional.empty();
        };
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
