package io.ketju.data;

import io.ketju.tensor.TensorType;

/**
 * One thing that a source of batches gives: an input of the model, or a target of a loss.
 *
 * @param name what models call it
 * @param largest no dimension of it is larger in any micro-batch; of a constant, its very type
 * @param constant whether it never changes, so that it is given once and not with every micro-batch
 */
public record BatchPort(String name, TensorType largest, boolean constant) {
    /**
     * {@return a port of something that comes with every micro-batch}
     *
     * @param name what models call it
     * @param largest no dimension of it is larger in any micro-batch
     */
    public static BatchPort changing(String name, TensorType largest) {
        return new BatchPort(name, largest, false);
    }

    /**
     * {@return a port of something that never changes}
     *
     * @param name what models call it
     * @param type its very type
     */
    public static BatchPort constant(String name, TensorType type) {
        return new BatchPort(name, type, true);
    }
}
