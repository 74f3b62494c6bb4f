package io.ketju.pipeline.partition;

import io.ketju.layers.Parameter;
import io.ketju.layers.model.Head;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelTypes;
import io.ketju.layers.model.Node;
import io.ketju.layers.model.Value;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/**
 * What runs of a model, and where gradients flow in it: to values that something that learns lies behind, from values that
 * a loss depends on. Everything else costs no backward. Immutable.
 */
public final class GradientFlow {
    private final Model model;
    private final ModelTypes types;
    private final Predicate<String> learns;
    /** Nodes with a parameter that learns, or behind which there is one. */
    private final BitSet learning = new BitSet();
    /** Nodes that a loss depends on by a chain of float values. */
    private final BitSet reaching = new BitSet();
    /** Nodes that run. */
    private final BitSet running = new BitSet();

    private final Predicate<Head> minimised;

    /**
     * {@return the flow where all parameters learn that are weights}
     *
     * @param model with its heads
     */
    public static GradientFlow of(Model model) {
        return new GradientFlow(model, name -> true);
    }

    /**
     * Of all heads: everything runs.
     *
     * @param model with its heads
     * @param learns whether a weight of this global name learns
     */
    public GradientFlow(Model model, Predicate<String> learns) {
        this(model, learns, head -> true);
        running.set(0, model.nodes().size());
    }

    /**
     * {@return the flow of some heads alone: nothing runs that they do not depend on}
     *
     * @param model with its heads
     * @param learns whether a weight of this global name learns
     * @param heads names of those that are minimised
     */
    public static GradientFlow of(Model model, Predicate<String> learns, Collection<String> heads) {
        return new GradientFlow(model, learns, head -> heads.contains(head.name()));
    }

    private GradientFlow(Model model, Predicate<String> learns, Predicate<Head> minimised) {
        this.model = model;
        this.minimised = minimised;
        this.learns = learns;
        types = model.types(1);
        List<Node> nodes = model.nodes();
        for (int i = 0; i < nodes.size(); i++) {
            boolean below = nodes.get(i).inputs().stream().anyMatch(this::learns);
            learning.set(i, below || hasLearningParameter(nodes.get(i)));
        }
        for (Head head : model.heads()) {
            if (runs(head)) {
                head.inputs().forEach(this::run);
                head.inputs().forEach(this::reach);
            }
        }
        for (int i = nodes.size() - 1; i >= 0; i--) {
            if (running.get(i)) {
                nodes.get(i).inputs().forEach(this::run);
            }
            if (reaching.get(i)) {
                nodes.get(i).inputs().forEach(this::reach);
            }
        }
    }

    private void run(Value value) {
        if (!value.isInput()) {
            running.set(value.node());
        }
    }

    /**
     * {@return whether a node of the graph runs}
     *
     * @param node index in the model
     */
    public boolean runs(int node) {
        return running.get(node);
    }

    /**
     * {@return whether a loss is computed}
     *
     * @param head of the model
     */
    public boolean runs(Head head) {
        return minimised.test(head);
    }

    private void reach(Value value) {
        if (!value.isInput() && types.of(value).differentiable()) {
            reaching.set(value.node());
        }
    }

    /**
     * {@return whether something that learns lies behind a value, so that its gradient is of use}
     *
     * @param value of the model
     */
    public boolean learns(Value value) {
        return !value.isInput() && types.of(value).differentiable() && learning.get(value.node());
    }

    /**
     * {@return whether a node of the graph, when it runs backward, gives an input a gradient}
     *
     * @param node index in the model
     * @param port of the node's input, from 0
     */
    public boolean flows(int node, int port) {
        return reaching.get(node) && learns(model.nodes().get(node).inputs().get(port));
    }

    /**
     * {@return whether a head gives an input a gradient}
     *
     * @param head of the model
     * @param port of the head's input, from 0
     */
    public boolean flows(Head head, int port) {
        return runs(head) && learns(head.inputs().get(port));
    }

    /**
     * {@return whether gradients of a node's own parameters are made}
     *
     * @param node index in the model
     */
    public boolean learnsItself(int node) {
        return reaching.get(node) && hasWeights(node);
    }

    /**
     * {@return whether a parameter learns, if its layer lets it}
     *
     * @param parameter its global name
     */
    public boolean learns(String parameter) {
        return learns.test(parameter);
    }

    /**
     * {@return whether a node has a parameter that learns}
     *
     * @param node index in the model
     */
    public boolean hasWeights(int node) {
        return hasLearningParameter(model.nodes().get(node));
    }

    private boolean hasLearningParameter(Node node) {
        List<Parameter> parameters = node.layer().parameters();
        for (int i = 0; i < parameters.size(); i++) {
            if (parameters.get(i).learns() && learns.test(node.parameters().get(i))) {
                return true;
            }
        }
        return false;
    }
}
