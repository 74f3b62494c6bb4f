package io.ketju.data.text;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Learns a tokenizer from a text that need not be held: how often which of its units comes says all. Of what gives a tokenizer without
 * looking at the text a plain function will do.
 */
public interface TokenizerLearning extends Function<String, Tokenizer> {
    /**
     * {@return the units of a part of a text}
     *
     * @param part that ends before white space, or at the end
     */
    List<String> units(String part);

    /**
     * {@return the tokenizer that {@link #apply} gives of the text}
     *
     * @param units of the whole text: how often each comes
     */
    Tokenizer learn(Map<String, Long> units);
}
