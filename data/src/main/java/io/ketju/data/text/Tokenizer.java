package io.ketju.data.text;

import java.util.List;

/** Cuts a text into tokens: a function of the text alone. Immutable. */
public sealed interface Tokenizer permits CharacterTokenizer, WordTokenizer, BytePairTokenizer, ByteLevelBpe {
    /**
     * {@return the tokens in their order; none for a text of nothing, or of white space where that is no token}
     *
     * @param text any
     */
    List<String> split(String text);

    /**
     * {@return a text of some tokens: the one that was cut, where no white space was lost}
     *
     * @param tokens in their order
     */
    String join(List<String> tokens);
}
