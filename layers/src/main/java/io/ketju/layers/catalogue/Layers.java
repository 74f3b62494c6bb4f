package io.ketju.layers.catalogue;

import io.ketju.layers.Layer;
import io.ketju.layers.OwnLayers;
import io.ketju.layers.activation.Activations;
import io.ketju.layers.activation.GLU;
import io.ketju.layers.activation.Maxout;
import io.ketju.layers.activation.PReLU;
import io.ketju.layers.activation.RReLU;
import io.ketju.layers.activation.SoftmaxAlong;
import io.ketju.layers.arithmetic.Add;
import io.ketju.layers.arithmetic.Aggregate;
import io.ketju.layers.arithmetic.Arithmetic;
import io.ketju.layers.arithmetic.MatMul;
import io.ketju.layers.arithmetic.Scale;
import io.ketju.layers.attention.AdditiveScores;
import io.ketju.layers.attention.AttentionWeights;
import io.ketju.layers.attention.InProjection;
import io.ketju.layers.attention.ScaledDotProductAttention;
import io.ketju.layers.convolution.Conv1d;
import io.ketju.layers.convolution.Conv2d;
import io.ketju.layers.convolution.ConvTranspose1d;
import io.ketju.layers.convolution.ConvTranspose2d;
import io.ketju.layers.embedding.Embedding;
import io.ketju.layers.embedding.EmbeddingBag;
import io.ketju.layers.embedding.Positions;
import io.ketju.layers.embedding.RotaryPositionalEmbeddings;
import io.ketju.layers.embedding.SinusoidalPositions;
import io.ketju.layers.graph.GraphAttention;
import io.ketju.layers.graph.NeighborAggregation;
import io.ketju.layers.graph.NormalizedPropagation;
import io.ketju.layers.graph.SparseMatMul;
import io.ketju.layers.linear.Bias;
import io.ketju.layers.linear.Bilinear;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.normalization.BatchNorm1d;
import io.ketju.layers.normalization.BatchNorm2d;
import io.ketju.layers.normalization.GroupNorm;
import io.ketju.layers.normalization.InstanceNorm;
import io.ketju.layers.normalization.LayerNorm;
import io.ketju.layers.normalization.LocalResponseNorm;
import io.ketju.layers.normalization.RMSNorm;
import io.ketju.layers.padding.Padding;
import io.ketju.layers.pooling.AdaptiveAvgPool1d;
import io.ketju.layers.pooling.AdaptiveAvgPool2d;
import io.ketju.layers.pooling.AdaptiveMaxPool1d;
import io.ketju.layers.pooling.AdaptiveMaxPool2d;
import io.ketju.layers.pooling.AvgPool1d;
import io.ketju.layers.pooling.AvgPool2d;
import io.ketju.layers.pooling.LPPool;
import io.ketju.layers.pooling.MaxPool1d;
import io.ketju.layers.pooling.MaxPool2d;
import io.ketju.layers.recurrent.AttentionDecoder;
import io.ketju.layers.recurrent.GRU;
import io.ketju.layers.recurrent.LSTM;
import io.ketju.layers.recurrent.RNN;
import io.ketju.layers.recurrent.StepCell;
import io.ketju.layers.regularization.AlphaDropout;
import io.ketju.layers.regularization.ChannelDropout;
import io.ketju.layers.regularization.Dropout;
import io.ketju.layers.regularization.StochasticDepth;
import io.ketju.layers.shape.Chunk;
import io.ketju.layers.shape.Concat;
import io.ketju.layers.shape.Flatten;
import io.ketju.layers.shape.Identity;
import io.ketju.layers.shape.Narrow;
import io.ketju.layers.shape.Permute;
import io.ketju.layers.shape.Reshape;
import io.ketju.layers.shape.Slice;
import io.ketju.layers.shape.Split;
import io.ketju.layers.shape.Unflatten;
import io.ketju.layers.spec.OwnEntries;
import io.ketju.layers.spec.Registry;
import io.ketju.layers.vision.PixelShuffle;
import io.ketju.layers.vision.Upsample;
import io.ketju.layers.vocabulary.HierarchicalSoftmax;
import io.ketju.layers.vocabulary.NegativeSampling;
import java.util.List;
import java.util.SortedSet;

