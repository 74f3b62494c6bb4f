package io.ketju.layers.spec;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A named thing with arguments, as text: {@code Conv2d(1, 6, kernel_size=5, padding=2)}. Layers, losses, optimizers and
 * schedules print and parse in this one form: in job files, on the wire and on the terminal. A value is a number, a
 * word, a tuple {@code (2, 1)}, a text in quotes or again a spec; what it means is decided by {@link Arguments}.
 *
 * @param name class name as in PyTorch
 * @param positional arguments without name, in order
 * @param named arguments with name, in order of name
 */
public record Spec(String name, List<String> positional, Map<String, String> named) {
    /** Copies both. */
    public Spec {
        positional = List.copyOf(positional);
        named = Collections.unmodifiableMap(new TreeMap<>(named));
    }

    /**
     * {@return a spec without named arguments}
     *
     * @param name class name as in PyTorch
     * @param positional integers, words or specs: each is taken as it prints; fractions go through {@link #number(double)} first
     */
    public static Spec of(String name, Object... positional) {
        List<String> texts = new ArrayList<>();
        for (Object argument : positional) {
            texts.add(argument.toString());
        }
        return new Spec(name, texts, Map.of());
    }

    /**
     * Reads the text form; a name without parentheses has no arguments.
     *
     * @param text one spec and nothing after it; Python's modules in front of a name are left out
     * @return what was read; values stay text
     * @throws IllegalArgumentException with the position (from 1), what was expected and what was found
     */
    public static Spec parse(String text) {
        return new SpecParser(text).parse();
    }

    /**
     * {@return this with one more named argument}
     *
     * @param argument its name; what it was before is replaced
     * @param value taken as it prints
     */
    public Spec with(String argument, Object value) {
        Map<String, String> all = new TreeMap<>(named);
        all.put(argument, value.toString());
        return new Spec(name, positional, all);
    }

    /**
     * {@return this without an argument of that name}
     *
     * @param argument name of a named argument; nothing happens if there is none
     */
    public Spec without(String argument) {
        Map<String, String> rest = new TreeMap<>(named);
        rest.remove(argument);
        return new Spec(name, positional, rest);
    }

    /**
     * {@return this with a number, as short as it reads back to the same bits}
     *
     * @param argument its name; what it was before is replaced
     * @param value finite
     */
    public Spec withNumber(String argument, float value) {
        return with(argument, number(value));
    }

    /**
     * {@return this with a number, as short as it reads back to the same bits}
     *
     * @param argument its name; what it was before is replaced
     * @param value finite
     */
    public Spec withNumber(String argument, double value) {
        return with(argument, number(value));
    }

    /**
     * {@return a number as specs print it: {@code 0.1}, {@code 5}, {@code 1e-8}}
     *
     * @param value finite
     */
    public static String number(float value) {
        return shortened(Float.toString(value));
    }

    /**
     * {@return a number as specs print it: {@code 0.1}, {@code 5}, {@code 1e-8}}
     *
     * @param value finite
     */
    public static String number(double value) {
        return shortened(Double.toString(value));
    }

    /**
     * {@return numbers as specs print them, {@code (1, 0.5)}; a single one without parentheses}
     *
     * @param numbers one or more
     */
    public static String tuple(List<Double> numbers) {
        String joined = numbers.stream().map(Spec::number).collect(Collectors.joining(", "));
        return numbers.size() == 1 ? joined : "(" + joined + ")";
    }

    private static String shortened(String number) {
        return number.replace('E', 'e').replaceFirst("\\.0(?=e|$)", "");
    }

    @Override
    public String toString() {
        List<String> arguments = new ArrayList<>(positional);
        named.forEach((key, value) -> arguments.add(key + "=" + value));
        return name + "(" + String.join(", ", arguments) + ")";
    }
}
