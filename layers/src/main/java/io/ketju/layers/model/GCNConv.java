package io.ketju.layers.model;

import io.ketju.layers.graph.SparseMatMul;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.linear.Bias;
import io.ketju.layers.linear.Linear;

/**
 * A graph convolution (Kipf and Welling 2017), as <a
 * href="https://pytorch-geometric.readthedocs.io/en/latest/generated/torch_geometric.nn.conv.GCNConv.html">GCNConv</a> of
 * PyTorch Geometric: features of the nodes [nodes, in] to {@code A · (x · Wᵀ) + bias} [nodes, out]. Parameters: lin.weight
 * [out, in], bias [out].
 *
 * @param inChannels features of a node
 * @param outChannels features that it gets
 * @param bias whether there is one
 */
public record GCNConv(int inChannels, int outChannels, boolean bias) {
    /** With a bias. */
    public GCNConv(int inChannels, int outChannels) {
        this(inChannels, outChannels, true);
    }

    public GCNConv withoutBias() {
        return new GCNConv(inChannels, outChannels, false);
    }

    /**
     * Adds the layers; names are relative to the builder's.
     *
     * @param matrix the three inputs of {@link SparseMatMul} that are A, with self-loops and normalized: row pointers, column
     *     indexes and values
     */
    public Value in(ModelBuilder model, Value input, Value... matrix) {
        Linear linear =
                new Linear(inChannels, outChannels).withoutBias().withInitializer(Initializers.xavierUniform(1));
        Value own = model.add("lin", linear, input);
        Value[] operands = new Value[matrix.length + 1];
        operands[0] = own;
        System.arraycopy(matrix, 0, operands, 1, matrix.length);
        Value sum = model.add("propagate", new SparseMatMul(), operands);
        return bias ? model.add("", new Bias(outChannels), sum) : sum;
    }
}
