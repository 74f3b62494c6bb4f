package io.ketju.deploy.config;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobKey;
import io.ketju.tensor.Excerpt;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One value of a job before it is understood. The getters throw {@link InvalidJobException} with one line: where, key,
 * expected, found.
 *
 * @param value as HOCON gives it: text, number, truth value, list or map; flags give text
 * @param where it was written: {@code job.conf:12}, or the flag
 */
public record Setting(JobKey key, Object value, String where) {
    /** Text, which must not be empty. */
    public String text() {
        if (value instanceof String text && !text.isBlank()) {
            return text;
        }
        if (value instanceof Number number) {
            return number.toString();
        }
        throw expected("text");
    }

    /** {@code true} or {@code false}. */
    public boolean truth() {
        return switch (String.valueOf(value)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw expected("true or false");
        };
    }

    /** A whole number of at least {@code least} that fits an int. */
    public int wholeNumber(int least) {
        return Math.toIntExact(wholeNumber(value, least, Integer.MAX_VALUE, this));
    }

    /** Any whole number of 64 bits. */
    public long wholeNumber() {
        return wholeNumber(value, Long.MIN_VALUE, Long.MAX_VALUE, this);
    }

    /** A list of whole numbers of at least {@code least}; one number alone is a list too. */
    public List<Integer> wholeNumbers(int least) {
        List<Integer> numbers = new ArrayList<>();
        for (Object element : elements("a list of whole numbers")) {
            numbers.add(Math.toIntExact(wholeNumber(element, least, Integer.MAX_VALUE, this)));
        }
        return numbers;
    }

    /** A list of texts, which must not be empty. */
    public List<String> texts() {
        List<String> texts = new ArrayList<>();
        for (Object element : elements("a list of texts")) {
            if (!(element instanceof String text)) {
                throw expected("a list of texts");
            }
            texts.add(text);
        }
        return texts;
    }

    /** A list of texts; one text alone is a list too. */
    public List<String> names() {
        return value instanceof String text && !where.startsWith("--") ? List.of(text) : texts();
    }

    /** Reads the value by something that says in an {@link IllegalArgumentException} what is wrong with it. */
    public <T> T as(Function<String, T> parser) {
        return check(() -> parser.apply(text()));
    }

    /** Runs something that fails because of this setting; its failure gets the place and the key in front. */
    public <T> T check(Supplier<T> body) {
        try {
            return body.get();
        } catch (InvalidJobException e) {
            throw e;
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new InvalidJobException(prefix() + oneLine(e.getMessage()), e);
        }
    }

    /** The failure to say: this is not what was expected. */
    public InvalidJobException expected(String what) {
        return refused("expected " + what + ", found " + shown(value));
    }

    /** A failure because of this setting. */
    InvalidJobException refused(String line) {
        return new InvalidJobException(prefix() + line);
    }

    /** {@code job.conf:12: stages: }; a flag is its own key. */
    private String prefix() {
        return where.startsWith("--") ? where + ": " : where + ": " + key.path() + ": ";
    }

    private List<?> elements(String what) {
        if (value instanceof List<?> list && !list.isEmpty()) {
            return list;
        }
        if (value instanceof Number) {
            return List.of(value);
        }
        if (value instanceof String text && where.startsWith("--")) {
            return List.of(text.split("\\s*,\\s*"));
        }
        throw expected(what);
    }

    private static long wholeNumber(Object value, long least, long most, Setting setting) {
        String wanted = "a whole number without unit";
        if (least > Long.MIN_VALUE) {
            wanted += ", " + least + " or more";
        }
        Long number = parsed(value);
        if (number == null || number < least) {
            throw setting.expected(wanted);
        }
        if (number > most) {
            throw setting.expected(wanted + " and " + most + " or less");
        }
        return number;
    }

    private static @Nullable Long parsed(Object value) {
        return switch (value) {
            case Integer i -> (Long) i.longValue();
            case Long l -> l;
            case String s -> s.strip().matches("[+-]?\\d{1,18}") ? (Long) Long.parseLong(s.strip()) : null;
            default -> null;
        };
    }

    private static String shown(Object value) {
        return switch (value) {
            case String text -> '"' + Excerpt.of(text) + '"';
            case List<?> list -> list.isEmpty() ? "an empty list" : "the list " + Excerpt.of(list);
            case java.util.Map<?, ?> map -> "the object " + Excerpt.of(map);
            default -> Excerpt.of(value);
        };
    }

    /** Messages of others may have line breaks; ours are one line. */
    static String oneLine(@Nullable String message) {
        return message == null ? "no reason given" : message.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
