package io.ketju.actors.run;

import io.ketju.layers.model.Model;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Classes of sentences, by a model that reads tokens and, if it likes, {@code lengths} and {@code mask}. */
public final class SentenceClassifier {
    /** Sentences that go through the model together: bounds the memory. */
    private static final int TOGETHER = 256;

    private final TrainedModel model;

    /** Throws {@link io.ketju.actors.job.InvalidJobException} if the model is none of tokens. */
    public SentenceClassifier(TrainedModel model) {
        this.model = model;
        Sentences.most(model.model(), Model.INPUT);
    }

    /** Throws {@link io.ketju.actors.job.InvalidJobException} naming the line if a sentence is too long for the model. */
    public void requireLengths(List<int[]> sentences, String source) {
        Sentences.requireLength(model.model(), Model.INPUT, sentences, source);
    }

    /**
     * What the model's first output says of each: probabilities of the classes.
     *
     * @param sentences numbers of tokens, at least one of each
     */
    public List<float[]> probabilities(List<int[]> sentences) {
        List<float[]> all = new ArrayList<>();
        for (int first = 0; first < sentences.size(); first += TOGETHER) {
            List<int[]> some = sentences.subList(first, Math.min(sentences.size(), first + TOGETHER));
            Map<String, TensorValues> inputs = new HashMap<>();
            new Sentences(some).addTo(inputs, model.model(), Model.INPUT, "lengths", "mask");
            float[] values = model.predict(inputs).firstEntry().getValue().floats();
            int classes = values.length / some.size();
            for (int i = 0; i < some.size(); i++) {
                all.add(Arrays.copyOfRange(values, i * classes, (i + 1) * classes));
            }
        }
        return all;
    }
}
