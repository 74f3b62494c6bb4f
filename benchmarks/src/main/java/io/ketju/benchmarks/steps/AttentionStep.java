package io.ketju.benchmarks.steps;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.attention.Attention;
import io.ketju.tensor.kernel.attention.AttentionKernels;
import io.ketju.tensor.kernel.indexing.IndexingKernels;

/** Causal attention of many heads between the products: from rows of q, k and v, [batch, length, 3, heads, width]. */
final class AttentionStep implements Step {
    private static final int[] TO_HEADS = {2, 0, 3, 1, 4};
    private static final int[] FROM_HEADS = {1, 3, 0, 2, 4};
    private static final int[] HEADS_AND_LENGTH = {0, 2, 1, 3};

    private final AttentionKernels attention;
    private final IndexingKernels indexing;
    private final Attention shape;
    private final Tensor rows;
    private final Tensor rowGradients;
    private final Tensor heads;
    private final Tensor headGradients;
    private final Attention.Operands inputs;
    private final Attention.Operands gradients;
    private final Attention.Result result;
    private final Tensor dy;
    private final Value y;
    private final Tensor yRows;
    private final Tensor yGradientRows;

    AttentionStep(Kit kit, Value qkv, Attention.Sizes sizes) {
        attention = kit.kernels().attention();
        indexing = kit.kernels().indexing();
        shape = Attention.of(sizes).causal();
        int batch = sizes.batch();
        int length = sizes.queries();
        Shape byRow = Shape.of(batch, length, 3, sizes.heads(), sizes.width());
        rows = qkv.tensor().view(byRow);
        rowGradients = qkv.gradient().view(byRow);
        heads = kit.floats(3, batch, sizes.heads(), length, sizes.width());
        headGradients = kit.floats(heads.shape().toArray());
        inputs = operands(heads);
        gradients = operands(headGradients);
        int[] perQuery = sizes.queryShape().toArray();
        result = new Attention.Result(
                kit.floats(perQuery), kit.floats(sizes.rowShape().toArray()));
        dy = kit.floats(perQuery);
        y = kit.value(batch * length, sizes.heads() * sizes.width());
        Shape yByRow = Shape.of(batch, length, sizes.heads(), sizes.width());
        yRows = y.tensor().view(yByRow);
        yGradientRows = y.gradient().view(yByRow);
    }

    private static Attention.Operands operands(Tensor three) {
        Shape one = three.shape().sample();
        return new Attention.Operands(
                three.samples(0, 1).view(one),
                three.samples(1, 1).view(one),
                three.samples(2, 1).view(one));
    }

    @Override
    public void forward() {
        indexing.permute(rows, heads, TO_HEADS);
        attention.forward(shape, inputs, result);
        indexing.permute(result.y(), yRows, HEADS_AND_LENGTH);
    }

    @Override
    public void backward() {
        indexing.permute(yGradientRows, dy, HEADS_AND_LENGTH);
        attention.backward(shape, inputs, result, dy, gradients);
        indexing.permute(headGradients, rowGradients, FROM_HEADS);
    }

    @Override
    public Value y() {
        return y;
    }

    /** Two products forward, five backward, half of each under the mask. */
    @Override
    public double flops() {
        return 7.0 * dy.elements() * shape.sizes().keys();
    }
}
