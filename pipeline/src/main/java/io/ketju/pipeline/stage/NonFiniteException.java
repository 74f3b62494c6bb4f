package io.ketju.pipeline.stage;

import io.ketju.pipeline.schedule.Action;
import io.ketju.tensor.DType;
import io.ketju.tensor.Tensor;

/** A NaN or an infinity was computed: the run stops in this step, before a checkpoint can hold it. */
public final class NonFiniteException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final int EXPONENT = 0x7f800000;

    NonFiniteException(long step, Action action, String tensor, double value) {
        super("step " + step + ", "
                + (action.kind() == Action.Kind.S ? "" : "micro-batch " + action.microbatch() + ", ")
                + "stage " + action.stage() + ": " + tensor + " is " + value
                + "; a smaller learning rate or clipped gradients may help");
    }

    /** Throws, naming the tensor and its first bad element, unless all elements are finite numbers. */
    static void requireFinite(Tensor values, long step, Action action, String tensor) {
        if (values.dtype() != DType.FLOAT32) {
            return;
        }
        // all exponent bits set means NaN or infinity: one integer test, which the compiler can vectorise
        int found = 0;
        for (int i = 0; i < values.elements(); i++) {
            found = Math.max(found, values.getInt(i) & EXPONENT);
        }
        if (found == EXPONENT) {
            int i = 0;
            while (Float.isFinite(values.getFloat(i))) {
                i++;
            }
            throw new NonFiniteException(step, action, tensor + " at element " + i, values.getFloat(i));
        }
    }
}
