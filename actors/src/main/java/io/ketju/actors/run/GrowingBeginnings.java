package io.ketju.actors.run;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Goes through the last token of every beginning alone, with what the model keeps of those before it: the same bits. */
final class GrowingBeginnings implements NextTokens {
    private final TrainedModel model;
    private final GrowingSequences sequences;
    private int count;

    GrowingBeginnings(TrainedModel model, GrowingSequences sequences) {
        this.model = model;
        this.sequences = sequences;
    }

    @Override
    public void begin(List<int[]> sentences) {
        Map<String, TensorValues> inputs = new HashMap<>();
        new Sentences(sentences).addTo(inputs, model.model(), Translator.SOURCE, "src_lengths", "src_mask");
        count = sentences.size();
        sequences.begin(inputs, count);
    }

    @Override
    public float[] logits(List<int[]> beginnings, int... rows) {
        boolean same = rows.length == count && IntStream.range(0, count).allMatch(i -> rows[i] == i);
        if (!same) {
            sequences.choose(rows);
            count = rows.length;
        }
        return sequences.next(beginnings.stream()
                .mapToInt(tokens -> tokens[tokens.length - 1])
                .toArray());
    }

    @Override
    public void close() {
        sequences.close();
    }
}
