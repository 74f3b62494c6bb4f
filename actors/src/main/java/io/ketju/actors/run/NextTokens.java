package io.ketju.actors.run;

import java.util.List;

/** What a model that translates says comes next, of beginnings that grow by a token at a time. */
interface NextTokens extends AutoCloseable {
    /** Begins with sentences, none of which is translated yet. */
    void begin(List<int[]> sentences);

    /**
     * Logits of the next token, [beginnings, vocabulary].
     *
     * @param beginnings all tokens of each, as many of each
     * @param rows of each, which of the beginnings of the call before it continues; which sentence in the first call
     */
    float[] logits(List<int[]> beginnings, int... rows);

    @Override
    void close();
}
