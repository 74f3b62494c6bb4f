package io.ketju.pipeline.stage;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Numbers that came one part after the other. To put a part behind the others costs the part alone, however many there are.
 * Immutable.
 */
public final class CollectedValues {
    /** None. */
    public static final CollectedValues NONE = new CollectedValues(null, new double[0]);

    private final @Nullable CollectedValues before;
    private final double[] part;
    private final int size;

    private CollectedValues(@Nullable CollectedValues before, double[] part) {
        this.before = before;
        this.part = part;
        size = part.length + (before == null ? 0 : before.size);
    }

    /**
     * {@return a copy of some numbers}
     *
     * @param values in their order
     */
    public static CollectedValues of(Collection<Double> values) {
        return NONE.plus(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** These, and a copy of more behind them. */
    CollectedValues plus(double[] more) {
        return more.length == 0 ? this : new CollectedValues(size == 0 ? null : this, more.clone());
    }

    /** These, and those of another behind them. */
    CollectedValues plus(CollectedValues more) {
        return size == 0 ? more : plus(more.toArray());
    }

    /** {@return how many there are} */
    public int size() {
        return size;
    }

    /** {@return all in order, unmodifiable} */
    public List<Double> toList() {
        double[] all = toArray();
        return Collections.unmodifiableList(new AbstractList<>() {
            @Override
            public Double get(int index) {
                return all[index];
            }

            @Override
            public int size() {
                return all.length;
            }
        });
    }

    private double[] toArray() {
        double[] all = new double[size];
        int end = size;
        for (CollectedValues at = this; at != null; at = at.before) {
            end -= at.part.length;
            System.arraycopy(at.part, 0, all, end, at.part.length);
        }
        return all;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CollectedValues values
                && values.size == size
                && Arrays.equals(values.toArray(), toArray());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(toArray());
    }

    @Override
    public String toString() {
        return size + " values";
    }
}