/** All layers by name: the inverse of {@link Layer#spec}. A new layer is one more line in its family. */
public final class Layers {
    static final List<Family<Layer>> FAMILIES = List.of(
            new Family<Layer>("Linear", List.of(Linear.ENTRY, Bilinear.ENTRY, Bias.ENTRY)),
            new Family<Layer>(
                    "Arithmetic",
                    List.of(
                            Add.ENTRY,
                            Arithmetic.SUB,
                            Arithmetic.MUL,
                            Arithmetic.DIV,
                            Scale.ENTRY,
                            MatMul.ENTRY,
                            Aggregate.SUM,
                            Aggregate.MEAN,
                            Aggregate.MAX)),
            new Family<Layer>(
                    "Shape",
                    List.of(
                            Identity.ENTRY,
                            Flatten.ENTRY,
                            Unflatten.ENTRY,
                            Reshape.ENTRY,
                            Permute.ENTRY,
                            Permute.Transpose.ENTRY,
                            Narrow.ENTRY,
                            Slice.ENTRY,
                            Concat.ENTRY,
                            Chunk.ENTRY,
                            Split.ENTRY)),
            new Family<Layer>(
                    "Convolution", List.of(Conv1d.ENTRY, Conv2d.ENTRY, ConvTranspose1d.ENTRY, ConvTranspose2d.ENTRY)),
            new Family<Layer>(
                    "Pooling",
                    List.of(
                            MaxPool1d.ENTRY,
                            MaxPool2d.ENTRY,
                            AvgPool1d.ENTRY,
                            AvgPool2d.ENTRY,
                            LPPool.ONE_D,
                            LPPool.TWO_D,
                            AdaptiveAvgPool1d.ENTRY,
                            AdaptiveAvgPool2d.ENTRY,
                            AdaptiveMaxPool1d.ENTRY,
                            AdaptiveMaxPool2d.ENTRY)),
            new Family<Layer>("Padding", Padding.ENTRIES),
            new Family<Layer>(
                    "Vision",
                    List.of(
                            Upsample.ENTRY,
                            Upsample.NEAREST_2D,
                            Upsample.BILINEAR_2D,
                            PixelShuffle.ENTRY,
                            PixelShuffle.Unshuffle.ENTRY)),
            new Family<Layer>(
                    "Normalization",
                    List.of(
                            BatchNorm1d.ENTRY,
                            BatchNorm2d.ENTRY,
                            InstanceNorm.ONE_D,
                            InstanceNorm.TWO_D,
                            GroupNorm.ENTRY,
                            LayerNorm.ENTRY,
                            RMSNorm.ENTRY,
                            LocalResponseNorm.ENTRY)),
            new Family<Layer>(
                    "Regularization",
                    List.of(
                            Dropout.ENTRY,
                            ChannelDropout.DROPOUT_1D,
                            ChannelDropout.DROPOUT_2D,
                            AlphaDropout.ELEMENTS,
                            AlphaDropout.FEATURES,
                            StochasticDepth.ENTRY)),
            new Family<Layer>(
                    "Embedding",
                    List.of(
                            Embedding.ENTRY,
                            EmbeddingBag.ENTRY,
                            Positions.ENTRY,
                            SinusoidalPositions.ENTRY,
                            RotaryPositionalEmbeddings.ENTRY)),
            new Family<Layer>(
                    "Recurrent",
                    List.of(
                            RNN.ENTRY,
                            LSTM.ENTRY,
                            GRU.ENTRY,
                            StepCell.RNN,
                            StepCell.LSTM,
                            StepCell.GRU,
                            AttentionDecoder.ENTRY)),
            new Family<Layer>(
                    "Attention",
                    List.of(
                            InProjection.ENTRY,
                            ScaledDotProductAttention.ENTRY,
                            AttentionWeights.ENTRY,
                            AdditiveScores.ENTRY)),
            new Family<Layer>("Large vocabularies", List.of(NegativeSampling.ENTRY, HierarchicalSoftmax.ENTRY)),
            new Family<Layer>(
                    "Graph",
                    List.of(
                            SparseMatMul.ENTRY,
                            NormalizedPropagation.ENTRY,
                            NeighborAggregation.ENTRY,
                            GraphAttention.ENTRY)),
            new Family<>("Activation", Activations.ENTRIES),
            new Family<Layer>(
                    "Gates and softmax",
                    List.of(
                            PReLU.ENTRY,
                            RReLU.ENTRY,
                            SoftmaxAlong.SOFTMAX,
                            SoftmaxAlong.LOG_SOFTMAX,
                            SoftmaxAlong.SOFTMIN,
                            GLU.ENTRY,
                            Maxout.ENTRY)));

    static final Registry<Layer> REGISTRY = Family.registry("layer", FAMILIES, OwnEntries.found(OwnLayers.class));

    private Layers() {}

    /**
     * Reads a layer.
     *
     * @param text such as {@code Conv2d(1, 6, kernel_size=5, padding=2)}
     * @return the layer, also one of a program's own ({@link OwnLayers})
     * @throws IllegalArgumentException saying what is wrong
     */
    public static Layer parse(String text) {
        return REGISTRY.parse(text);
    }

    /** {@return names of all layers, a program's own too, sorted} */
    public static SortedSet<String> names() {
        return REGISTRY.names();
    }
}
