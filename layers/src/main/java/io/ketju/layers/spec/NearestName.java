package io.ketju.layers.spec;

import io.ketju.tensor.Excerpt;
import io.ketju.tensor.NearWord;
import java.util.Collection;
import java.util.Optional;

/** Finds the name of a layer, an optimizer, an option ... that was probably meant, also where it is written as elsewhere. */
public final class NearestName {
    private NearestName() {}

    /**
     * {@return the known name that goes by the written one elsewhere, or is {@linkplain NearWord#of near it}; empty if none is, or
     * what is written is longer than a message quotes}
     *
     * @param written by a person, perhaps with the modules of Python in front: {@code nn.Conv2D}
     * @param known what may be meant; case counts in the result alone
     */
    public static Optional<String> of(String written, Collection<String> known) {
        if (written.length() > Excerpt.LENGTH) {
            return Optional.empty();
        }
        return PyTorchNames.of(written, known).or(() -> NearWord.of(PyTorchNames.withoutModules(written), known));
    }

    /**
     * {@return {@code ; did you mean 'stages'?} to be put behind a message, or an empty text}
     *
     * @param written by a person
     * @param known what may be meant
     */
    public static String hint(String written, Collection<String> known) {
        return NearWord.hint(of(written, known));
    }
}
