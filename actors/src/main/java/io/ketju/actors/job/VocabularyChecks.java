package io.ketju.actors.job;

import io.ketju.actors.weights.Strictness;
import io.ketju.data.Dataset;
import io.ketju.data.InputProfile;
import io.ketju.data.text.TextEncoding;
import io.ketju.data.text.Translations;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the weights of a run have learnt of a token they know by its number alone: data in another vocabulary would go through them
 * without an error, and mean nothing. Who takes part of the weights ({@link Strictness#PARTIAL}) may have another one.
 */
final class VocabularyChecks {
    /** From a file of a run to its folder: {@code RUN/checkpoints/step-000000079/stage-0.safetensors}. */
    private static final int MOST_FOLDERS = 3;

    private VocabularyChecks() {}

    /** Throws {@link InvalidJobException} if the run whose weights are brought in numbered tokens in another way than the data. */
    static void require(Optional<InitialState> state, @Nullable DataSource data) {
        if (data == null) {
            return;
        }
        state.filter(given -> given.mapping().strictness() != Strictness.PARTIAL)
                .ifPresent(given -> profile(given).ifPresent(run -> {
                    Dataset train = data.train();
                    require(given, train.name(), run.text(), train.textEncoding());
                    require(
                            given,
                            train.name() + ", translations",
                            run.translated(),
                            train.translations().map(Translations::target));
                }));
    }

    /** What the run kept of its inputs whose weights these are; nothing of a file that lies in no run's folder. */
    private static Optional<InputProfile> profile(InitialState state) {
        if (state.files().isEmpty()) {
            return Optional.empty();
        }
        Path folder = state.files().getFirst().toAbsolutePath().normalize();
        for (int i = 0; i < MOST_FOLDERS; i++) {
            folder = folder.getParent();
            if (folder == null) {
                return Optional.empty();
            }
            if (Files.exists(folder.resolve(InputProfile.FILE))) {
                return InputProfile.read(folder);
            }
        }
        return Optional.empty();
    }

    private static void require(
            InitialState state, String data, Optional<TextEncoding> run, Optional<TextEncoding> here) {
        if (run.isEmpty()
                || here.isEmpty()
                || run.get().vocabulary().equals(here.get().vocabulary())) {
            return;
        }
        throw new InvalidJobException(state.where() + ": expected data in the vocabulary of that run, of "
                + run.get().vocabulary().size() + " tokens, found '" + data + "' in another one, of "
                + here.get().vocabulary().size()
                + "; take the data of that run, or the tokenizer that 'ketju weights RUN --to-gpt2 FOLDER' writes of a GPT:"
                + " tokens=\"FOLDER\"");
    }
}
