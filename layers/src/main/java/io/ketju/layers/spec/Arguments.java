package io.ketju.layers.spec;

import io.ketju.tensor.Excerpt;
import io.ketju.tensor.Plural;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a {@link Spec} matched with a signature, as Python does it: the first ones by position or by name,
 * the others by name only. Every getter throws {@link IllegalArgumentException} with the spec, the argument, what was
 * expected and what was found.
 */
public final class Arguments {
    /**
     * A value per dimension of an image, {@code 3} or {@code (3, 2)}.
     *
     * @param rows for the height
     * @param columns for the width
     */
    public record Pair(int rows, int columns) {
        /** {@return a pair of equal values}
         * @param both for the height and for the width */
        public static Pair of(int both) {
            return new Pair(both, both);
        }

        /** The one number if both are equal, else the tuple. */
        @Override
        public String toString() {
            return rows == columns ? Integer.toString(rows) : "(" + rows + ", " + columns + ")";
        }
    }

    private final Spec spec;
    private final List<String> signature;
    private Description description = Description.of("", "");
    private final Map<String, String> values = new TreeMap<>();

    private Arguments(Spec spec, List<String> signature) {
        this.spec = spec;
        this.signature = List.copyOf(signature);
    }

    /**
     * {@return the arguments, matched with what a description says; one that is not written has its default}
     *
     * @param spec what was written; its name is not looked at
     * @param description of the thing that it names
     * @throws IllegalArgumentException if an argument is unknown, missing, given twice or one too many, listing the known ones
     */
    public static Arguments of(Spec spec, Description description) {
        List<String> places = new ArrayList<>();
        List<String> namesOnly = new ArrayList<>();
        for (Argument argument : description.arguments()) {
            boolean place = argument.passing() == Argument.Passing.PLACE_OR_NAME;
            (place ? places : namesOnly).add(argument.name());
        }
        Arguments arguments = of(spec, places, namesOnly.toArray(String[]::new));
        arguments.description = description;
        for (Argument argument : description.arguments()) {
            if (argument.presence() == Argument.Presence.REQUIRED) {
                arguments.required(argument.name());
            }
        }
        for (Argument argument : description.arguments()) {
            if (argument.presence() == Argument.Presence.ABSENT
                    || argument.presence() == Argument.Presence.DEFAULT_OR_NONE) {
                arguments.values.computeIfPresent(
                        argument.name(), (name, value) -> value.equalsIgnoreCase("none") ? null : value);
            }
            argument.defaultValue().ifPresent(value -> arguments.values.putIfAbsent(argument.name(), value));
        }
        return arguments;
    }

    /**
     * {@return the arguments, matched with names alone: none has a default, and none has to be written}
     *
     * @param spec what was written; its name is not looked at
     * @param positional names of the arguments that may come without name, in order
     * @param namedOnly names of the others
     * @throws IllegalArgumentException if an argument is unknown, given twice or one too many, listing the known ones
     */
    public static Arguments of(Spec spec, List<String> positional, String... namedOnly) {
        List<String> signature = new ArrayList<>(positional);
        signature.addAll(List.of(namedOnly));
        Arguments arguments = new Arguments(spec, signature);
        List<String> given = spec.positional();
        if (given.size() > positional.size()) {
            throw arguments.failure("expected "
                    + (positional.isEmpty() ? "no arguments" : "at most " + Plural.of(positional.size(), "argument"))
                    + (signature.isEmpty() ? "" : " without names")
                    + ", found " + given.size()
                    + (signature.isEmpty() ? "" : "; " + arguments.known()));
        }
        if (!given.isEmpty()
                && (given.getFirst().equals("params") || given.getFirst().equals("optimizer"))) {
            throw arguments.failure("expected no '" + given.getFirst() + "'; leave it out: "
                    + PyTorchArguments.reason(given.getFirst()).orElseThrow());
        }
        for (int i = 0; i < given.size(); i++) {
            arguments.values.put(positional.get(i), given.get(i));
        }
        spec.named().forEach(arguments::putNamed);
        return arguments;
    }

