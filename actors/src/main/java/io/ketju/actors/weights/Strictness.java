package io.ketju.actors.weights;

import io.ketju.layers.spec.NearestName;
import io.ketju.tensor.Excerpt;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How exactly the tensors of a file must be the weights of a model. What is not taken from the file starts from the seed. */
public enum Strictness {
    /** All weights and no others, each of its shape and of a type that is read. */
    STRICT,

    /** Weights may be missing and tensors left over, as {@code load_state_dict(strict=False)} has it in PyTorch. */
    LENIENT,

    /** Tensors of another shape or type are left out too: a new last layer on a trained network. */
    PARTIAL;

    /** {@return {@code partial}, as job files have it} */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * {@return the one that a text names}
     *
     * @param text as {@link #text} gives it
     * @throws IllegalArgumentException with what there is
     */
    public static Strictness parse(String text) {
        List<String> known = Arrays.stream(values()).map(Strictness::text).toList();
        int found = known.indexOf(text);
        if (found < 0) {
            throw new IllegalArgumentException("expected " + String.join(", ", known) + ", found '" + Excerpt.of(text)
                    + "'" + NearestName.hint(text, known));
        }
        return values()[found];
    }
}
