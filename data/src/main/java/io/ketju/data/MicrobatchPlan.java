package io.ketju.data;

import io.ketju.tensor.TensorType;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one micro-batch is.
 *
 * @param samples at least 1
 * @param types of everything that changes from micro-batch to micro-batch, by the name of its port
 */
public record MicrobatchPlan(int samples, SortedMap<String, TensorType> types) {
    /**
     * Copies the types.
     *
     * @throws IllegalArgumentException if there is no sample
     */
    public MicrobatchPlan {
        types = Collections.unmodifiableSortedMap(new TreeMap<>(types));
        if (samples < 1) {
            throw new IllegalArgumentException("a micro-batch of " + samples + " samples");
        }
    }
}
