package io.ketju.report.gather;

import io.ketju.layers.attention.AttentionWeights;
import io.ketju.layers.attention.InProjection;
import io.ketju.layers.attention.ScaledDotProductAttention;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelTypes;
import io.ketju.layers.model.Node;
import io.ketju.layers.model.Value;
import io.ketju.layers.recurrent.AttentionDecoder;
import io.ketju.layers.shape.Chunk;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A model that gives what its layers attend to in place of its outputs: beside every layer of attention stands one that computes
 * the same weights, as the mean over the heads. It has the weights of the model that it was made of, under their names.
 *
 * @param model without losses; its outputs are [samples, queries, keys], one for each watched layer
 * @param watched the layers, in the order of the outputs
 */
record AttentionGraph(Model model, List<Watched> watched) {
    /** Which output of an {@link AttentionDecoder} its weights are. */
    private static final int DECODER_WEIGHTS = 2;

    private static final int OPERANDS = 3;

    /**
     * A layer of attention.
     *
     * @param layer its name
     * @param queries the input of the model that its queries are made of, position by position
     * @param keys the same of its keys
     */
    record Watched(String layer, String queries, String keys) {}

    /** Empty where nothing attends to anything. */
    static Optional<AttentionGraph> of(Model model) {
        Adding adding = new Adding(model);
        for (int i = 0; i < model.nodes().size(); i++) {
            adding.watch(i);
        }
        if (adding.watched.isEmpty()) {
            return Optional.empty();
        }
        Model whole = new Model(model.inputs(), adding.nodes, List.of(), adding.outputs, model.initial());
        return Optional.of(new AttentionGraph(whole, List.copyOf(adding.watched)));
    }

    /** Goes through the nodes of a model. */
    private static final class Adding {
        private final Model model;
        private final ModelTypes types;
        private final List<Node> nodes;
        private final List<Value> outputs = new ArrayList<>();
        private final List<Watched> watched = new ArrayList<>();

        Adding(Model model) {
            this.model = model;
            types = model.types(1);
            nodes = new ArrayList<>(model.nodes());
        }

        void watch(int index) {
            Node node = model.nodes().get(index);
            switch (node.layer()) {
                case AttentionDecoder decoder -> {
                    outputs.add(new Value(index, DECODER_WEIGHTS));
                    watched.add(new Watched(
                            node.name(),
                            origin(node.inputs().get(0)),
                            origin(node.inputs().get(1))));
                }
                case ScaledDotProductAttention attention -> {
                    if (attention.scale().isEmpty() && attention.visibility().extraKeys() == 0) {
                        watch(node, attention);
                    }
                }
                default -> {}
            }
        }

        private void watch(Node node, ScaledDotProductAttention attention) {
            List<Value> given = node.inputs();
            boolean packed = given.size() < OPERANDS || !types.of(given.get(1)).differentiable();
            List<Value> operands = new ArrayList<>(packed ? parts(given.getFirst()) : given.subList(0, 2));
            watched.add(new Watched(node.name(), origin(given.getFirst()), origin(given.get(packed ? 0 : 1))));
            operands.addAll(given.subList(packed ? 1 : OPERANDS, given.size()));
            outputs.add(added(new Node(
                    "watched." + nodes.size(),
                    new AttentionWeights(attention.heads(), attention.keyHeads(), true, attention.visibility()),
                    operands)));
        }

        /** Queries and keys of a value that holds them side by side with what is taken of the keys. */
        private List<Value> parts(Value packed) {
            Value first = added(new Node("watched." + nodes.size(), new Chunk(OPERANDS, 2), List.of(packed)));
            return List.of(first, new Value(first.node(), 1));
        }

        private Value added(Node node) {
            nodes.add(node);
            return new Value(nodes.size() - 1, 0);
        }

        /**
         * The input that a value goes back to: layers have what they transform as their first input, and shortcuts lead where what
         * they go around leads.
         */
        private String origin(Value value) {
            Value at = value;
            while (!at.isInput()) {
                Node node = model.nodes().get(at.node());
                boolean each =
                        node.layer() instanceof InProjection && node.inputs().size() == OPERANDS;
                at = node.inputs().get(each ? at.output() : 0);
            }
            return model.inputs().get(at.inputIndex()).name();
        }
    }
}
