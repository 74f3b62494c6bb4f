package io.ketju.layers.graph;

import io.ketju.layers.Footprint;
import io.ketju.layers.IntRange;
import io.ketju.layers.Layer;
import io.ketju.layers.Parameter;
import io.ketju.layers.Pass;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The attention of nodes to those whose messages they get (Veličković et al. 2018, equations 3 to 6), behind its projection, as <a
 * href="https://pytorch-geometric.readthedocs.io/en/latest/generated/torch_geometric.nn.conv.GATConv.html">GATConv</a> of PyTorch
 * Geometric has it: for each head {@code y[i] = Σ α[i, j] · x[j]} with {@code α = softmax(leaky(att_src · x[j] + att_dst · x[i]))}
 * over the j of row i. Inputs: x [nodes, heads · outChannels], row pointers int32 [nodes + 1] and column indexes int32 [edges].
 * Output [nodes, heads · outChannels], or the mean of the heads [nodes, outChannels]. A node that gets no message gets the bias
 * alone. All nodes are one sample.
 *
 * <p>Parameters: att_src and att_dst [1, heads, outChannels], bias of the output's size.
 *
 * @param outChannels features of a head
 * @param heads of attention
 * @param concat whether the heads stand side by side, else there is their mean
 * @param slope negative slope of the leaky ReLU
 * @param dropout share of the weights α that training leaves out
 * @param selfLoops whether each node hears of itself, once, whatever the graph says
 * @param bias whether there is one
 */
public record GraphAttention(
        int outChannels, int heads, boolean concat, double slope, double dropout, boolean selfLoops, boolean bias)
        implements Layer {
    private static final double SLOPE = 0.2;

    public static final Entry<Layer> ENTRY = describe(
                    Description.of("GraphAttention", "Attention of nodes to those whose messages they get")
                            .required("out_channels", "features of a head"))
            .formula("y[i] = Σ α[i, j] · x[j] + bias, α = softmax over j of leaky(att_src · x[j] + att_dst · x[i])")
            .shapes(
                    "x [nodes, heads · out_channels], row pointers int32 [nodes + 1], column indexes int32 [edges]; to the"
                            + " shape of x, or the mean of the heads [nodes, out_channels]")
            .parameters("att_src, att_dst [1, heads, out_channels], bias of the output's size")
            .source("torch_geometric.nn.GATConv; Veličković et al. 2018")
            .readBy(GraphAttention::of);

    /**
     * Adds the arguments that the block, GATConv, has too.
     *
     * @param description with the arguments before these
     * @return the description with heads, concat, negative_slope, dropout, add_self_loops and bias
     */
    public static Description describe(Description description) {
        return description
                .optional("heads", 1, "heads of attention")
                .optional("concat", true, "whether heads stand side by side, else there is their mean")
                .optional("negative_slope", SLOPE, "of the leaky ReLU")
                .optional("dropout", 0, "share of the weights that training leaves out")
                .optional("add_self_loops", true, "whether each node hears of itself, once, whatever the graph says")
                .named("bias", true, "whether there is one");
    }

    /**
     * Reads what its description says.
     *
     * @param arguments {@code out_channels}, and those of {@link #describe}
     * @return the layer
     * @throws IllegalArgumentException naming the argument that does not fit
     */
    public static GraphAttention of(Arguments arguments) {
        return new GraphAttention(
                arguments.integer("out_channels"),
                arguments.integer("heads"),
                arguments.flag("concat"),
                arguments.number("negative_slope"),
                arguments.number("dropout"),
                arguments.flag("add_self_loops"),
                arguments.flag("bias"));
    }

    /**
     * Checks sizes, dropout and slope.
     *
     * @throws IllegalArgumentException naming the argument, if a size is below 1, dropout is not from 0 to 1 or slope is not finite
     * @throws ArithmeticException if the features of all heads are more than an int counts
     */
    public GraphAttention {
        Arguments.requirePositive("GraphAttention", "out_channels", outChannels);
        Arguments.requirePositive("GraphAttention", "heads", heads);
        Math.multiplyExact(heads, outChannels);
        if (!(dropout >= 0 && dropout <= 1)) {
            throw new IllegalArgumentException(
                    "GraphAttention: argument 'dropout': expected a probability from 0 to 1, found " + dropout);
        }
        if (!Double.isFinite(slope)) {
            throw new IllegalArgumentException(
                    "GraphAttention: argument 'negative_slope': expected a number, found " + slope);
        }
    }

    @Override
    public Spec spec() {
        return ENTRY.description()
                .terse(Spec.of("GraphAttention", outChannels)
                        .with("heads", heads)
                        .with("concat", concat)
                        .withNumber("negative_slope", slope)
                        .withNumber("dropout", dropout)
                        .with("add_self_loops", selfLoops)
                        .with("bias", bias));
    }

    /** Columns of the output. */
    int columns() {
        return concat ? heads * outChannels : outChannels;
    }

    @Override
    public List<Parameter> parameters() {
        Shape each = Shape.of(1, heads, outChannels);
        // Glorot's bound of a matrix [heads, outChannels], as PyTorch Geometric takes it.
        float bound = (float) Math.sqrt(6.0 / (heads + outChannels));
        List<Parameter> parameters = new ArrayList<>();
        for (String name : List.of("att_src", "att_dst")) {
            parameters.add(new Parameter(name, each, Initializers.uniform(-bound, bound)));
        }
        if (bias) {
            parameters.add(new Parameter("bias", Shape.of(columns()), Initializers.zeros()));
        }
        return List.copyOf(parameters);
    }

    @Override
    public List<TensorType> outputs(List<TensorType> inputs) {
        Adjacency.require(inputs, 3);
        Shape x = inputs.get(Adjacency.X).shape();
        if (x.dimension(1) != heads * outChannels) {
            throw new IllegalArgumentException("expected input 0 [nodes, " + heads * outChannels + "], found " + x);
        }
        return List.of(TensorType.floats(x.dimension(0), columns()));
    }

    @Override
    public Optional<IntRange> range(int input, List<TensorType> inputs) {
        return Adjacency.range(input, inputs);
    }

    /** Backward needs what forward kept, and of the inputs nothing. */
    @Override
    public Footprint footprint(List<TensorType> inputs) {
        int nodes = inputs.get(Adjacency.X).shape().dimension(0);
        int edges = inputs.get(Adjacency.COLUMN_INDEXES).shape().elements();
        return GraphAttentionRun.footprint(this, nodes, edges);
    }

    @Override
    public long forwardFlops(List<TensorType> inputs) {
        long edges = inputs.get(Adjacency.COLUMN_INDEXES).shape().elements();
        return 4L * inputs.get(Adjacency.X).shape().elements() + 2L * edges * heads * (outChannels + 20);
    }

    @Override
    public void forward(Pass pass) {
        new GraphAttentionRun(this, pass)
                .forward(pass.input(Adjacency.ROW_POINTERS), pass.input(Adjacency.COLUMN_INDEXES));
    }

    @Override
    public void backwardInput(Pass pass) {
        new GraphAttentionRun(this, pass).backwardInput();
    }

    @Override
    public void backwardWeight(Pass pass) {
        new GraphAttentionRun(this, pass).backwardWeight();
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
