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

    /**
     * A classifier by a model of tokens.
     *
     * @param model stays the caller's
     * @throws io.ketju.actors.job.InvalidJobException if it has no input {@link Model#INPUT}
     */
    public SentenceClassifier(TrainedModel model) {
        this.model = model;
        Sentences.most(model.model(), Model.INPUT);
    }

    /**
     * Looks whether all sentences are short enough for the model.
     *
     * @param sentences numbers of tokens
     * @param source what the sentences are lines of, for the message
     * @throws io.ketju.actors.job.InvalidJobException naming the line of one that is too long
     */
    public void requireLengths(List<int[]> sentences, String source) {
        Sentences.requireLength(model.model(), Model.INPUT, sentences, source);
    }

    /**
     * {@return what the model's first output says of each sentence, in their order: probabilities of the classes}
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
