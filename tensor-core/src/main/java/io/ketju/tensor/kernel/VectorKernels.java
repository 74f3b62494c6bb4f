package io.ketju.tensor.kernel;

import io.ketju.tensor.kernel.activation.ActivationKernels;
import io.ketju.tensor.kernel.activation.VectorActivations;
import io.ketju.tensor.kernel.attention.AttentionKernels;
import io.ketju.tensor.kernel.attention.VectorAttention;
import io.ketju.tensor.kernel.convolution.ConvolutionKernels;
import io.ketju.tensor.kernel.convolution.VectorConvolution;
import io.ketju.tensor.kernel.dropout.DropoutKernels;
import io.ketju.tensor.kernel.dropout.VectorDropout;
import io.ketju.tensor.kernel.elementwise.ElementwiseKernels;
import io.ketju.tensor.kernel.elementwise.VectorElementwise;
import io.ketju.tensor.kernel.indexing.IndexingKernels;
import io.ketju.tensor.kernel.indexing.VectorIndexing;
import io.ketju.tensor.kernel.loss.LossKernels;
import io.ketju.tensor.kernel.loss.VectorLoss;
import io.ketju.tensor.kernel.matrix.MatrixKernels;
import io.ketju.tensor.kernel.matrix.VectorMatrix;
import io.ketju.tensor.kernel.normalization.NormalizationKernels;
import io.ketju.tensor.kernel.normalization.VectorNormalization;
import io.ketju.tensor.kernel.pooling.PoolingKernels;
import io.ketju.tensor.kernel.pooling.VectorPooling;
import io.ketju.tensor.kernel.recurrent.RecurrentKernels;
import io.ketju.tensor.kernel.recurrent.VectorRecurrent;
import io.ketju.tensor.kernel.reduction.ReductionKernels;
import io.ketju.tensor.kernel.reduction.VectorReduction;
import io.ketju.tensor.kernel.softmax.SoftmaxKernels;
import io.ketju.tensor.kernel.softmax.VectorSoftmax;
import io.ketju.tensor.kernel.sparse.SparseKernels;
import io.ketju.tensor.kernel.sparse.VectorSparse;
import io.ketju.tensor.kernel.update.UpdateKernels;
import io.ketju.tensor.kernel.update.VectorUpdates;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.VectorWidth;

/** SIMD kernels that run their tiles on a worker pool. Needs the module jdk.incubator.vector. */
public final class VectorKernels implements Kernels {
    private final MatrixKernels matrix;
    private final ConvolutionKernels convolution;
    private final PoolingKernels pooling;
    private final ActivationKernels activation;
    private final ElementwiseKernels elementwise;
    private final ReductionKernels reduction;
    private final DropoutKernels dropout;
    private final SoftmaxKernels softmax;
    private final NormalizationKernels normalization;
    private final RecurrentKernels recurrent;
    private final AttentionKernels attention;
    private final LossKernels loss;
    private final IndexingKernels indexing;
    private final SparseKernels sparse;
    private final UpdateKernels update;

    /** The kernels whose tiles run on the given pool, which must be open as long as they are used. */
    public VectorKernels(TileRunner tiles) {
        matrix = new VectorMatrix(tiles);
        convolution = new VectorConvolution(tiles);
        pooling = new VectorPooling(tiles);
        activation = new VectorActivations(tiles);
        elementwise = new VectorElementwise(tiles);
        reduction = new VectorReduction(tiles);
        dropout = new VectorDropout(tiles);
        softmax = new VectorSoftmax(tiles);
        normalization = new VectorNormalization(tiles);
        recurrent = new VectorRecurrent(tiles);
        attention = new VectorAttention(tiles);
        loss = new VectorLoss(tiles);
        indexing = new VectorIndexing(tiles);
        sparse = new VectorSparse(tiles);
        update = new VectorUpdates(tiles);
    }

    /** Bits of the registers in use. */
    public static int bits() {
        return VectorWidth.BITS;
    }

    @Override
    public MatrixKernels matrix() {
        return matrix;
    }

    @Override
    public ConvolutionKernels convolution() {
        return convolution;
    }

    @Override
    public PoolingKernels pooling() {
        return pooling;
    }

    @Override
    public ActivationKernels activation() {
        return activation;
    }

    @Override
    public ElementwiseKernels elementwise() {
        return elementwise;
    }

    @Override
    public ReductionKernels reduction() {
        return reduction;
    }

    @Override
    public DropoutKernels dropout() {
        return dropout;
    }

    @Override
    public SoftmaxKernels softmax() {
        return softmax;
    }

    @Override
    public NormalizationKernels normalization() {
        return normalization;
    }

    @Override
    public RecurrentKernels recurrent() {
        return recurrent;
    }

    @Override
    public AttentionKernels attention() {
        return attention;
    }

    @Override
    public LossKernels loss() {
        return loss;
    }

    @Override
    public IndexingKernels indexing() {
        return indexing;
    }

    @Override
    public SparseKernels sparse() {
        return sparse;
    }

    @Override
    public UpdateKernels update() {
        return update;
    }
}
