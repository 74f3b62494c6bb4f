package io.ketju.actors.job;

import io.ketju.layers.loss.TranslationBleu;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who measures translations must have some, and a model that translates. */
final class TranslationChecks {
    private static final List<String> INPUTS = List.of("src", "tgt");

    private TranslationChecks() {}

    /** Throws {@link InvalidJobException} if the model's heads measure BLEU where nothing can be translated. */
    static void require(Model model, @Nullable DataSource data) {
        boolean wanted = model.heads().stream()
                .flatMap(head -> head.metrics().stream())
                .anyMatch(TranslationBleu.class::isInstance);
        if (!wanted) {
            return;
        }
        if (data == null || data.test().translations().isEmpty()) {
            throw new InvalidJobException(JobKey.METRICS.path()
                    + ": bleu: expected test data of sentences and their translations, pairs(...), found "
                    + (data == null ? "batches made in code" : data.test().name()));
        }
        List<String> inputs = model.inputs().stream().map(Input::name).toList();
        if (!inputs.containsAll(INPUTS)) {
            throw new InvalidJobException(JobKey.METRICS.path() + ": bleu: expected a model that reads " + INPUTS
                    + ", such as transformer or seq2seq, found one of " + inputs);
        }
    }
}
