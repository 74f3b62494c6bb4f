package io.ketju.data.text;

import java.util.List;

/** Every character (Unicode code point) is a token, white space too. */
public record CharacterTokenizer() implements Tokenizer {
    @Override
    public List<String> split(String text) {
        return text.codePoints().mapToObj(Character::toString).toList();
    }

    @Override
    public String join(List<String> tokens) {
        return String.join("", tokens);
    }
}
