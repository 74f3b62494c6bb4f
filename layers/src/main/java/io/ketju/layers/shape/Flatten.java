package io.ketju.layers.shape;

import io.ketju.layers.Footprint;
import io.ketju.layers.Layer;
import io.ketju.layers.OneToOne;
import io.ketju.layers.Pass;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;

/**
 * A sample of any shape as one row, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.Flatten.html">torch.nn.Flatten</a>. A view: nothing is
 * copied, forward or backward.
 */
public record Flatten() implements OneToOne {
    public static final Entry<Layer> ENTRY = Description.of("Flatten", "A sample of any shape as one row; a view")
            .shapes("[samples, ...] to [samples, elements of a sample]")
            .source("torch.nn.Flatten")
            .always(new Flatten());


    @Override
    public Spec spec() {
        return Spec.of("Flatten");
    }

    @Override
    public TensorType output(TensorType input) {
        Shape shape = input.shape();
        if (shape.rank() == 0) {
            throw new IllegalArgumentException("expected input [samples, ...], found " + shape);
        }
        return input.withShape(Shape.of(shape.dimension(0), shape.sample().elements()));
    }

    @Override
    public Footprint footprint(TensorType input) {
        return Footprint.VIEW;
    }

    @Override
    public long forwardFlops(TensorType input) {
        return 0;
    }

    @Override
    public void forward(Pass pass) {
        throw new UnsupportedOperationException("a view has nothing to compute");
    }

    @Override
    public void backwardInput(Pass pass) {
        throw new UnsupportedOperationException("a view has nothing to compute");
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
