package io.ketju.layers.model.zoo;

import io.ketju.layers.graph.NeighborAggregation;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.SAGEConv;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import java.util.Optional;

/**
 * A network of messages between neighbours (Hamilton, Ying and Leskovec 2017; Gilmer et al. 2017): every node adds what it is to what
 * its neighbours send it, {@code h'[i] = ReLU(lin_l(aggr h[j]) + lin_r(h[i]))} over the neighbours j of i; the last layer without ReLU.
 * It is given one whole graph as constants, as {@code graph(...)} makes them: "features" [nodes, features], "row_pointers" int32
 * [nodes + 1] and "column_indexes" int32 [edges]. To logits [nodes, classes], of which those nodes are learnt from that "target" int32
 * [nodes] has a class of. Parameters are called as in PyTorch Geometric's SAGEConv: conv1.lin_l.weight, conv1.lin_l.bias,
 * conv1.lin_r.weight.
 *
 * @param features of a node
 * @param hidden features between the convolutions
 * @param classes number of outputs
 * @param layers number of convolutions
 * @param dropout share of the features behind each of them but the last that training leaves out
 * @param aggr what the messages of the neighbours become
 */
public record GraphSAGE(
        int features, int hidden, int classes, int layers, double dropout, NeighborAggregation.Aggr aggr) {
    static final Entry<Model> ENTRY = GraphNetwork.describe(
                    Description.of("graph_sage", "Messages between the neighbours of one graph"))
            .named("aggr", "mean", "what the messages of the neighbours become: sum, mean or max")
            .source("Hamilton, Ying and Leskovec 2017; torch_geometric.nn.SAGEConv")
            .readBy(arguments -> {
                GraphNetwork network = GraphNetwork.of(arguments);
                return new GraphSAGE(
                                network.features(),
                                network.hidden(),
                                network.classes(),
                                network.layers(),
                                network.dropout(),
                                NeighborAggregation.of(arguments.word("aggr", "sum", "mean", "max")))
                        .model(GraphNetwork.nodes(arguments), GraphNetwork.edges(arguments));
            });

    /**
     * {@return the model with its loss}
     *
     * @param nodes of the graph
     * @param edges of the graph as they are stored, each both ways
     */
    public Model model(int nodes, int edges) {
        return new GraphNetwork(features, hidden, classes, layers, dropout)
                .model(nodes, GraphNetwork.edges(nodes, edges), (model, in, out, inputs) -> {
                    SAGEConv convolution =
                            new SAGEConv(in, out, true, true, Optional.of(new NeighborAggregation(aggr)));
                    return convolution.in(model, inputs).getFirst();
                });
    }
}
