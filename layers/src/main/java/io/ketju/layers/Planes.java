package io.ketju.layers;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.List;

/**
 * Sequences [samples, channels, length] seen as images [samples, channels, 1, length]: kernels and layers over images serve
 * both. What has four dimensions is left as it is.
 */
public final class Planes {
    private static final int RANK = 4;

    private Planes() {}

    /** A view of the same elements as images. */
    public static Tensor of(Tensor tensor) {
        return tensor.shape().rank() == RANK ? tensor : tensor.view(flat(tensor.shape()));
    }

    /** Sequences as images of height 1. */
    public static Shape flat(Shape shape) {
        return Shape.of(shape.dimension(0), shape.dimension(1), 1, shape.dimension(2));
    }

    private static Shape line(Shape shape) {
        return shape.rank() == RANK ? Shape.of(shape.dimension(0), shape.dimension(1), shape.dimension(3)) : shape;
    }

    /**
     * A layer over sequences that is one over images of height 1. The layer over images takes its tensors through {@link
     * Planes#of}, its parameters too, so that each pass is handed on as it is.
     */
    public interface OfSequences extends OneToOne {
        /** The layer over images. */
        OneToOne images();

        /** Channels of the input. */
        int channels();

        private TensorType raised(TensorType input) {
            Shape shape = input.shape();
            if (shape.rank() != RANK - 1 || shape.dimension(1) != channels()) {
                throw new IllegalArgumentException(
                        "expected input [samples, " + channels() + ", length], found " + shape);
            }
            return input.withShape(flat(shape));
        }

        @Override
        default List<Parameter> parameters() {
            return images().parameters().stream()
                    .map(parameter -> new Parameter(
                            parameter.name(), line(parameter.shape()), parameter.initializer(), parameter.role()))
                    .toList();
        }

        @Override
        default TensorType output(TensorType input) {
            TensorType output = images().output(raised(input));
            return output.withShape(line(output.shape()));
        }

        @Override
        default Footprint footprint(TensorType input) {
            return images().footprint(raised(input));
        }

        @Override
        default long forwardFlops(TensorType input) {
            return images().forwardFlops(raised(input));
        }

        @Override
        default void forward(Pass pass) {
            images().forward(pass);
        }

        @Override
        default void backwardInput(Pass pass) {
            images().backwardInput(pass);
        }

        @Override
        default void backwardWeight(Pass pass) {
            images().backwardWeight(pass);
        }
    }
}
