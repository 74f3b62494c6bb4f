package io.ketju.data.text;

import java.util.function.Consumer;

/**
 * Lines as one text, with a line feed between two of them, part by part. A part ends before a line feed, unless what is before that is
 * white space in some script: where all tokenizers end a token.
 *
 * @param source what errors call it
 * @param characters of a part at least, of all but the last
 * @param lines gives all lines, as often as it is asked to
 */
record JoinedLines(String source, int characters, Consumer<Consumer<String>> lines) implements EncodingChoice.Parts {
    @Override
    public void each(boolean anywhere, Consumer<String> taker) {
        StringBuilder held = new StringBuilder();
        boolean[] begun = new boolean[1];
        lines.accept(line -> {
            if (held.length() >= characters && !TextParts.isSpaceAnywhere(held.charAt(held.length() - 1))) {
                taker.accept(held.toString());
                held.setLength(0);
            }
            held.append(begun[0] ? "\n" : "").append(line);
            begun[0] = true;
        });
        taker.accept(held.toString());
    }
}
