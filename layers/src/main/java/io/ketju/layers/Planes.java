package io.ketju.layers;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.List;

/**
 * What layers over planes go over: images, or sequences, which kernels see as images of height 1. So kernels and layers over
 * images serve both.
 */
public enum Planes {
    /** Sequences [samples, channels, length]. */
    SEQUENCES(3, "sequences", "[samples, channels, length]"),
    /** Images [samples, channels, height, width]. */
    IMAGES(4, "images", "[samples, channels, height, width]");

    private final int rank;
    private final String things;
    private final String dimensions;

    Planes(int rank, String things, String dimensions) {
        this.rank = rank;
        this.things = things;
        this.dimensions = dimensions;
    }

    /**
     * A view of the same elements as images.
     *
     * @param tensor of rank 3 or 4
     * @return the tensor itself if it has four dimensions, else a view of it with height 1
     */
    public static Tensor of(Tensor tensor) {
        return tensor.shape().rank() == IMAGES.rank ? tensor : tensor.view(flat(tensor.shape()));
    }

    /**
     * Sequences as images of height 1.
     *
     * @param shape [samples, channels, length]
     * @return [samples, channels, 1, length]
     */
    public static Shape flat(Shape shape) {
        return Shape.of(shape.dimension(0), shape.dimension(1), 1, shape.dimension(2));
    }

    private static Shape line(Shape shape) {
        return shape.rank() == IMAGES.rank
                ? Shape.of(shape.dimension(0), shape.dimension(1), shape.dimension(3))
                : shape;
    }

    /** {@return dimensions of a plane: 1 or 2, as PyTorch names layers} */
    public int sides() {
        return rank - 2;
    }

    /** {@return what errors call them, in the plural} */
    public String things() {
        return things;
    }

    /**
     * Rows of each plane.
     *
     * @param input shape of these
     * @return its height; 1 for sequences
     */
    public int height(Shape input) {
        return this == IMAGES ? input.dimension(2) : 1;
    }

    /**
     * Columns of each plane.
     *
     * @param input shape of these
     * @return its innermost dimension
     */
    public int width(Shape input) {
        return input.dimension(input.rank() - 1);
    }

    /**
     * Planes of another size, as many as the input has.
     *
     * @param input shape of these, whose samples and channels are taken
     * @param rows of each plane; without meaning for sequences
     * @param columns of each plane
     * @return float32 [samples, channels, rows, columns], or [samples, channels, columns] for sequences
     */
    public TensorType sized(Shape input, int rows, int columns) {
        int samples = input.dimension(0);
        int channels = input.dimension(1);
        return this == IMAGES
                ? TensorType.floats(samples, channels, rows, columns)
                : TensorType.floats(samples, channels, columns);
    }

    /**
     * Asks for as many dimensions as these have.
     *
     * @param input shape of the input
     * @throws IllegalArgumentException if it has more or fewer
     */
    public void require(Shape input) {
        if (input.rank() != rank) {
            throw new IllegalArgumentException("expected input " + dimensions + ", found " + input);
        }
    }

    /**
     * Asks for as many dimensions as these have, and for elements in each plane.
     *
     * @param input shape of the input
     * @throws IllegalArgumentException if it has other dimensions or empty planes
     */
    public void requireElements(Shape input) {
        require(input);
        if (height(input) == 0 || width(input) == 0) {
            throw new IllegalArgumentException("expected " + things + " with elements, found " + input);
        }
    }

    /**
     * A layer over sequences that is one over images of height 1. The layer over images takes its tensors through {@link
     * Planes#of}, its parameters too, so that each pass is handed on as it is.
     */
    public interface OfSequences extends OneToOne {
        /** {@return the layer over images} */
        OneToOne images();

        /** {@return channels of the input} */
        int channels();

        private TensorType raised(TensorType input) {
            Shape shape = input.shape();
            if (shape.rank() != SEQUENCES.rank || shape.dimension(1) != channels()) {
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
