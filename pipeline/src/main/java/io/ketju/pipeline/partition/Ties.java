package io.ketju.pipeline.partition;

import io.ketju.layers.model.Model;
import io.ketju.layers.model.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Parameters that layers of different stages share. The stage of the first layer owns the parameter and updates it;
 * every other stage that uses it has a mirror: a copy of the value, and for each use a gradient of its own, which goes
 * to the owner before the step. So the gradients of all uses add up in the order of the nodes, wherever the cuts are.
 *
 * @param uses all uses outside of the owner's stage, in node order; the position is what keys call the edge
 */
public record Ties(List<Use> uses) {
    /** No parameter is shared across a cut. */
    public static final Ties NONE = new Ties(List.of());

    /**
     * One use of a parameter in a stage that does not own it.
     *
     * @param parameter its global name
     * @param node the index of the layer that uses it
     * @param index the parameter's position in that layer
     * @param owner the stage that owns it
     * @param stage the stage that uses it
     * @param learns whether it learns; otherwise nothing travels, and the mirror stays as it is
     */
    public record Use(String parameter, int node, int index, int owner, int stage, boolean learns) {}

    /** Copies the list. */
    public Ties {
        uses = List.copyOf(uses);
    }

    /**
     * {@return what the stages of a model share}
     *
     * @param model whose layers may use parameters of one name
     * @param partition of the model
     * @param flow says what learns
     */
    public static Ties of(Model model, Partition partition, GradientFlow flow) {
        Map<String, Integer> owners = new HashMap<>();
        List<Use> uses = new ArrayList<>();
        for (int stage = 0; stage < partition.stages(); stage++) {
            for (int i = partition.bounds().get(stage); i < partition.bounds().get(stage + 1); i++) {
                Node node = model.nodes().get(i);
                for (int index = 0; index < node.parameters().size(); index++) {
                    String name = node.parameters().get(index);
                    Integer owner = owners.putIfAbsent(name, stage);
                    if (owner != null && owner != stage) {
                        uses.add(new Use(name, i, index, owner, stage, flow.learns(name)));
                    }
                }
            }
        }
        return new Ties(uses);
    }

    /**
     * {@return names of the parameters that a stage only mirrors}
     *
     * @param stage from 0
     */
    public Set<String> mirroredBy(int stage) {
        Set<String> names = new HashSet<>();
        uses.stream().filter(use -> use.stage() == stage).map(Use::parameter).forEach(names::add);
        return names;
    }

    /**
     * {@return edges of the gradients that a stage gives to owners}
     *
     * @param stage from 0
     */
    public List<Integer> gradientsFrom(int stage) {
        return edges(use -> use.stage() == stage && use.learns());
    }

    /**
     * {@return edges of the gradients that a stage gets for what it owns}
     *
     * @param stage from 0
     */
    public List<Integer> gradientsTo(int stage) {
        return edges(use -> use.owner() == stage && use.learns());
    }

    /**
     * {@return edges of the values that a stage gets after the step: those of its first use of each parameter}
     *
     * @param stage from 0
     */
    public List<Integer> weightsTo(int stage) {
        return edges(use -> use.stage() == stage && use.learns() && first(use));
    }

    /**
     * {@return edges of the values that a stage gives to mirrors after the step}
     *
     * @param stage from 0
     */
    public List<Integer> weightsFrom(int stage) {
        return edges(use -> use.owner() == stage && use.learns() && first(use));
    }

    /**
     * {@return the stages whose step waits, at first or second hand, for values that the step of another makes}
     *
     * @param stage the other, from 0
     */
    public Set<Integer> waitingFor(int stage) {
        Set<Integer> waiting = new TreeSet<>();
        waitingFor(stage, waiting);
        return waiting;
    }

    private void waitingFor(int stage, Set<Integer> waiting) {
        for (Use use : uses) {
            if (use.owner() == stage && use.learns() && waiting.add(use.stage())) {
                waitingFor(use.stage(), waiting);
            }
        }
    }

    private boolean first(Use use) {
        return uses.stream()
                .filter(other -> other.parameter().equals(use.parameter()) && other.stage() == use.stage())
                .findFirst()
                .orElseThrow()
                .equals(use);
    }

    private List<Integer> edges(Predicate<Use> which) {
        if (uses.isEmpty()) {
            return List.of(); // asked in every step
        }
        return IntStream.range(0, uses.size())
                .filter(edge -> which.test(uses.get(edge)))
                .boxed()
                .toList();
    }
}
