package io.ketju.actors.run;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.data.text.Vocabulary;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sentences as numbers, as inputs of a model: padded to the longest, with as many of their facts as the model declares.
 *
 * @param rows numbers of each sentence's tokens
 */
record Sentences(List<int[]> rows) {
    Sentences {
        rows = List.copyOf(rows);
    }

    int longest() {
        return rows.stream().mapToInt(row -> row.length).max().orElse(0);
    }

    /**
     * Adds those of the tokens, the lengths and the mask that the model takes.
     *
     * @param tokens what the model calls the tokens
     * @param lengths what it calls the numbers of tokens
     */
    void addTo(Map<String, TensorValues> inputs, Model model, String tokens, String lengths, String mask) {
        Map<String, TensorValues> all = new HashMap<>();
        all.put(tokens, TensorValues.of(padded(), rows.size(), longest()));
        all.put(
                lengths,
                TensorValues.of(rows.stream().mapToInt(row -> row.length).toArray(), rows.size()));
        all.put(mask, TensorValues.of(mask(), rows.size(), longest()));
        for (Input input : model.inputs()) {
            TensorValues values = all.get(input.name());
            if (values != null) {
                inputs.put(input.name(), values);
            }
        }
    }

    private int[] padded() {
        int longest = longest();
        int[] padded = new int[rows.size() * longest];
        Arrays.fill(padded, Vocabulary.PAD);
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(rows.get(i), 0, padded, i * longest, rows.get(i).length);
        }
        return padded;
    }

    private int[] mask() {
        int longest = longest();
        int[] mask = new int[rows.size() * longest];
        for (int i = 0; i < rows.size(); i++) {
            Arrays.fill(mask, i * longest, i * longest + rows.get(i).length, 1);
        }
        return mask;
    }

    /** Throws {@link InvalidJobException} if a sentence is longer than what the model takes as this input. */
    static void requireLength(Model model, String input, List<int[]> rows, String source) {
        int most = most(model, input);
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i).length > most) {
                throw new InvalidJobException(source + ", line " + (i + 1) + ": expected at most " + most
                        + " tokens, which the model takes, found " + rows.get(i).length);
            }
        }
    }

    /** Positions that the model takes of an input at most. */
    static int most(Model model, String input) {
        return model.inputs().stream()
                .filter(found -> found.name().equals(input))
                .findFirst()
                .orElseThrow(() -> new InvalidJobException("expected a model with an input '" + input + "', found "
                        + model.inputs().stream().map(Input::name).toList()))
                .type()
                .shape()
                .dimension(1);
    }
}
