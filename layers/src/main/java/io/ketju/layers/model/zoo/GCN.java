package io.ketju.layers.model.zoo;

import io.ketju.layers.model.GCNConv;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.Value;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;

/**
 * A graph convolutional network (Kipf and Welling 2017): {@code H' = ReLU(Â H Wᵀ + b)} with {@code Â = D^(-1/2) (A + I) D^(-1/2)}, the
 * graph with a loop at every node, normalized symmetrically by its degrees; the last layer without ReLU. It is given one whole graph as
 * constants, as {@code graph(...)} makes them: "features" [nodes, features], "row_pointers" int32 [nodes + 1], "column_indexes" int32
 * [edges] and "edge_values" [edges], which are Â. To logits [nodes, classes], of which those nodes are learnt from that "target" int32
 * [nodes] has a class of. Parameters are called as in PyTorch Geometric's example of it: conv1.lin.weight, conv1.bias, conv2.lin.weight.
 *
 * @param features of a node
 * @param hidden features between the convolutions
 * @param classes number of outputs
 * @param layers number of convolutions, 2 in the paper
 * @param dropout share of the features behind each of them but the last that training leaves out
 * @param normalize whether the values of the edges are those of A, so that every pass makes Â of them
 */
public record GCN(int features, int hidden, int classes, int layers, double dropout, boolean normalize) {
    static final Entry<Model> ENTRY = GraphNetwork.describe(Description.of("gcn", "Graph convolutions over one graph"))
            .named(
                    "normalize",
                    false,
                    "whether edge_values are those of the adjacency matrix, normalized in every pass")
            .source("Kipf and Welling 2017; torch_geometric.nn.GCNConv")
            .readBy(arguments -> {
                GraphNetwork network = GraphNetwork.of(arguments);
                return new GCN(
                                network.features(),
                                network.hidden(),
                                network.classes(),
                                network.layers(),
                                network.dropout(),
                                arguments.flag("normalize"))
                        .model(GraphNetwork.nodes(arguments), GraphNetwork.edges(arguments));
            });

    /**
     * {@return the model with its loss}
     *
     * @param nodes of the graph
     * @param edges of the graph as they are stored: each both ways, and the loops where they are values
     */
    public Model model(int nodes, int edges) {
        return new GraphNetwork(features, hidden, classes, layers, dropout)
                .model(nodes, GraphNetwork.matrix(nodes, edges), (model, in, out, inputs) -> {
                    GCNConv convolution = new GCNConv(in, out);
                    Value[] matrix = inputs.subList(1, inputs.size()).toArray(Value[]::new);
                    return (normalize ? convolution.normalizing() : convolution).in(model, inputs.getFirst(), matrix);
                });
    }
}
