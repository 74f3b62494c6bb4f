package io.ketju.actors.weights;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Which tensors of a file become which weights of a model. Immutable.
 *
 * @param strictness what may be missing, left over or of another shape
 * @param renames each is applied to what those before it made
 */
public record WeightMapping(Strictness strictness, List<Rename> renames) {
    /** All weights and no others, under the model's names. */
    public static final WeightMapping STRICT = new WeightMapping(Strictness.STRICT, List.of());

    /** Weights may be missing and tensors left over. */
    public static final WeightMapping LENIENT = new WeightMapping(Strictness.LENIENT, List.of());

    /** What fits is taken. */
    public static final WeightMapping PARTIAL = new WeightMapping(Strictness.PARTIAL, List.of());

    /** Copies the list. */
    public WeightMapping {
        renames = List.copyOf(renames);
    }

    /**
     * {@return the same with more rules behind its own}
     *
     * @param rules such as {@code module.=}: see {@link Rename}
     * @throws IllegalArgumentException if one of them is no rule
     */
    public WeightMapping renaming(String... rules) {
        List<Rename> more = new ArrayList<>(renames);
        Arrays.stream(rules).map(Rename::parse).forEach(more::add);
        return new WeightMapping(strictness, more);
    }

    /**
     * {@return what a tensor of the file is called here}
     *
     * @param name as the file has it
     */
    public String rename(String name) {
        String renamed = name;
        for (Rename rule : renames) {
            renamed = rule.apply(renamed);
        }
        return renamed;
    }

    /** {@return what tells this from {@link #STRICT}, in words of a job's description; empty for that one} */
    public String identity() {
        String fit = strictness == Strictness.STRICT ? "" : " fit " + strictness.text();
        return fit + renames.stream().map(rule -> " rename " + rule).collect(Collectors.joining());
    }
}
