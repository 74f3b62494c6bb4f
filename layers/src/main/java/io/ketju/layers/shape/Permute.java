package io.ketju.layers.shape;

import io.ketju.layers.Axis;
import io.ketju.layers.Footprint;
import io.ketju.layers.Layer;
import io.ketju.layers.OneToOne;
import io.ketju.layers.Pass;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The dimensions in another order, as torch.permute; the first, which counts samples, stays.
 *
 * @param dims dimension of the input that each of the output is, beginning with 0
 */
public record Permute(List<Integer> dims) implements OneToOne {
    public static final Entry<Layer> ENTRY = Description.of("Permute", "The dimensions in another order")
            .required(
                    "dims", "a tuple: which dimension of the input each of the output is; the first is 0, the samples")
            .formula("y[i[dims[0]], i[dims[1]], ...] = x[i[0], i[1], ...]")
            .shapes("[samples, ...] to [samples, ...]")
            .source("torch.permute")
            .readBy(arguments -> new Permute(arguments.integers("dims")));

    /**
     * Two dimensions change places; neither is that of the samples.
     *
     * @param dim0 one of them; from the end where it is negative
     * @param dim1 the other; from the end where it is negative
     */
    public record Transpose(int dim0, int dim1) implements OneToOne {
        public static final Entry<Layer> ENTRY = Description.of("Transpose", "Two dimensions change places")
                .required("dim0", "one of them, not the first; from the end where it is negative")
                .required("dim1", "the other")
                .shapes("[..., n, ..., m, ...] to [..., m, ..., n, ...]")
                .source("torch.transpose")
                .readBy(arguments -> new Transpose(arguments.integer("dim0"), arguments.integer("dim1")));

        @Override
        public Spec spec() {
            return Spec.of("Transpose", dim0, dim1);
        }

        private Permute permute(Shape shape) {
            int a = Axis.index(shape, dim0);
            int b = Axis.index(shape, dim1);
            return new Permute(IntStream.range(0, shape.rank())
                    .map(i -> i == a ? b : i == b ? a : i)
                    .boxed()
                    .toList());
        }

        @Override
        public TensorType output(TensorType input) {
            return permute(input.shape()).output(input);
        }

        @Override
        public Footprint footprint(TensorType input) {
            return Footprint.NOTHING;
        }

        @Override
        public long forwardFlops(TensorType input) {
            return input.shape().elements();
        }

        @Override
        public void forward(Pass pass) {
            permute(pass.input(0).shape()).forward(pass);
        }

        @Override
        public void backwardInput(Pass pass) {
            permute(pass.gradInput(0).shape()).backwardInput(pass);
        }

        @Override
        public String toString() {
            return spec().toString();
        }
    }

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException unless it is 0 and then every other dimension once
     */
    public Permute {
        dims = List.copyOf(dims);
        boolean legal = !dims.isEmpty() && dims.getFirst() == 0;
        for (int i = 0; i < dims.size(); i++) {
            legal &= dims.contains(i);
        }
        if (!legal) {
            throw new IllegalArgumentException("Permute: argument 'dims': expected 0, the samples, and then all other"
                    + " dimensions in any order, found " + dims);
        }
    }

    @Override
    public Spec spec() {
        return Spec.of("Permute", Reshape.text(dims));
    }

    @Override
    public TensorType output(TensorType input) {
        Shape shape = input.shape();
        if (shape.rank() != dims.size()) {
            throw new IllegalArgumentException("expected input of " + dims.size() + " dimensions, found " + shape);
        }
        return input.withShape(Shape.of(dims.stream().mapToInt(shape::dimension).toArray()));
    }

    @Override
    public Footprint footprint(TensorType input) {
        return Footprint.NOTHING;
    }

    /** Nothing is computed: one for each number that is copied, so that stages are balanced by it. */
    @Override
    public long forwardFlops(TensorType input) {
        return input.shape().elements();
    }

    @Override
    public void forward(Pass pass) {
        pass.kernels().indexing().permute(pass.input(0), pass.output(0), order());
    }

    @Override
    public void backwardInput(Pass pass) {
        int[] order = order();
        int[] back = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            back[order[i]] = i;
        }
        pass.kernels().indexing().permute(pass.gradOutput(0), pass.gradInput(0), back);
    }

    private int[] order() {
        return dims.stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
