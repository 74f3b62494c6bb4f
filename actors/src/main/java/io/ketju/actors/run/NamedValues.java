package io.ketju.actors.run;

import io.ketju.actors.job.HandedBatches;
import io.ketju.data.BadDataException;
import io.ketju.tensor.DType;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.Collections;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** A mini-batch as a caller has it: values on the heap by name. */
record NamedValues(SortedMap<String, TensorValues> values) implements HandedBatches.Batch {
    /** Throws {@link BadDataException} if a value is NaN or infinite. */
    NamedValues {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
        values.forEach((name, given) -> {
            if (given.type().dtype() == DType.FLOAT32) {
                requireFinite(name, given.floats());
            }
        });
    }

    private static void requireFinite(String name, float[] floats) {
        for (int i = 0; i < floats.length; i++) {
            if (!Float.isFinite(floats[i])) {
                throw BadDataException.of("batch, '" + name + "', value " + i, "a finite number", floats[i] + "");
            }
        }
    }

    private TensorValues get(String name) {
        return Objects.requireNonNull(values.get(name), () -> "the batch has no '" + name + "'");
    }

    @Override
    public Set<String> names() {
        return values.keySet();
    }

    @Override
    public TensorType type(String name) {
        return get(name).type();
    }

    @Override
    public void copy(String name, int firstValue, Tensor target) {
        get(name).copyTo(firstValue, target);
    }
}
