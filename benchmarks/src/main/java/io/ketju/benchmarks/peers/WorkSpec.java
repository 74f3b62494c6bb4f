package io.ketju.benchmarks.peers;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/**
 * A piece of work by name, the same in every language: {@code conv_forward batch=8 channels=64 height=56}.
 *
 * @param name the kind of work
 * @param numbers its parameters
 */
public record WorkSpec(String name, SequencedMap<String, Integer> numbers) {
    public WorkSpec {
        numbers = new LinkedHashMap<>(numbers);
    }

    /** Work without parameters. */
    public static WorkSpec of(String name) {
        return new WorkSpec(name, new LinkedHashMap<>());
    }

    /** The same with one more parameter. */
    public WorkSpec with(String key, int value) {
        WorkSpec more = new WorkSpec(name, numbers);
        more.numbers.put(key, value);
        return more;
    }

    /** One parameter, which must be there. */
    public int number(String key) {
        Integer value = numbers.get(key);
        if (value == null) {
            throw new IllegalArgumentException("no '" + key + "' in '" + text() + "'");
        }
        return value;
    }

    /** Words with single spaces between, as the protocol wants them. */
    public String text() {
        return name + numbers.entrySet().stream().map(each -> " " + each).collect(Collectors.joining());
    }

    /** The opposite of {@link #text}. */
    public static WorkSpec parse(String text) {
        String[] words = text.strip().split(" ", -1);
        SequencedMap<String, Integer> numbers = new LinkedHashMap<>();
        for (int i = 1; i < words.length; i++) {
            Map.Entry<String, Integer> entry = number(words[i], text);
            numbers.put(entry.getKey(), entry.getValue());
        }
        return new WorkSpec(words[0], numbers);
    }

    private static Map.Entry<String, Integer> number(String word, String text) {
        int split = word.indexOf('=');
        if (split <= 0) {
            throw new IllegalArgumentException("expected key=number, found '" + word + "' in '" + text + "'");
        }
        return Map.entry(word.substring(0, split), Integer.parseInt(word.substring(split + 1)));
    }
}
