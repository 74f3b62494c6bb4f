package io.ketju.actors.weights;

import io.ketju.data.safetensors.TensorEntry;
import io.ketju.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How tensors of files differ from those that are wanted, all differences at once.
 *
 * @param fitting names of those that are as wanted
 * @param missing what is wanted and not there, with its shape
 * @param unexpected what is there and not wanted, with its shape
 * @param misshapen with both shapes
 * @param mistyped with the type that is not read
 * @param prefix the rule that would make wanted names of some that are not, where a prefix is all that differs
 */
public record TensorFit(
        List<String> fitting,
        List<String> missing,
        List<String> unexpected,
        List<String> misshapen,
        List<String> mistyped,
        Optional<Rename> prefix) {
    /** Most names that a line lists of a kind; how many more there are it says. */
    private static final int LISTED = 20;

    private static final int LONGEST_NAME = 60;

    /**
     * {@return how tensors of files differ from those that are wanted}
     *
     * @param wanted shapes by name
     * @param found tensors by the names that they have here
     */
    public static TensorFit of(Map<String, Shape> wanted, Map<String, TensorEntry> found) {
        List<String> fitting = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        List<String> misshapen = new ArrayList<>();
        List<String> mistyped = new ArrayList<>();
        wanted.forEach((name, shape) -> {
            TensorEntry entry = found.get(name);
            if (entry == null) {
                missing.add(name);
            } else if (!entry.shape().equals(shape)) {
                misshapen.add(name(name) + " expected " + shape + ", found " + entry.shape());
            } else if (!entry.type().readsAsFloat()) {
                mistyped.add(name(name) + " expected F64, F32, F16, BF16, I64 or I32, found " + entry.type());
            } else {
                fitting.add(name);
            }
        });
        List<String> unexpected = found.keySet().stream()
                .filter(name -> !wanted.containsKey(name))
                .toList();
        return new TensorFit(
                fitting,
                missing.stream()
                        .map(name -> name(name) + " " + wanted.get(name))
                        .toList(),
                found.entrySet().stream()
                        .filter(tensor -> !wanted.containsKey(tensor.getKey()))
                        .map(tensor -> unexpected(tensor.getKey(), tensor.getValue()))
                        .toList(),
                misshapen,
                mistyped,
                prefix(missing, unexpected));
    }

    private static String unexpected(String name, TensorEntry entry) {
        String there = entry.name().equals(name) ? "" : " (" + name(entry.name()) + " in the file)";
        return name(name) + there + " " + entry.shape();
    }

    /** What stands in front of names on one side alone; names of modules end with a dot. */
    private static Optional<Rename> prefix(List<String> missing, List<String> unexpected) {
        for (String wanted : missing.stream().limit(LISTED).toList()) {
            for (String there : unexpected) {
                if (there.endsWith("." + wanted)) {
                    return Optional.of(new Rename(there.substring(0, there.length() - wanted.length()), ""));
                }
                if (wanted.endsWith("." + there)) {
                    return Optional.of(new Rename("", wanted.substring(0, wanted.length() - there.length())));
                }
            }
        }
        return Optional.empty();
    }

    /** {@return whether all is as wanted, and nothing else is there} */
    public boolean fits() {
        return Stream.of(missing, unexpected, misshapen, mistyped).allMatch(List::isEmpty);
    }

    /**
     * {@return whether it will do; where nothing at all fits, the file is another model's}
     *
     * @param strictness which differences are borne
     */
    public boolean fits(Strictness strictness) {
        return switch (strictness) {
            case STRICT -> fits();
            case LENIENT -> misshapen.isEmpty() && mistyped.isEmpty() && !fitting.isEmpty();
            case PARTIAL -> !fitting.isEmpty();
        };
    }

    /** {@return {@code 2 missing: '3.weight' [10, 16], '3.bias' [10]; 1 unexpected: 'fc.bias' [10]}; empty where all fits} */
    public String line() {
        List<String> parts = new ArrayList<>();
        add(parts, "missing", missing);
        add(parts, "unexpected", unexpected);
        add(parts, "misshapen", misshapen);
        add(parts, "of another type", mistyped);
        return String.join("; ", parts);
    }

    private static void add(List<String> parts, String kind, List<String> names) {
        if (!names.isEmpty()) {
            String more = names.size() > LISTED ? " and " + (names.size() - LISTED) + " more" : "";
            parts.add(names.size() + " " + kind + ": "
                    + String.join(", ", names.subList(0, Math.min(LISTED, names.size()))) + more);
        }
    }

    private static String name(String name) {
        String oneLine = name.replaceAll("\\p{Cntrl}", "?");
        return "'" + (oneLine.length() <= LONGEST_NAME ? oneLine : oneLine.substring(0, LONGEST_NAME) + "...") + "'";
    }
}
