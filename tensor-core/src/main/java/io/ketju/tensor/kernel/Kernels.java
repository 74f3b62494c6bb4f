package io.ketju.tensor.kernel;

import io.ketju.tensor.kernel.activation.ActivationKernels;
import io.ketju.tensor.kernel.attention.AttentionKernels;
import io.ketju.tensor.kernel.convolution.ConvolutionKernels;
import io.ketju.tensor.kernel.dropout.DropoutKernels;
import io.ketju.tensor.kernel.elementwise.ElementwiseKernels;
import io.ketju.tensor.kernel.indexing.IndexingKernels;
import io.ketju.tensor.kernel.loss.LossKernels;
import io.ketju.tensor.kernel.matrix.MatrixKernels;
import io.ketju.tensor.kernel.normalization.NormalizationKernels;
import io.ketju.tensor.kernel.pooling.PoolingKernels;
import io.ketju.tensor.kernel.recurrent.RecurrentKernels;
import io.ketju.tensor.kernel.reduction.ReductionKernels;
import io.ketju.tensor.kernel.softmax.SoftmaxKernels;
import io.ketju.tensor.kernel.sparse.SparseKernels;
import io.ketju.tensor.kernel.update.UpdateKernels;

/**
 * All kernels of one implementation (scalar or vector) on one {@code TensorCore}, by family. Inputs and outputs never
 * overlap unless a method says so. Each method says whether it overwrites or adds.
 */
public interface Kernels {
    MatrixKernels matrix();

    ConvolutionKernels convolution();

    PoolingKernels pooling();

    ActivationKernels activation();

    ElementwiseKernels elementwise();

    ReductionKernels reduction();

    DropoutKernels dropout();

    SoftmaxKernels softmax();

    NormalizationKernels normalization();

    RecurrentKernels recurrent();

    AttentionKernels attention();

    LossKernels loss();

    IndexingKernels indexing();

    SparseKernels sparse();

    UpdateKernels update();
}
