package io.ketju.layers.model;

import io.ketju.layers.Layer;
import io.ketju.layers.graph.NormalizedPropagation;
import io.ketju.layers.graph.SparseMatMul;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.linear.Bias;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import java.util.List;

/**
 * A graph convolution (Kipf and Welling 2017), as <a
 * href="https://pytorch-geometric.readthedocs.io/en/latest/generated/torch_geometric.nn.conv.GCNConv.html">GCNConv</a> of
 * PyTorch Geometric: features of the nodes [nodes, in] to {@code A · (x · Wᵀ) + bias} [nodes, out]. Parameters: lin.weight
 * [out, in], bias [out]. The matrix A is taken as it is given, with loops and normalized before; or, with {@code normalize},
 * the layer does that to the adjacency matrix, in every pass.
 *
 * @param inChannels features of a node
 * @param outChannels features that it gets
 * @param bias whether there is one
 * @param propagation what the matrix becomes: {@link SparseMatMul} as it is, or {@link NormalizedPropagation}
 */
public record GCNConv(int inChannels, int outChannels, boolean bias, Layer propagation) {
    public static final Entry<Wiring> ENTRY = Description.of("GCNConv", "A graph convolution")
            .required("in_channels", "features of a node")
            .required("out_channels", "features that it gets")
            .named("normalize", false, "whether A is the adjacency matrix itself, to be normalized in every pass")
            .named("add_self_loops", true, "whether nodes without a loop get one before that")
            .named("bias", true, "whether there is one")
            .formula("y = A · (x · lin.weightᵀ) + bias, A = D^(-1/2) · (adjacency + I) · D^(-1/2)")
            .shapes(
                    "x [nodes, in_channels], then A as SparseMatMul has it, with self-loops and normalized unless normalize is true; to [nodes,"
                            + " out_channels]")
            .parameters("lin.weight [out_channels, in_channels], bias [out_channels]")
            .source("torch_geometric.nn.GCNConv; Kipf and Welling 2017")
            .readBy(GCNConv::of);

    private static Wiring of(Arguments arguments) {
        GCNConv read = new GCNConv(
                arguments.integer("in_channels"),
                arguments.integer("out_channels"),
                arguments.flag("bias"),
                arguments.flag("normalize")
                        ? new NormalizedPropagation(arguments.flag("add_self_loops"))
                        : new SparseMatMul());
        return (model, inputs) -> {
            Wiring.require(inputs, 4, 4, "features, then the row pointers, column indexes and values of a matrix");
            Value[] matrix = inputs.subList(1, inputs.size()).toArray(Value[]::new);
            return List.of(read.in(model, inputs.getFirst(), matrix));
        };
    }

    /**
     * With a bias, and a matrix that is taken as it is given.
     *
     * @param inChannels features of a node
     * @param outChannels features that it gets
     */
    public GCNConv(int inChannels, int outChannels) {
        this(inChannels, outChannels, true, new SparseMatMul());
    }

    /** {@return the same without a bias} */
    public GCNConv withoutBias() {
        return new GCNConv(inChannels, outChannels, false, propagation);
    }

    /** {@return the same of an adjacency matrix as it is, which gets loops and is normalized in every pass} */
    public GCNConv normalizing() {
        return new GCNConv(inChannels, outChannels, bias, new NormalizedPropagation(true));
    }

    /**
     * Adds the layers.
     *
     * @param model writes names relative to the builder's own
     * @param input features of the nodes [nodes, in]
     * @param matrix the three inputs of {@link SparseMatMul} that are A: row pointers, column indexes and values
     * @return [nodes, out]
     */
    public Value in(ModelBuilder model, Value input, Value... matrix) {
        Linear linear =
                new Linear(inChannels, outChannels).withoutBias().withInitializer(Initializers.xavierUniform(1));
        Value own = model.add("lin", linear, input);
        Value[] operands = new Value[matrix.length + 1];
        operands[0] = own;
        System.arraycopy(matrix, 0, operands, 1, matrix.length);
        Value sum = model.add("propagate", propagation, operands);
        return bias ? model.add("", new Bias(outChannels), sum) : sum;
    }
}
