package io.ketju.layers.arithmetic;

import io.ketju.layers.Footprint;
import io.ketju.layers.Inputs;
import io.ketju.layers.Layer;
import io.ketju.layers.Pass;
import io.ketju.layers.Port;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.matrix.GemmShape;
import io.ketju.tensor.kernel.matrix.MatrixBatch;
import io.ketju.tensor.kernel.matrix.MatrixKernels;
import io.ketju.tensor.kernel.matrix.MatrixView;
import java.util.List;

/** The product of the matrices of each sample, as torch.bmm: [samples, m, k] and [samples, k, n] to [samples, m, n]. */
public record MatMul() implements Layer {
    public static final Entry<Layer> ENTRY = Description.of("MatMul", "The product of the matrices of each sample")
            .formula("y = a · b")
            .shapes("a [samples, ..., m, k] and b [samples, ..., k, n], to [samples, ..., m, n]")
            .source("torch.matmul")
            .always(new MatMul());

    private static final int A = 0;
    private static final int B = 1;

    @Override
    public Spec spec() {
        return Spec.of("MatMul");
    }

    @Override
    public List<TensorType> outputs(List<TensorType> inputs) {
        Inputs.require(inputs, 2);
        Inputs.requireFloats(inputs, A);
        Inputs.requireFloats(inputs, B);
        Shape a = inputs.get(A).shape();
        Shape b = inputs.get(B).shape();
        boolean fits = a.rank() > 2 && a.rank() == b.rank() && a.dimension(-1) == b.dimension(-2);
        for (int d = 0; fits && d < a.rank() - 2; d++) {
            fits = a.dimension(d) == b.dimension(d);
        }
        if (!fits) {
            throw new IllegalArgumentException(
                    "expected inputs [samples, ..., m, k] and [samples, ..., k, n], found " + a + " and " + b);
        }
        int[] dimensions = a.toArray();
        dimensions[dimensions.length - 1] = b.dimension(-1);
        return List.of(TensorType.floats(Shape.of(dimensions)));
    }

    /** The gradient of each reads the other. */
    @Override
    public Footprint footprint(List<TensorType> inputs) {
        return Footprint.NOTHING.inputGradientReading(Port.input(A), Port.input(B));
    }

    @Override
    public long forwardFlops(List<TensorType> inputs) {
        return 2L
                * outputs(inputs).getFirst().shape().elements()
                * inputs.get(A).shape().dimension(-1);
    }

    @Override
    public void forward(Pass pass) {
        Tensor a = pass.input(A);
        Tensor y = pass.output(0);
        GemmShape product = GemmShape.nn(rows(y), columns(y), columns(a));
        pass.kernels().matrix().gemmBatched(product, batch(a), batch(pass.input(B)), batch(y), false);
    }

    /** {@code da = dy · bᵀ} and {@code db = aᵀ · dy}. */
    @Override
    public void backwardInput(Pass pass) {
        MatrixKernels matrix = pass.kernels().matrix();
        Tensor a = pass.input(A);
        Tensor dy = pass.gradOutput(0);
        if (pass.wantsGradient(A)) {
            GemmShape product = GemmShape.nt(rows(a), columns(a), columns(dy));
            matrix.gemmBatched(product, batch(dy), batch(pass.input(B)), batch(pass.gradInput(A)), false);
        }
        if (pass.wantsGradient(B)) {
            GemmShape product = GemmShape.tn(columns(a), columns(dy), rows(a));
            matrix.gemmBatched(product, batch(a), batch(dy), batch(pass.gradInput(B)), false);
        }
    }

    private static int rows(Tensor tensor) {
        return tensor.shape().dimension(-2);
    }

    private static int columns(Tensor tensor) {
        return tensor.shape().dimension(-1);
    }

    private static MatrixBatch batch(Tensor tensor) {
        int one = rows(tensor) * columns(tensor);
        int count = one == 0 ? 0 : tensor.elements() / one;
        return MatrixBatch.strided(MatrixView.of(tensor, columns(tensor)), count, one);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
