package io.ketju.tensor.kernel.vocabulary;

import io.ketju.tensor.DType;
import io.ketju.tensor.Tensor;
import java.util.OptionalInt;

/**
 * Targets of some rows, and what each of them is to be told from.
 *
 * @param rows that the targets belong to, each with as many
 * @param targets INT32 [rows · targets of each]
 * @param none a target that is left out with all that belongs to it
 * @param others INT32 [targets · others of each]: those that are the target itself are left out
 */
public record Choices(int rows, Tensor targets, OptionalInt none, Tensor others) {
    /**
     * Checks types and sizes.
     *
     * @throws IllegalArgumentException if one is not INT32, or the targets cannot be shared out by rows, or the others by targets
     */
    public Choices {
        if (targets.dtype() != DType.INT32 || others.dtype() != DType.INT32) {
            throw new IllegalArgumentException(
                    "expected targets and others of int32, found " + targets + " and " + others);
        }
        if (rows < 1 || targets.elements() == 0 || targets.elements() % rows != 0) {
            throw new IllegalArgumentException("expected targets of " + rows + " rows, found " + targets);
        }
        if (others.elements() % targets.elements() != 0) {
            throw new IllegalArgumentException("expected as many others of each of " + targets + ", found " + others);
        }
    }

    /** Targets of each row. */
    int each() {
        return targets.elements() / rows;
    }

    /** What each target is to be told from, at most. */
    int othersOfEach() {
        return others.elements() / targets.elements();
    }

    boolean leavesOut(int target) {
        return none.isPresent() && none.getAsInt() == target;
    }

    /** Throws unless there is room for all. */
    void require(Tensor starts, Tensor chosen, Tensor labels) {
        long most = (long) targets.elements() + others.elements();
        if (starts.dtype() != DType.INT32 || starts.elements() != rows + 1) {
            throw new IllegalArgumentException("expected starts int32[" + (rows + 1) + "], found " + starts);
        }
        if (chosen.dtype() != DType.INT32 || chosen.elements() < most || labels.elements() < most) {
            throw new IllegalArgumentException(
                    "expected room for " + most + " chosen with their labels, found " + chosen + " and " + labels);
        }
    }
}
