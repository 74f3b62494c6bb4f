package io.ketju.tensor.kernel.activation;

import io.ketju.tensor.simd.Elements;
import io.ketju.tensor.simd.Lately;

/** Activation functions in place on a few elements by address, for kernels that have them in the cache. */
public final class ActivationRows {
    /** Bytes of spare memory, of the caller's scratch, that each call may overwrite. */
    public static final long SPARE_BYTES = Elements.SPARE_BYTES;

    private static final Lately<Activation, Elements.StepLoop> FORWARD =
            new Lately<>(activation -> ActivationFormulas.forward(activation).loop());
    private static final Lately<Activation, Elements.StepLoop> BACKWARD =
            new Lately<>(activation -> ActivationFormulas.backward(activation).loop());

    private ActivationRows() {}

    /**
     * {@code x = f(x)} for some floats at an address.
     *
     * @param activation f
     * @param x address of the floats, which are overwritten
     * @param n how many
     * @param spare address of {@link #SPARE_BYTES} bytes
     */
    public static void forward(Activation activation, long x, int n, long spare) {
        Elements.run(forward(activation), x, x, x, n, spare);
    }

    /**
     * {@return the loop {@code c = f(a)} over whole vectors, for callers with many short rows; it does not read b}
     *
     * @param activation f
     */
    public static Elements.StepLoop forward(Activation activation) {
        return FORWARD.get(activation);
    }

    /**
     * {@return the loop {@code c = b · f'} over whole vectors, where a is what {@link ActivationKernels#backward} calls saved}
     *
     * @param activation f
     */
    public static Elements.StepLoop backward(Activation activation) {
        return BACKWARD.get(activation);
    }

    /**
     * {@code dy = dy · f'} for some floats at an address.
     *
     * @param activation f
     * @param saved address of what {@link ActivationKernels#backward} calls so
     * @param dy address of the gradients of the output, which are overwritten with those of the input
     * @param n how many
     * @param spare address of {@link #SPARE_BYTES} bytes
     */
    public static void backward(Activation activation, long saved, long dy, int n, long spare) {
        Elements.run(backward(activation), saved, dy, dy, n, spare);
    }
}
