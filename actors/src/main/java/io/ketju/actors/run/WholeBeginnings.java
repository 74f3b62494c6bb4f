package io.ketju.actors.run;

import io.ketju.layers.model.Model;
import io.ketju.tensor.Shape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Goes through all of every beginning for each token: what every model can do. */
final class WholeBeginnings implements NextTokens {
    private final TrainedModel model;
    /** The sentence of each beginning. */
    private List<int[]> sentences = List.of();

    WholeBeginnings(TrainedModel model) {
        this.model = model;
    }

    @Override
    public void begin(List<int[]> given) {
        sentences = given;
    }

    @Override
    public float[] logits(List<int[]> beginnings, int... rows) {
        List<int[]> before = sentences;
        sentences = IntStream.of(rows).mapToObj(before::get).toList();
        Map<String, TensorValues> inputs = new HashMap<>();
        Model graph = model.model();
        new Sentences(sentences).addTo(inputs, graph, Translator.SOURCE, "src_lengths", "src_mask");
        new Sentences(beginnings).addTo(inputs, graph, Translator.DECODED, Translator.DECODED_LENGTHS, "tgt_mask");
        TensorValues all = model.outputs(inputs).firstEntry().getValue();
        return last(all, rows.length);
    }

    /** The numbers of the last position of each. */
    private static float[] last(TensorValues all, int rows) {
        Shape shape = all.shape();
        int width = shape.dimension(2);
        float[] from = all.floats();
        float[] last = new float[rows * width];
        for (int row = 0; row < rows; row++) {
            int at = (row * shape.dimension(1) + shape.dimension(1) - 1) * width;
            System.arraycopy(from, at, last, row * width, width);
        }
        return last;
    }

    @Override
    public void close() {
        // It has nothing of its own.
    }
}
