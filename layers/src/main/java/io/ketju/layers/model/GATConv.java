package io.ketju.layers.model;

import io.ketju.layers.graph.GraphAttention;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import java.util.List;

/**
 * A graph convolution whose weights are attention (Veličković et al. 2018), as <a
 * href="https://pytorch-geometric.readthedocs.io/en/latest/generated/torch_geometric.nn.conv.GATConv.html">GATConv</a> of
 * PyTorch Geometric: features of the nodes [nodes, in] to [nodes, heads · out], or [nodes, out] where the heads' mean is taken.
 * Parameters: lin.weight [heads · out, in], att_src and att_dst [1, heads, out], bias of the output's size.
 *
 * @param inChannels features of a node
 * @param attention what follows the projection
 */
public record GATConv(int inChannels, GraphAttention attention) implements Wiring {
    public static final Entry<GATConv> ENTRY = GraphAttention.describe(
                    Description.of("GATConv", "A graph convolution whose weights are attention")
                            .required("in_channels", "features of a node")
                            .required("out_channels", "features of a head"))
            .formula("y[i] = Σ α[i, j] · lin(x[j]) + bias, α = softmax over j of leaky(att_src · lin(x[j]) + att_dst ·"
                    + " lin(x[i]))")
            .shapes(
                    "x [nodes, in_channels], row pointers int32 [nodes + 1], column indexes int32 [edges]; to [nodes, heads"
                            + " · out_channels], or the mean of the heads [nodes, out_channels]")
            .parameters(
                    "lin.weight [heads · out_channels, in_channels], att_src, att_dst [1, heads, out_channels], bias of"
                            + " the output's size")
            .source("torch_geometric.nn.GATConv; Veličković et al. 2018")
            .readBy(arguments -> new GATConv(arguments.integer("in_channels"), GraphAttention.of(arguments)));

    /**
     * Checks the size.
     *
     * @throws IllegalArgumentException if there are no features
     */
    public GATConv {
        Arguments.requirePositive("GATConv", "in_channels", inChannels);
    }

    @Override
    public List<Value> in(ModelBuilder model, List<Value> inputs) {
        Wiring.require(inputs, 3, 3, "features, then the row pointers and column indexes of a graph");
        int columns = attention.heads() * attention.outChannels();
        Linear linear = new Linear(inChannels, columns).withoutBias().withInitializer(Initializers.xavierUniform(1));
        Value projected = model.add("lin", linear, inputs.getFirst());
        return List.of(model.add("", attention, projected, inputs.get(1), inputs.get(2)));
    }
}
