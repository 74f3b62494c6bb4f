package io.ketju.actors.job;

import io.ketju.data.safetensors.TensorEntry;
import io.ketju.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How tensors of files differ from those that are wanted, all differences at once. */
record TensorFit(List<String> missing, List<String> unexpected, List<String> misshapen, List<String> mistyped) {
    /** Most names that a line lists of a kind; how many more there are it says. */
    private static final int LISTED = 20;

    private static final int LONGEST_NAME = 60;

    static TensorFit of(Map<String, Shape> wanted, Map<String, TensorEntry> found) {
        List<String> missing = new ArrayList<>();
        List<String> misshapen = new ArrayList<>();
        List<String> mistyped = new ArrayList<>();
        wanted.forEach((name, shape) -> {
            TensorEntry entry = found.get(name);
            if (entry == null) {
                missing.add(name(name) + " " + shape);
            } else if (!entry.shape().equals(shape)) {
                misshapen.add(name(name) + " expected " + shape + ", found " + entry.shape());
            } else if (!entry.type().isFloatingPoint()) {
                mistyped.add(name(name) + " expected F64, F32, F16 or BF16, found " + entry.type());
            }
        });
        List<String> unexpected = found.values().stream()
                .filter(entry -> !wanted.containsKey(entry.name()))
                .map(entry -> name(entry.name()) + " " + entry.shape())
                .toList();
        return new TensorFit(missing, unexpected, misshapen, mistyped);
    }

    boolean fits() {
        return Stream.of(missing, unexpected, misshapen, mistyped).allMatch(List::isEmpty);
    }

    /** {@code 2 missing: '3.weight' [10, 16], '3.bias' [10]; 1 unexpected: 'fc.bias' [10]}. */
    String line() {
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
