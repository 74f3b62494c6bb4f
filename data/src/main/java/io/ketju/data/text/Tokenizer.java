package io.ketju.data.text;

import java.util.List;

/** Cuts a text into tokens: a function of the text alone. Immutable. */
public sealed interface Tokenizer permits CharacterTokenizer, WordTokenizer, BytePairTokenizer {
    /** The tokens in their order; none for a text of nothing, or of white space where that is no token. */
    List<String> split(String text);

    /** A text of these tokens: the one that was cut, where no white space was lost. */
    String join(List<String> tokens);

    /** What a vocabulary must hold even if no training text has it: the pieces of what is learnt. */
    default List<String> pieces() {
        return List.of();
    }
}
