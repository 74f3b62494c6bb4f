package io.ketju.layers;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;

/**
 * A sample of any shape as one row, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.Flatten.html">torch.nn.Flatten</a>. A view: nothing is
 * copied, forward or backward.
 */
public record Flatten() implements Layer {
    private static final int INPUT = 0;

    static Flatten of(Spec spec) {
        return Arguments.none(spec, new Flatten());
    }

    @Override
    public Spec spec() {
        return Spec.of("Flatten");
    }

    @Override
    public Shape outputShape(Shape input) {
        return Shape.of(input.elements());
    }

    @Override
    public long forwardFlops(Shape input) {
        return 0;
    }

    @Override
    public long slotBytes(Shape input, int samples) {
        return 0;
    }

    @Override
    public Tensor forward(Tensor input, Saved saved) {
        saved.keep(INPUT, input);
        int samples = input.shape().dimension(0);
        return input.view(outputShape(input.shape().sample()).batched(samples));
    }

    @Override
    public Tensor backwardInput(Tensor gradOutput, Saved saved) {
        return gradOutput.view(saved.kept(INPUT).shape());
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
