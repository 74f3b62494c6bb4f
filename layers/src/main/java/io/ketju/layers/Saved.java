package io.ketju.layers;

import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.matrix.MatrixOperand;
import io.ketju.tensor.kernel.matrix.MatrixView;
import io.ketju.tensor.memory.TensorArena;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one layer has at hand, and keeps, during the passes of one micro-batch: the kernels, its weights and their
 * gradients, memory in the micro-batch's slot, and the tensors that forward leaves for backward. Everything allocated
 * or kept here is gone when the slot is reset after the micro-batch's last backward action.
 */
public final class Saved {
    /** Most tensors that one layer keeps. */
    public static final int MAX_KEPT = 8;

    private final Kernels kernels;
    private final TensorArena slot;
    private final List<Tensor> parameters;
    private final List<Tensor> gradients;
    private final Map<Integer, PackedWeight> packed;
    private final @Nullable Tensor[] kept = new Tensor[MAX_KEPT];
    private boolean training = true;
    private boolean alone;
    private long budget = Long.MAX_VALUE;
    private long taken;

    /** Without packed weights. */
    public Saved(Kernels kernels, TensorArena slot, List<Tensor> parameters, List<Tensor> gradients) {
        this(kernels, slot, parameters, gradients, Map.of());
    }

    /**
     * @param parameters values in the order of {@link Layer#parameters}
     * @param gradients gradients in the same order; empty when only forward passes run
     * @param packed packed weights by the position of the parameter; whoever changes a weight tells them
     */
    public Saved(
            Kernels kernels,
            TensorArena slot,
            List<Tensor> parameters,
            List<Tensor> gradients,
            Map<Integer, PackedWeight> packed) {
        this.kernels = kernels;
        this.slot = slot;
        this.parameters = List.copyOf(parameters);
        this.gradients = List.copyOf(gradients);
        this.packed = Map.copyOf(packed);
    }

    public Kernels kernels() {
        return kernels;
    }

    /** A parameter's value, by its position in {@link Layer#parameters}. */
    public Tensor parameter(int index) {
        return parameters.get(index);
    }

    /**
     * A parameter [n, ...] as right operand of {@code x · parameterᵀ}: packed where other micro-batches use it too. One of
     * {@link Layer#transposedParameters}.
     */
    public MatrixOperand transposed(int index) {
        PackedWeight weight = packed.get(index);
        if (weight != null && !alone) {
            return weight.operand(kernels);
        }
        Tensor parameter = parameters.get(index);
        return MatrixView.of(parameter, parameter.elements() / parameter.shape().dimension(0));
    }

    /** A parameter's gradient, into which backwardWeight adds. */
    public Tensor gradient(int index) {
        return gradients.get(index);
    }

    /** A float32 tensor in the slot, contents undefined. */
    public Tensor allocate(Shape shape) {
        return allocate(DType.FLOAT32, shape);
    }

    /**
     * A tensor in the slot, contents undefined. Throws {@link IllegalStateException} if the layer takes more than it
     * announced, also where the slot would have room: that would be the room of others.
     */
    public Tensor allocate(DType dtype, Shape shape) {
        long bytes = TensorArena.bytesFor(shape);
        if (bytes > budget - taken) {
            throw new IllegalStateException("takes more memory than its slotBytes says: " + budget
                    + " bytes for this micro-batch, of which " + taken + " are used and " + bytes
                    + " wanted for a tensor " + shape);
        }
        taken += bytes;
        return slot.allocate(dtype, shape);
    }

    /** How many bytes of the slot the layer may take for one micro-batch: its {@link Layer#slotBytes}. */
    public void budget(long bytes) {
        budget = bytes;
    }

    /** Leaves a tensor for backward under an index of the layer's choice. */
    public void keep(int index, Tensor tensor) {
        kept[index] = tensor;
    }

    /** A tensor that forward left; throws {@link IllegalStateException} if there is none. */
    public Tensor kept(int index) {
        Tensor tensor = kept[index];
        if (tensor == null) {
            throw new IllegalStateException("backward without forward: nothing kept at " + index);
        }
        return tensor;
    }

    /** Whether this pass trains (true) or evaluates (false). */
    public boolean training() {
        return training;
    }

    /** Forgets what the last micro-batch kept, before the slot serves another. */
    public void reset(boolean training) {
        Arrays.fill(kept, null);
        this.training = training;
        alone = false;
        taken = 0;
    }

    /** Forgets as {@link #reset}, for an evaluation of one micro-batch alone, for which nothing is worth packing. */
    public void resetForOne() {
        reset(false);
        alone = true;
    }
}
