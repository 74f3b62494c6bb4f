package io.ketju.data.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Words and single marks: letters and digits belong together, with apostrophes and hyphens between them ({@code don't}); any
 * other character is a token, white space is none.
 *
 * @param lowercase whether capitals become small letters first
 */
public record WordTokenizer(boolean lowercase) implements Tokenizer {
    /** White space is written out: other programs that take this pattern have more of it. */
    static final String PATTERN = "[\\p{L}\\p{M}\\p{N}]+(?:['’-][\\p{L}\\p{M}\\p{N}]+)*|[^ \\t\\n\\x0B\\f\\r]";

    private static final Pattern TOKEN = Pattern.compile(PATTERN);
    private static final String CLOSING = ".,;:!?)]}%”";
    private static final String OPENING = "([{“";

    @Override
    public List<String> split(String text) {
        List<String> tokens = new ArrayList<>();
        Matcher token = TOKEN.matcher(lowercase ? text.toLowerCase(Locale.ROOT) : text);
        while (token.find()) {
            tokens.add(token.group());
        }
        return tokens;
    }

    /** With a space between words, none before closing marks and none behind opening ones. */
    @Override
    public String join(List<String> tokens) {
        StringBuilder text = new StringBuilder();
        String before = "(";
        for (String token : tokens) {
            boolean apart = !OPENING.contains(before) && !CLOSING.contains(token);
            text.append(apart ? " " : "").append(token);
            before = token;
        }
        return text.toString();
    }
}
