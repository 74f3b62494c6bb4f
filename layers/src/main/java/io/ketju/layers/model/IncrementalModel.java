package io.ketju.layers.model;

import io.ketju.tensor.TensorType;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A model as it runs while one of its inputs grows position by position, as when a translation is decoded: a model that runs
 * once, and one that runs for each new position over that position and the tensors that it is handed on. Both have the parameters of
 * the whole, by their names, and the first output of the whole has the same bits as when all positions run again.
 *
 * @param once what does not depend on what grows; empty where nothing of it is computed
 * @param each its inputs are {@link #TOKEN} and {@link #INDEX}, then those of {@code carried}; its first output is that of the whole
 *     at the new position, [samples, 1, ...]
 * @param carried what {@code each} reads besides, in the order of its inputs from the third on
 */
public record IncrementalModel(Optional<Model> once, Model each, List<Carried> carried) {
    /** The input with what is new, [samples, 1]. */
    public static final String TOKEN = "token";

    /** The input with the number of the new position, from 0, int32 [samples, 1]. */
    public static final String INDEX = "index";

    /** What a carried tensor is at the first position. */
    public sealed interface Beginning {
        /**
         * An input of the whole.
         *
         * @param input its name
         */
        record Given(String input) implements Beginning {}

        /**
         * An output of {@code once}.
         *
         * @param output which of its outputs, from 0
         */
        record Computed(int output) implements Beginning {}

        /**
         * Zeros.
         *
         * @param type of them, for one sample
         */
        record Zeros(TensorType type) implements Beginning {}
    }

    /**
     * A tensor that {@code each} reads.
     *
     * @param begins what it is at the first position
     * @param next the output of {@code each} that it becomes, from 0; empty if it stays
     */
    public record Carried(Beginning begins, OptionalInt next) {}

    /** Copies the list. */
    public IncrementalModel {
        carried = List.copyOf(carried);
    }

    /**
     * Takes a model apart.
     *
     * @param model the whole
     * @param growing the input that grows, [samples, positions]
     * @param lengths the input that says how many positions it has, if there is one of that name
     * @return empty if a layer has no form for one more position ({@link io.ketju.layers.Layer#increment}), if there is no such input that
     *     grows, if an input does not count samples, or if the model reads something else of what grows: an input {@code NAME_mask}, say
     */
    public static Optional<IncrementalModel> of(Model model, String growing, String lengths) {
        return new IncrementalWriter(model, growing, lengths).write();
    }
}
