package io.ketju.layers.model;

import io.ketju.layers.Layer;
import io.ketju.layers.arithmetic.Add;
import io.ketju.layers.graph.NeighborAggregation;
import io.ketju.layers.graph.SparseMatMul;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import java.util.List;
import java.util.Optional;

/**
 * A graph convolution with features of the node itself and of its neighbours (Hamilton, Ying and Leskovec 2017), as <a
 * href="https://pytorch-geometric.readthedocs.io/en/latest/generated/torch_geometric.nn.conv.SAGEConv.html">SAGEConv</a> of
 * PyTorch Geometric: [nodes, in] to {@code lin_l(A · x) + lin_r(x)} [nodes, out]. The matrix says how neighbours are taken
 * together: values 1 for their sum, 1 / degree for their mean; or {@code aggr} says so, and the graph has no values. Parameters:
 * lin_l.weight [out, in], lin_l.bias [out], lin_r.weight [out, in].
 *
 * @param inChannels features of a node
 * @param outChannels features that it gets
 * @param rootWeight whether the node itself counts, through lin_r
 * @param bias whether there is one
 * @param aggregation what neighbours become; empty where the values of the matrix say it
 */
public record SAGEConv(
        int inChannels, int outChannels, boolean rootWeight, boolean bias, Optional<NeighborAggregation> aggregation)
        implements Wiring {
    public static final Entry<SAGEConv> ENTRY = Description.of(
                    "SAGEConv", "A graph convolution of a node's features and its neighbours'")
            .required("in_channels", "features of a node")
            .required("out_channels", "features that it gets")
            .derived(
                    "aggr",
                    "the matrix's values",
                    "what neighbours become: mean, sum or max; the graph then has no values")
            .named("root_weight", true, "whether the node itself counts")
            .named("bias", true, "whether there is one")
            .formula("y = lin_l(A · x) + lin_r(x)")
            .shapes(
                    "x [nodes, in_channels], then A as SparseMatMul has it, values 1 for the sum of neighbours, 1 / degree for"
                            + " their mean, or with aggr without values; to [nodes, out_channels]")
            .parameters(
                    "lin_l.weight [out_channels, in_channels], lin_l.bias [out_channels], lin_r.weight [out_channels,"
                            + " in_channels]")
            .source("torch_geometric.nn.SAGEConv; Hamilton et al. 2017")
            .readBy(arguments -> new SAGEConv(
                    arguments.integer("in_channels"),
                    arguments.integer("out_channels"),
                    arguments.flag("root_weight"),
                    arguments.flag("bias"),
                    arguments.text("aggr").isPresent()
                            ? Optional.of(new NeighborAggregation(
                                    NeighborAggregation.of(arguments.word("aggr", "mean", "sum", "max"))))
                            : Optional.empty()));

    @Override
    public List<Value> in(ModelBuilder model, List<Value> inputs) {
        int count = aggregation.isPresent() ? 3 : 4;
        String what =
                aggregation.isPresent() ? " and column indexes of a graph" : ", column indexes and values of a matrix";
        Wiring.require(inputs, count, count, "features, then the row pointers" + what);
        Layer propagation = aggregation.isPresent() ? aggregation.get() : new SparseMatMul();
        Value gathered = model.add("propagate", propagation, inputs.toArray(Value[]::new));
        Linear neighbours = new Linear(inChannels, outChannels);
        Value sum = model.add("lin_l", bias ? neighbours : neighbours.withoutBias(), gathered);
        if (!rootWeight) {
            return List.of(sum);
        }
        Linear own = new Linear(inChannels, outChannels).withoutBias();
        return List.of(model.add("sum", new Add(), sum, model.add("lin_r", own, inputs.getFirst())));
    }
}
