package io.ketju.layers;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorArena;

/** A function of every element whose derivative follows from its value, so that only the output is kept. */
interface Activation extends Layer {
    int OUTPUT = 0;

    /** {@code y = f(x)}. */
    void apply(Kernels kernels, Tensor x, Tensor y);

    /** {@code dx = dy · f'(x)}, from {@code y = f(x)}. */
    void applyGradient(Kernels kernels, Tensor y, Tensor dy, Tensor dx);

    /** Floating-point operations per element. */
    int flops();

    @Override
    default Shape outputShape(Shape input) {
        return input;
    }

    @Override
    default long forwardFlops(Shape input) {
        return (long) input.elements() * flops();
    }

    /** The output and the gradient of the input: other layers may still need what they would overwrite in place. */
    @Override
    default long slotBytes(Shape input, int samples) {
        return 2 * TensorArena.bytesFor(input.batched(samples));
    }

    @Override
    default Tensor forward(Tensor input, Saved saved) {
        Tensor output = saved.allocate(input.shape());
        apply(saved.kernels(), input, output);
        saved.keep(OUTPUT, output);
        return output;
    }

    @Override
    default Tensor backwardInput(Tensor gradOutput, Saved saved) {
        Tensor gradInput = saved.allocate(gradOutput.shape());
        applyGradient(saved.kernels(), saved.kept(OUTPUT), gradOutput, gradInput);
        return gradInput;
    }
}
