package io.ketju.layers;

import io.ketju.layers.initializer.Initializer;
import io.ketju.tensor.Shape;

/**
 * One tensor that a layer owns.
 *
 * @param name name within the layer, as in PyTorch's state_dict: {@code weight}, {@code bias}, {@code running_mean}
 * @param shape its shape, in PyTorch's layout
 * @param initializer its values before the first step
 * @param role whether it learns
 */
public record Parameter(String name, Shape shape, Initializer initializer, Role role) {
    /** What becomes of a parameter in training. */
    public enum Role {
        /** It learns by its gradient. */
        WEIGHT,
        /** It learns by its gradient, of whose rows {@link Layer#backwardWeight} names those that it adds to. */
        TABLE,
        /** It is kept, saved and hashed like a weight, but only {@link Layer#commit} changes it; nobody counts it. */
        BUFFER
    }

    /**
     * Asks the initializer whether it can fill the shape.
     *
     * @throws IllegalArgumentException if it cannot
     */
    public Parameter {
        initializer.requireFit(shape);
    }

    /**
     * One that learns.
     *
     * @param name name within the layer, as in PyTorch's state_dict
     * @param shape its shape, in PyTorch's layout
     * @param initializer its values before the first step
     */
    public Parameter(String name, Shape shape, Initializer initializer) {
        this(name, shape, initializer, Role.WEIGHT);
    }

    /**
     * One that {@link Layer#commit} keeps.
     *
     * @param name name within the layer, as in PyTorch's state_dict
     * @param shape its shape, in PyTorch's layout
     * @param initializer its values before the first step
     * @return a {@link Role#BUFFER}
     */
    public static Parameter buffer(String name, Shape shape, Initializer initializer) {
        return new Parameter(name, shape, initializer, Role.BUFFER);
    }

    /**
     * One that learns by rows, if the layer says which.
     *
     * @param name name within the layer, as in PyTorch's state_dict
     * @param shape its shape; the outermost dimension is that of the rows
     * @param initializer its values before the first step
     * @param sparse whether {@link Layer#backwardWeight} says to which rows it adds, by {@link Pass#touch}
     * @return a {@link Role#TABLE} if it does, else a {@link Role#WEIGHT}
     */
    public static Parameter table(String name, Shape shape, Initializer initializer, boolean sparse) {
        return new Parameter(name, shape, initializer, sparse ? Role.TABLE : Role.WEIGHT);
    }

    /** {@return whether it has a gradient} */
    public boolean learns() {
        return role != Role.BUFFER;
    }

    /** {@return whether only some rows of its gradient are there} */
    public boolean sparse() {
        return role == Role.TABLE;
    }
}
