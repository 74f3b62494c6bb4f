package io.ketju.layers.activation;

import io.ketju.layers.Footprint;
import io.ketju.layers.Layer;
import io.ketju.layers.OneToOne;
import io.ketju.layers.Pass;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.indexing.GatherShape;

/**
 * The largest of every few neighbours in the last dimension (Goodfellow et al. 2013): behind a linear map, the maximum of so many
 * maps. [..., n·pieces] to [..., n]; the gradient goes to the first of equal maxima.
 *
 * @param pieces how many neighbours
 */
public record Maxout(int pieces) implements OneToOne {
    public static final Entry<Layer> ENTRY = Description.of("Maxout", "The largest of every few neighbours")
            .required("num_pieces", "how many neighbours in the last dimension give one number")
            .formula("y[i] = max of x[i · num_pieces] to x[i · num_pieces + num_pieces - 1]")
            .shapes("[..., n·num_pieces] to [..., n]")
            .source("Goodfellow et al. 2013")
            .readBy(arguments -> new Maxout(arguments.integer("num_pieces")));

    private static final int ARGMAX = 0;

    /**
     * Checks the number of neighbours.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public Maxout {
        Arguments.requirePositive("Maxout", "num_pieces", pieces);
    }

    @Override
    public Spec spec() {
        return Spec.of("Maxout", pieces);
    }

    @Override
    public TensorType output(TensorType input) {
        Shape shape = input.shape();
        if (shape.rank() < 2 || shape.dimension(-1) % pieces != 0) {
            throw new IllegalArgumentException(
                    "expected input [samples, ..., a multiple of " + pieces + "], found " + shape);
        }
        int[] dimensions = shape.toArray();
        dimensions[dimensions.length - 1] /= pieces;
        return input.withShape(Shape.of(dimensions));
    }

    /** Which of the neighbours was the largest. */
    @Override
    public Footprint footprint(TensorType input) {
        return Footprint.NOTHING.keeping(
                new TensorType(DType.INT32, output(input).shape()));
    }

    @Override
    public long forwardFlops(TensorType input) {
        return input.shape().elements();
    }

    @Override
    public void forward(Pass pass) {
        Tensor rows = pass.input(0).view(Shape.of(pass.output(0).elements(), pieces));
        pass.kernels().indexing().argmax(rows, pass.kept(ARGMAX));
        pass.kernels().indexing().gather(shape(pass.output(0)), rows, pass.kept(ARGMAX), pass.output(0));
    }

    @Override
    public void backwardInput(Pass pass) {
        pass.gradInput(0).clear();
        pass.kernels()
                .indexing()
                .scatterAdd(shape(pass.gradOutput(0)), pass.gradOutput(0), pass.kept(ARGMAX), pass.gradInput(0));
    }

    private GatherShape shape(Tensor output) {
        return new GatherShape(output.elements(), pieces, 1, 1);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
