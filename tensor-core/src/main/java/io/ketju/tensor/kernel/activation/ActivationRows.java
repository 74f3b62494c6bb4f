package io.ketju.tensor.kernel.activation;

import io.ketju.tensor.simd.Elements;
import io.ketju.tensor.simd.Lately;

/** Activation functions in place on a few elements by address, for kernels that have them in the cache. */
public final class ActivationRows {
    /** Bytes of spare memory, of the caller's scratch, that each call may overwrite. */
    public static final long SPARE_BYTES = Elements.SPARE_BYTES;

    private static final Lately<Activation, Elements.StepLoop> FORWARD = new Lately<>(
            activation -> (a, b, c, bytes, buffer) -> ForwardLoops.run(activation, b, c, bytes, buffer));
    private static final Lately<Activation, Elements.StepLoop> BACKWARD = new Lately<>(
            activation -> (a, b, c, bytes, buffer) -> BackwardLoops.run(activation, a, b, c, bytes, buffer));

    private ActivationRows() {}

    /** {@code x = f(x)} for the n floats at an address. */
    public static void forward(Activation activation, long x, int n, long spare) {
        Elements.run(forward(activation), x, x, x, n, spare);
    }

    /** The loop {@code c = f(b)} over whole vectors, for callers with many short rows ({@link Elements}). */
    public static Elements.StepLoop forward(Activation activation) {
        return FORWARD.get(activation);
    }

    /** The loop {@code c = b · f'} over whole vectors, where a is what {@link ActivationKernels#backward} calls saved. */
    public static Elements.StepLoop backward(Activation activation) {
        return BACKWARD.get(activation);
    }

    /** {@code dy = dy · f'} for the n floats at an address; saved as in {@link ActivationKernels#backward}. */
    public static void backward(Activation activation, long saved, long dy, int n, long spare) {
        Elements.run(backward(activation), saved, dy, dy, n, spare);
    }
}