    private void putNamed(String name, String value) {
        if (!signature.contains(name)) {
            String hint = PyTorchArguments.reason(name)
                    .map(reason -> "; leave it out: " + reason)
                    .orElseGet(() -> {
                        String near = NearestName.hint(name, signature);
                        return (near.isEmpty() ? "; " : near + " ") + known();
                    });
            throw failure("unknown argument '" + Excerpt.of(name) + "'" + hint);
        }
        if (values.put(name, value) != null) {
            throw failure("argument '" + name + "' is given twice, by position and by name");
        }
    }

    /** {@return a required integer}
     * @param name of the argument */
    public int integer(String name) {
        return toInt(name, required(name));
    }

    /** {@return a required integer or tuple of integers, one or more}
     * @param name of the argument */
    public List<Integer> integers(String name) {
        return elements(required(name)).stream().map(part -> toInt(name, part)).toList();
    }

    /** {@return the parts of a required tuple as they were written, specs among them; one part where there are no parentheses}
     * @param name of the argument */
    public List<String> parts(String name) {
        String value = required(name);
        if (!value.startsWith("(")) {
            return List.of(value);
        }
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int start = 1;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            depth += c == '(' ? 1 : 0;
            depth -= c == ')' ? 1 : 0;
            if ((c == ',' && depth == 1) || depth == 0) {
                parts.add(value.substring(start, i).strip());
                start = i + 1;
            }
        }
        return parts;
    }

    /** {@return an integer}
     * @param name of the argument
     * @param defaultValue where it was not given */
    public int integer(String name, int defaultValue) {
        return text(name).map(value -> toInt(name, value)).orElse(defaultValue);
    }

    /** {@return a required integer or pair of integers}
     * @param name of the argument */
    public Pair pair(String name) {
        return toPair(name, required(name));
    }

    /** {@return an integer or pair of integers}
     * @param name of the argument
     * @param defaultValue where it was not given */
    public Pair pair(String name, Pair defaultValue) {
        return text(name).map(value -> toPair(name, value)).orElse(defaultValue);
    }

    /** {@return the numbers of a required tuple of exactly so many}
     * @param name of the argument
     * @param count so many; 1 takes a number without parentheses */
    public List<Double> numbers(String name, int count) {
        return toDoubles(name, required(name), count);
    }

    /** {@return a required flag, written {@code true} or {@code false}, Python's capitals allowed}
     * @param name of the argument */
    public boolean flag(String name) {
        return toFlag(name, required(name));
    }

    /** {@return a required argument as it was written, a single word without its quotes}
     * @param name of the argument */
    public String word(String name) {
        return required(name).replaceFirst("^([\"'])(\\w+)\\1$", "$2"); // Python's 'tanh' is a word here
    }

    /** {@return what is inside the quotes of a required text}
     * @param name of the argument */
    public String quoted(String name) {
        String value = required(name);
        if (value.length() < 2 || "'\"".indexOf(value.charAt(0)) < 0) {
            throw wrong(name, "a text in quotes", value, null);
        }
        return value.substring(1, value.length() - 1);
    }

    /** {@return a required word, one of some}
     * @param name of the argument
     * @param known the words that there are */
    public String word(String name, String... known) {
        String value = word(name);
        if (!List.of(known).contains(value)) {
            throw new IllegalArgumentException(spec.name() + ": argument '" + name + "': expected "
                    + String.join(" or ", known) + ", found '" + Excerpt.of(value) + "'"
                    + NearestName.hint(value, List.of(known)));
        }
        return value;
    }

    /** {@return all arguments by name, written as specs print them, without those that are what they are by default} */
    public Spec terse() {
        Map<String, String> canonical = new TreeMap<>();
        values.forEach((name, value) -> canonical.put(name, canonical(value)));
        return description.terse(new Spec(spec.name(), List.of(), canonical));
    }

    private static String canonical(String value) {
        if (value.matches("True|False")) {
            return value.toLowerCase(Locale.ROOT);
        }
        return value.matches("[-+]?[0-9.]+([eE][-+]?[0-9]+)?") ? Spec.number(Double.parseDouble(value)) : value;
    }

    /** {@return the spec whose arguments these are} */
    public Spec spec() {
        return spec;
    }

    /** {@return a number, 0 or of a size that float32 holds}
     * @param name of the argument
     * @param defaultValue where it was not given */
    public double number(String name, double defaultValue) {
        return text(name).map(value -> toDouble(name, value)).orElse(defaultValue);
    }

    /** {@return a required number, 0 or of a size that float32 holds}
     * @param name of the argument */
    public double number(String name) {
        return toDouble(name, required(name));
    }

    /** {@return a tuple of exactly as many numbers as the default has}
     * @param name of the argument
     * @param defaultValue where it was not given */
    public List<Double> numbers(String name, List<Double> defaultValue) {
        return text(name)
                .map(value -> toDoubles(name, value, defaultValue.size()))
                .orElse(defaultValue);
    }

    /** {@return a tuple of any number of numbers, or a single one; none if it was not given}
     * @param name of the argument */
    public List<Double> numbers(String name) {
        return text(name)
                .map(value -> toDoubles(name, value, elements(value).size()))
                .orElse(List.of());
    }

    /** {@return a flag, written {@code true} or {@code false}, Python's capitals allowed}
     * @param name of the argument
     * @param defaultValue where it was not given */
    public boolean flag(String name, boolean defaultValue) {
        return text(name).map(value -> toFlag(name, value)).orElse(defaultValue);
    }

    /** {@return the argument as it was written, if it was given}
     * @param name of the argument */
    public Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /**
     * Refuses a whole number below 1.
     *
     * @param owner what the message begins with: {@code Conv2d}
     * @param argument name of the argument
     * @param value its value
     * @throws IllegalArgumentException if it is below 1
     */
    public static void requirePositive(String owner, String argument, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(
                    owner + ": argument '" + argument + "': expected at least 1, found " + value);
        }
    }

    private String required(String name) {
        return text(name).orElseThrow(() -> failure("missing argument '" + name + "'; " + known()));
    }

    private int toInt(String name, String value) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw wrong(name, "an integer", value, e);
        }
    }

    private double toDouble(String name, String value) {
        try {
            double number = Double.parseDouble(value);
            // parseDouble also takes "1f", "1d", "NaN" and hexadecimal, none of which belongs in a job file.
            if (Double.isFinite(number) && value.matches("[-+.0-9eE]+")) {
                return inRange(name, number, value);
            }
        } catch (NumberFormatException e) {
            throw wrong(name, "a number", value, e);
        }
        throw wrong(name, "a finite number", value, null);
    }

    /** Computing in float32, what is smaller or larger would be taken for 0 or infinity without a word. */
    private double inRange(String name, double number, String written) {
        boolean zero = written.split("[eE]", 2)[0].matches("\\+?[0.]+");
        double size = Math.abs(number);
        if (zero || (size >= Float.MIN_NORMAL && size <= Float.MAX_VALUE)) {
            return number;
        }
        throw wrong(name, "0 or a number from 1.2e-38 to 3.4e38 of either sign, as float32 holds them", written, null);
    }

    private Pair toPair(String name, String value) {
        List<String> parts = elements(value);
        if (parts.size() > 2) {
            throw wrong(name, "an integer or a pair of integers", value, null);
        }
        return new Pair(toInt(name, parts.getFirst()), toInt(name, parts.getLast()));
    }

    private List<Double> toDoubles(String name, String value, int count) {
        List<String> parts = elements(value);
        if (parts.size() != count) {
            throw wrong(name, count + " numbers in parentheses", value, null);
        }
        return parts.stream().map(part -> toDouble(name, part)).toList();
    }

    private boolean toFlag(String name, String value) {
        return switch (value) {
            case "true", "True" -> true;
            case "false", "False" -> false;
            default -> throw wrong(name, "true or false", value, null);
        };
    }

    /** The parts of a flat tuple, or the value itself. */
    private static List<String> elements(String value) {
        boolean tuple = value.startsWith("(") && value.endsWith(")");
        return tuple ? List.of(value.substring(1, value.length() - 1).split(", ", -1)) : List.of(value);
    }

    private String known() {
        return signature.isEmpty() ? "it takes none" : "it takes " + String.join(", ", signature);
    }

    private IllegalArgumentException wrong(String name, String expected, String found, @Nullable Throwable cause) {
        return new IllegalArgumentException(
                Excerpt.of(spec) + ": argument '" + name + "': expected " + expected + ", found '" + Excerpt.of(found)
                        + "'",
                cause);
    }

    private IllegalArgumentException failure(String what) {
        return new IllegalArgumentException(Excerpt.of(spec) + ": " + what);
    }
}
