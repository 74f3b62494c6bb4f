package io.ketju.testkit;

import io.ketju.pipeline.stage.StateHash;
import io.ketju.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Compares training states bit for bit, and says which tensors differ: a hash alone says only that some do. */
public final class States {
    private static final int MOST_NAMED = 5;

    private States() {}

    /**
     * Compares all tensors.
     *
     * @param expected by name
     * @param found by name
     * @throws AssertionError with the first names that differ, unless both have the same tensors with the same bits
     */
    public static void requireSame(Map<String, Tensor> expected, Map<String, Tensor> found) {
        requireSameDigests(StateHash.digests(expected), StateHash.digests(found));
    }

    /**
     * Compares digests by name, as {@link StateHash#digests} makes them.
     *
     * @param expected by name
     * @param found by name
     * @throws AssertionError as {@link #requireSame} does
     */
    public static void requireSameDigests(Map<String, String> expected, Map<String, String> found) {
        TreeSet<String> names = new TreeSet<>(expected.keySet());
        names.addAll(found.keySet());
        List<String> different = new ArrayList<>();
        for (String name : names) {
            String wanted = expected.getOrDefault(name, "nothing");
            String there = found.getOrDefault(name, "nothing");
            if (!wanted.equals(there)) {
                different.add(name + ": expected " + wanted + ", found " + there);
            }
        }
        if (!different.isEmpty()) {
            throw new AssertionError(different.size() + " of " + names.size() + " tensors differ:\n  "
                    + String.join("\n  ", different.subList(0, Math.min(MOST_NAMED, different.size()))));
        }
    }
}
