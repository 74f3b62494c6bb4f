package io.ketju.layers.spec;

import io.ketju.tensor.Excerpt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Recursive descent over one line:
 *
 * <pre>
 * spec     = { module "." } word [ "(" [ argument { "," argument } ] ")" ]
 * argument = [ word "=" ] value
 * value    = number | spec | tuple | text
 * tuple    = "(" value { "," value } [ "," ] ")" | "[" the same "]"
 * text     = '"' characters '"' | "'" characters "'"
 * </pre>
 *
 * <p>The name of the whole may begin with digits: {@code 1F1B}. Modules are those of {@link PyTorchNames}; they are read over.
 */
final class SpecParser {
    /** Deeper nesting is a mistake, and would only serve to overflow the stack. */
    private static final int MAX_DEPTH = 8;

    private final String text;
    private int position;
    private int depth;

    SpecParser(String text) {
        this.text = text;
    }

    Spec parse() {
        Spec spec = spec();
        if (position < text.length()) {
            throw unexpected("the end");
        }
        return spec;
    }

    private Spec spec() {
        String name = name();
        if (!take('(')) {
            return new Spec(name, List.of(), Map.of());
        }
        List<String> positional = new ArrayList<>();
        Map<String, String> named = new TreeMap<>();
        if (!take(')')) {
            do {
                argument(positional, named);
            } while (take(','));
            expect(')', "',' or ')'");
        }
        return new Spec(name, positional, named);
    }

    /** A name without the modules in front of it. */
    private String name() {
        int start = position;
        String name = word("a name");
        while (position + 1 < text.length()
                && text.charAt(position) == '.'
                && isWordStart(text.charAt(position + 1))
                && PyTorchNames.MODULES.contains(name)) {
            position++;
            name = word("a name");
        }
        if (position < text.length() && text.charAt(position) == '.') {
            position = start;
            if (text.startsWith(".parameters", start + name.length())) {
                throw new IllegalArgumentException(where() + "expected no parameters; leave them out: "
                        + PyTorchArguments.reason("params").orElseThrow());
            }
            throw new IllegalArgumentException(
                    where() + "expected a name, such as Linear or nn.Linear, or text in quotes, found '"
                            + Excerpt.of(text.substring(start).split("[^\\w.]", 2)[0]) + "'");
        }
        return name;
    }

    private void argument(List<String> positional, Map<String, String> named) {
        skipSpace();
        int start = position;
        String value = value();
        if (take('=')) {
            if (!value.matches("\\w+") || !isWordStart(value.charAt(0))) {
                position = start;
                throw unexpected("an argument name before '='");
            }
            if (named.put(value, value()) != null) {
                position = start;
                throw new IllegalArgumentException(where() + "argument '" + Excerpt.of(value) + "' is given twice");
            }
        } else if (named.isEmpty()) {
            positional.add(value);
        } else {
            position = start;
            throw new IllegalArgumentException(where() + "expected name=value, found '" + Excerpt.of(value)
                    + "': arguments without name come first");
        }
    }

    private String value() {
        if (++depth > MAX_DEPTH) {
            throw unexpected("at most " + MAX_DEPTH + " levels of parentheses");
        }
        String result;
        if (peek() == '(') {
            result = tuple(')');
        } else if (peek() == '[') {
            result = tuple(']');
        } else if (isQuote(peek())) {
            result = quoted();
        } else if (isWordStart(peek())) {
            Spec spec = spec();
            boolean bare = spec.positional().isEmpty() && spec.named().isEmpty();
            result = bare ? spec.name() + hyphened() : spec.toString();
        } else {
            result = number();
        }
        depth--;
        return result;
    }

    /** The rest of a word such as nearest-exact or fashion-mnist-5k. */
    private String hyphened() {
        int start = position;
        while (position + 1 < text.length() && text.charAt(position) == '-' && isWordPart(text.charAt(position + 1))) {
            position++;
            word("a word");
        }
        return text.substring(start, position);
    }

    private String tuple(char end) {
        position++;
        List<String> values = new ArrayList<>();
        do {
            values.add(value());
        } while (take(',') && peek() != end);
        expect(end, "',' or '" + end + "'");
        return "(" + String.join(", ", values) + ")";
    }

    /** In double quotes, whatever it was written in, unless it has some inside. */
    private String quoted() {
        char quote = text.charAt(position);
        int end = text.indexOf(quote, position + 1);
        if (end < 0) {
            position = text.length();
            throw unexpected("a closing " + quote);
        }
        String inside = text.substring(position + 1, end);
        position = end + 1;
        char written = inside.indexOf('"') < 0 ? '"' : quote;
        return written + inside + written;
    }

    private String number() {
        skipSpace();
        int start = position;
        while (position < text.length() && isNumberPart(position, start)) {
            position++;
        }
        if (position == start) {
            throw unexpected("a value");
        }
        String number = text.substring(start, position);
        if (peek() == '*') {
            throw new IllegalArgumentException(
                    where() + "expected a number, found a product; write what it comes to, 784 for 28*28");
        }
        return number;
    }

    private boolean isNumberPart(int at, int start) {
        char c = text.charAt(at);
        boolean sign = c == '-' || c == '+';
        boolean afterExponent = at > start && "eE".indexOf(text.charAt(at - 1)) >= 0;
        return sign ? at == start || afterExponent : c == '.' || isWordPart(c);
    }

    private String word(String expected) {
        if (!isWordStart(peek()) && !text.substring(position).matches("(?s)\\d+[A-Za-z].*")) {
            throw unexpected(expected);
        }
        int start = position;
        while (position < text.length() && isWordPart(text.charAt(position))) {
            position++;
        }
        return text.substring(start, position);
    }

    /** The next character after white space, 0 at the end. */
    private char peek() {
        skipSpace();
        return position < text.length() ? text.charAt(position) : 0;
    }

    private boolean take(char wanted) {
        if (peek() != wanted) {
            return false;
        }
        position++;
        skipSpace();
        return true;
    }

    private void expect(char wanted, String expected) {
        if (!take(wanted)) {
            throw unexpected(expected);
        }
    }

    private void skipSpace() {
        while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
            position++;
        }
    }

    private static boolean isQuote(char c) {
        return c == '"' || c == '\'';
    }

    private static boolean isWordStart(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }

    private static boolean isWordPart(char c) {
        return isWordStart(c) || (c >= '0' && c <= '9');
    }

    private IllegalArgumentException unexpected(String expected) {
        String found = position < text.length() ? "'" + Excerpt.of(text.charAt(position)) + "'" : "the end";
        return new IllegalArgumentException(where() + "expected " + expected + ", found " + found);
    }

    private String where() {
        return "'" + Excerpt.of(text) + "', position " + (position + 1) + ": ";
    }
}
