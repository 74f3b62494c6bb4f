package io.ketju.layers.catalogue;

import io.ketju.layers.Layer;
import io.ketju.layers.activation.Activations;
import io.ketju.layers.activation.GLU;
import io.ketju.layers.activation.Maxout;
import io.ketju.layers.activation.PReLU;
import io.ketju.layers.activation.SoftmaxAlong;
import io.ketju.layers.arithmetic.Add;
import io.ketju.layers.arithmetic.Aggregate;
import io.ketju.layers.arithmetic.Arithmetic;
import io.ketju.layers.arithmetic.MatMul;
import io.ketju.layers.arithmetic.Scale;
import io.ketju.layers.attention.InProjection;
import io.ketju.layers.attention.ScaledDotProductAttention;
import io.ketju.layers.convolution.Conv2d;
import io.ketju.layers.embedding.Embedding;
import io.ketju.layers.embedding.Positions;
import io.ketju.layers.graph.SparseMatMul;
import io.ketju.layers.linear.Bias;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.normalization.BatchNorm1d;
import io.ketju.layers.normalization.BatchNorm2d;
import io.ketju.layers.normalization.LayerNorm;
import io.ketju.layers.pooling.AdaptiveAvgPool2d;
import io.ketju.layers.pooling.MaxPool2d;
import io.ketju.layers.recurrent.GRU;
import io.ketju.layers.recurrent.LSTM;
import io.ketju.layers.recurrent.RNN;
import io.ketju.layers.recurrent.StepCell;
import io.ketju.layers.regularization.Dropout;
import io.ketju.layers.shape.Chunk;
import io.ketju.layers.shape.Concat;
import io.ketju.layers.shape.Flatten;
import io.ketju.layers.shape.Identity;
import io.ketju.layers.shape.Narrow;
import io.ketju.layers.shape.Permute;
import io.ketju.layers.shape.Reshape;
import io.ketju.layers.shape.Unflatten;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Registry;
import java.util.List;
import java.util.SortedSet;

/** All layers by name: the inverse of {@link Layer#spec}. A new layer is one more line in its family. */
public final class Layers {
    static final List<Family<Layer>> FAMILIES = List.of(
            family("Linear", Linear.ENTRY, Bias.ENTRY),
            family(
                    "Arithmetic",
                    Add.ENTRY,
                    Arithmetic.SUB,
                    Arithmetic.MUL,
                    Arithmetic.DIV,
                    Scale.ENTRY,
                    MatMul.ENTRY,
                    Aggregate.SUM,
                    Aggregate.MEAN,
                    Aggregate.MAX),
            family(
                    "Shape",
                    Identity.ENTRY,
                    Flatten.ENTRY,
                    Unflatten.ENTRY,
                    Reshape.ENTRY,
                    Permute.ENTRY,
                    Permute.Transpose.ENTRY,
                    Narrow.ENTRY,
                    Concat.ENTRY,
                    Chunk.ENTRY),
            family("Convolution", Conv2d.ENTRY),
            family("Pooling", MaxPool2d.ENTRY, AdaptiveAvgPool2d.ENTRY),
            family("Normalization", BatchNorm1d.ENTRY, BatchNorm2d.ENTRY, LayerNorm.ENTRY),
            family("Regularization", Dropout.ENTRY),
            family("Embedding", Embedding.ENTRY, Positions.ENTRY),
            family("Recurrent", RNN.ENTRY, LSTM.ENTRY, GRU.ENTRY, StepCell.RNN, StepCell.LSTM, StepCell.GRU),
            family("Attention", InProjection.ENTRY, ScaledDotProductAttention.ENTRY),
            family("Graph", SparseMatMul.ENTRY),
            new Family<>("Activation", Activations.ENTRIES),
            family(
                    "Gates and softmax",
                    PReLU.ENTRY,
                    SoftmaxAlong.SOFTMAX,
                    SoftmaxAlong.LOG_SOFTMAX,
                    SoftmaxAlong.SOFTMIN,
                    GLU.ENTRY,
                    Maxout.ENTRY));

    static final Registry<Layer> REGISTRY = Family.registry("layer", FAMILIES);

    private Layers() {}

    @SafeVarargs
    private static Family<Layer> family(String name, Entry<? extends Layer>... entries) {
        return new Family<>(name, List.of(entries));
    }

    /** Reads {@code Conv2d(1, 6, kernel_size=5, padding=2)}; throws {@link IllegalArgumentException} saying what is wrong. */
    public static Layer parse(String text) {
        return REGISTRY.parse(text);
    }

    /** Names of all layers, sorted. */
    public static SortedSet<String> names() {
        return REGISTRY.names();
    }
}
