package io.ketju.tensor.kernel;

import io.ketju.tensor.kernel.activation.ActivationKernels;
import io.ketju.tensor.kernel.activation.ScalarActivations;
import io.ketju.tensor.kernel.activation.VectorActivations;
import io.ketju.tensor.kernel.attention.AttentionKernels;
import io.ketju.tensor.kernel.attention.ScalarAttention;
import io.ketju.tensor.kernel.attention.VectorAttention;
import io.ketju.tensor.kernel.convolution.ConvolutionKernels;
import io.ketju.tensor.kernel.convolution.ScalarConvolution;
import io.ketju.tensor.kernel.convolution.VectorConvolution;
import io.ketju.tensor.kernel.dropout.DropoutKernels;
import io.ketju.tensor.kernel.dropout.ScalarDropout;
import io.ketju.tensor.kernel.dropout.VectorDropout;
import io.ketju.tensor.kernel.elementwise.ElementwiseKernels;
import io.ketju.tensor.kernel.elementwise.ScalarElementwise;
import io.ketju.tensor.kernel.elementwise.VectorElementwise;
import io.ketju.tensor.kernel.indexing.IndexingKernels;
import io.ketju.tensor.kernel.indexing.ScalarIndexing;
import io.ketju.tensor.kernel.indexing.VectorIndexing;
import io.ketju.tensor.kernel.loss.LossKernels;
import io.ketju.tensor.kernel.loss.ScalarLoss;
import io.ketju.tensor.kernel.loss.VectorLoss;
import io.ketju.tensor.kernel.matrix.MatrixKernels;
import io.ketju.tensor.kernel.matrix.ScalarMatrix;
import io.ketju.tensor.kernel.matrix.VectorMatrix;
import io.ketju.tensor.kernel.normalization.NormalizationKernels;
import io.ketju.tensor.kernel.normalization.ScalarNormalization;
import io.ketju.tensor.kernel.normalization.VectorNormalization;
import io.ketju.tensor.kernel.pooling.PoolingKernels;
import io.ketju.tensor.kernel.pooling.ScalarPooling;
import io.ketju.tensor.kernel.pooling.VectorPooling;
import io.ketju.tensor.kernel.recurrent.RecurrentKernels;
import io.ketju.tensor.kernel.recurrent.ScalarRecurrent;
import io.ketju.tensor.kernel.recurrent.VectorRecurrent;
import io.ketju.tensor.kernel.reduction.ReductionKernels;
import io.ketju.tensor.kernel.reduction.ScalarReduction;
import io.ketju.tensor.kernel.reduction.VectorReduction;
import io.ketju.tensor.kernel.resampling.ResamplingKernels;
import io.ketju.tensor.kernel.resampling.ScalarResampling;
import io.ketju.tensor.kernel.resampling.VectorResampling;
import io.ketju.tensor.kernel.softmax.ScalarSoftmax;
import io.ketju.tensor.kernel.softmax.SoftmaxKernels;
import io.ketju.tensor.kernel.softmax.VectorSoftmax;
import io.ketju.tensor.kernel.sparse.ScalarSparse;
import io.ketju.tensor.kernel.sparse.SparseKernels;
import io.ketju.tensor.kernel.sparse.VectorSparse;
import io.ketju.tensor.kernel.update.ScalarUpdates;
import io.ketju.tensor.kernel.update.UpdateKernels;
import io.ketju.tensor.kernel.update.VectorUpdates;
import io.ketju.tensor.kernel.vocabulary.ScalarVocabulary;
import io.ketju.tensor.kernel.vocabulary.VectorVocabulary;
import io.ketju.tensor.kernel.vocabulary.VocabularyKernels;
import io.ketju.tensor.simd.TileRunner;

/**
 * All kernels of one implementation (scalar or vector), by family. Inputs and outputs never overlap unless a method says
 * so. Each method says whether it overwrites or adds. A new family is one line in each of the three lists below.
 *
 * @param matrix products of matrices
 * @param convolution convolutions and transposed ones, of images and sequences
 * @param pooling maxima and averages over windows and bins
 * @param resampling planes of other sizes: interpolation and padding
 * @param activation activation functions, PReLU among them
 * @param elementwise arithmetic on elements, and values added along rows or columns
 * @param reduction sums, extremes, variances and norms over all elements, rows or columns
 * @param dropout dropout, and uniform noise, from counter-based random numbers
 * @param softmax softmax and its logarithm along rows
 * @param normalization batch, layer, group and RMS normalization
 * @param recurrent one time step of recurrent cells
 * @param attention scaled dot-product attention
 * @param loss losses with their gradients
 * @param indexing elements moved by index: embeddings, gathering, permutations, slices
 * @param sparse products of a sparse matrix and a dense one
 * @param vocabulary rows of a large table that are chosen for each sample, and scored
 * @param update steps of the optimizers
 */
public record Kernels(
        MatrixKernels matrix,
        ConvolutionKernels convolution,
        PoolingKernels pooling,
        ResamplingKernels resampling,
        ActivationKernels activation,
        ElementwiseKernels elementwise,
        ReductionKernels reduction,
        DropoutKernels dropout,
        SoftmaxKernels softmax,
        NormalizationKernels normalization,
        RecurrentKernels recurrent,
        AttentionKernels attention,
        LossKernels loss,
        IndexingKernels indexing,
        SparseKernels sparse,
        VocabularyKernels vocabulary,
        UpdateKernels update) {

    /** {@return plain loops on the calling thread: the reference for every other implementation, and the fallback without SIMD} */
    public static Kernels scalar() {
        return new Kernels(
                new ScalarMatrix(),
                new ScalarConvolution(),
                new ScalarPooling(),
                new ScalarResampling(),
                new ScalarActivations(),
                new ScalarElementwise(),
                new ScalarReduction(),
                new ScalarDropout(),
                new ScalarSoftmax(),
                new ScalarNormalization(),
                new ScalarRecurrent(),
                new ScalarAttention(),
                new ScalarLoss(),
                new ScalarIndexing(),
                new ScalarSparse(),
                new ScalarVocabulary(),
                new ScalarUpdates());
    }

    /**
     * {@return SIMD kernels} They need the module {@code jdk.incubator.vector}.
     *
     * @param tiles the pool that their tiles run on, which must be open as long as they are used
     */
    public static Kernels vector(TileRunner tiles) {
        return new Kernels(
                new VectorMatrix(tiles),
                new VectorConvolution(tiles),
                new VectorPooling(tiles),
                new VectorResampling(tiles),
                new VectorActivations(tiles),
                new VectorElementwise(tiles),
                new VectorReduction(tiles),
                new VectorDropout(tiles),
                new VectorSoftmax(tiles),
                new VectorNormalization(tiles),
                new VectorRecurrent(tiles),
                new VectorAttention(tiles),
                new VectorLoss(tiles),
                new VectorIndexing(tiles),
                new VectorSparse(tiles),
                new VectorVocabulary(tiles),
                new VectorUpdates(tiles));
    }
}
