package io.ketju.tensor.kernel;

import io.ketju.tensor.kernel.activation.ActivationKernels;
import io.ketju.tensor.kernel.activation.ScalarActivations;
import io.ketju.tensor.kernel.attention.AttentionKernels;
import io.ketju.tensor.kernel.attention.ScalarAttention;
import io.ketju.tensor.kernel.convolution.ConvolutionKernels;
import io.ketju.tensor.kernel.convolution.ScalarConvolution;
import io.ketju.tensor.kernel.dropout.DropoutKernels;
import io.ketju.tensor.kernel.dropout.ScalarDropout;
import io.ketju.tensor.kernel.elementwise.ElementwiseKernels;
import io.ketju.tensor.kernel.elementwise.ScalarElementwise;
import io.ketju.tensor.kernel.indexing.IndexingKernels;
import io.ketju.tensor.kernel.indexing.ScalarIndexing;
import io.ketju.tensor.kernel.loss.LossKernels;
import io.ketju.tensor.kernel.loss.ScalarLoss;
import io.ketju.tensor.kernel.matrix.MatrixKernels;
import io.ketju.tensor.kernel.matrix.ScalarMatrix;
import io.ketju.tensor.kernel.normalization.NormalizationKernels;
import io.ketju.tensor.kernel.normalization.ScalarNormalization;
import io.ketju.tensor.kernel.pooling.PoolingKernels;
import io.ketju.tensor.kernel.pooling.ScalarPooling;
import io.ketju.tensor.kernel.recurrent.RecurrentKernels;
import io.ketju.tensor.kernel.recurrent.ScalarRecurrent;
import io.ketju.tensor.kernel.reduction.ReductionKernels;
import io.ketju.tensor.kernel.reduction.ScalarReduction;
import io.ketju.tensor.kernel.softmax.ScalarSoftmax;
import io.ketju.tensor.kernel.softmax.SoftmaxKernels;
import io.ketju.tensor.kernel.sparse.ScalarSparse;
import io.ketju.tensor.kernel.sparse.SparseKernels;
import io.ketju.tensor.kernel.update.ScalarUpdates;
import io.ketju.tensor.kernel.update.UpdateKernels;

/** Plain loops on the calling thread: the reference for every other implementation, and the fallback without SIMD. */
public final class ScalarKernels implements Kernels {
    private final MatrixKernels matrix = new ScalarMatrix();
    private final ConvolutionKernels convolution = new ScalarConvolution();
    private final PoolingKernels pooling = new ScalarPooling();
    private final ActivationKernels activation = new ScalarActivations();
    private final ElementwiseKernels elementwise = new ScalarElementwise();
    private final ReductionKernels reduction = new ScalarReduction();
    private final DropoutKernels dropout = new ScalarDropout();
    private final SoftmaxKernels softmax = new ScalarSoftmax();
    private final NormalizationKernels normalization = new ScalarNormalization();
    private final RecurrentKernels recurrent = new ScalarRecurrent();
    private final AttentionKernels attention = new ScalarAttention();
    private final LossKernels loss = new ScalarLoss();
    private final IndexingKernels indexing = new ScalarIndexing();
    private final SparseKernels sparse = new ScalarSparse();
    private final UpdateKernels update = new ScalarUpdates();

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
