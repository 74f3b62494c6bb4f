package io.ketju.pipeline.program;

import io.ketju.layers.join.Joined;
import io.ketju.layers.join.Joints;
import io.ketju.layers.model.Head;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelTypes;
import io.ketju.layers.model.Node;
import io.ketju.layers.model.Value;
import io.ketju.pipeline.partition.Cut;
import io.ketju.pipeline.partition.GradientFlow;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.partition.Ties;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/**
 * What one stage does with a micro-batch, in order: its layers, with each loss right behind the last layer that it reads. Backward goes the
 * other way. The gradient of a value is the left fold of what its consumers give, last consumer first; what arrives from the next stage is
 * that of consumers behind the cut, so the fold goes on from there, and every cut of a model adds in the same order. Immutable.
 *
 * @param model the whole one
 * @param stage of one pipeline, from 0
 * @param steps in forward order
 * @param before what comes from the previous stage
 * @param after what goes to the next one
 * @param fed positions among {@link BatchPorts} of what the stage reads of the batch, ascending
 * @param constants those of them that never change
 * @param ties parameters shared across cuts of the whole model
 */
public record StageProgram(
        Model model,
        int stage,
        List<Step> steps,
        Cut before,
        Cut after,
        List<Integer> fed,
        List<Integer> constants,
        Ties ties) {
    /** Copies the lists. */
    public StageProgram {
        steps = List.copyOf(steps);
        fed = List.copyOf(fed);
        constants = List.copyOf(constants);
    }

    /**
     * {@return the program of one stage}
     *
     * @param model the whole one
     * @param flow what runs, and where gradients flow
     * @param partition of the model
     * @param stage of it, from 0
     * @param largest types of all values in the largest micro-batch
     * @param joints those that the stage makes use of
     */
    public static StageProgram of(
            Model model, GradientFlow flow, Partition partition, int stage, ModelTypes largest, Joints joints) {
        Cut after = Cut.before(model, flow, partition, stage + 1);
        int first = partition.bounds().get(stage);
        int end = partition.bounds().get(stage + 1);
        Set<Value> begun = new HashSet<>();
        after.edges().stream().filter(Cut.Edge::gradient).map(Cut.Edge::value).forEach(begun::add);
        List<Step> reversed = new ArrayList<>();
        int last = end - 1;
        for (Joined joined : joined(model, flow, largest, first, end, joints).reversed()) {
            int parts = joined.parts().size();
            if (!flow.runs(last)) {
                last -= parts;
                continue;
            }
            for (int h = model.heads().size() - 1; h >= 0; h--) {
                Head head = model.heads().get(h);
                if (head.node() == last && flow.runs(head)) {
                    List<Boolean> flows = flows(head.inputs().size(), port -> flow.flows(head, port));
                    reversed.add(new Step.LossStep(h, head, turns(head.inputs(), flows, begun)));
                }
            }
            reversed.add(layer(model, flow, joined, last, largest, begun));
            last -= parts;
        }
        Collections.reverse(reversed);
        Cut before = Cut.before(model, flow, partition, stage);
        List<Integer> fed = fed(model, reversed);
        List<Integer> constants = fed.stream()
                .filter(port ->
                        port < model.inputs().size() && model.inputs().get(port).constant())
                .toList();
        return new StageProgram(model, stage, reversed, before, after, fed, constants, Ties.of(model, partition, flow));
    }

    private static List<Joined> joined(
            Model model, GradientFlow flow, ModelTypes largest, int first, int end, Joints joints) {
        List<Joined> all = new ArrayList<>();
        for (int next = first; next < end; next += all.getLast().parts().size()) {
            all.add(joints.at(model, largest, next, end, flow::learns));
        }
        return all;
    }

    private static Step layer(
            Model model, GradientFlow flow, Joined joined, int last, ModelTypes largest, Set<Value> begun) {
        Node node = joined.node();
        List<Value> outputs = new ArrayList<>();
        for (int output = 0; output < largest.outputs().get(last).size(); output++) {
            outputs.add(new Value(last, output));
        }
        // Without a gradient of any output there is nothing to give on.
        boolean backward = outputs.stream().anyMatch(begun::contains);
        List<Boolean> flows = new ArrayList<>();
        boolean learns = false;
        int first = last + 1 - joined.parts().size();
        for (int index = first; index <= last; index++) {
            List<Value> inputs = model.nodes().get(index).inputs();
            for (int port = 0; port < inputs.size(); port++) {
                if (inputs.get(port).node() < first) {
                    flows.add(backward && flow.flows(index, port));
                }
            }
            learns |= backward && flow.learnsItself(index);
        }
        return new Step.LayerStep(
                last,
                joined,
                node.layer().footprint(largest.inputs(node)),
                outputs,
                turns(node.inputs(), flows, begun),
                learns);
    }

    private static List<Boolean> flows(int ports, IntPredicate flow) {
        List<Boolean> flows = new ArrayList<>();
        for (int port = 0; port < ports; port++) {
            flows.add(flow.test(port));
        }
        return flows;
    }

    /** Last port first, as everywhere in backward. */
    private static List<Step.Flow> turns(List<Value> inputs, List<Boolean> flows, Set<Value> begun) {
        List<Step.Flow> turns = new ArrayList<>(Collections.nCopies(inputs.size(), Step.Flow.NONE));
        for (int port = inputs.size() - 1; port >= 0; port--) {
            if (flows.get(port)) {
                turns.set(port, begun.add(inputs.get(port)) ? Step.Flow.FIRST : Step.Flow.ADD);
            }
        }
        return turns;
    }

    private static List<Integer> fed(Model model, List<Step> steps) {
        BatchPorts ports = BatchPorts.of(model);
        NavigableSet<Integer> fed = new TreeSet<>();
        for (Step step : steps) {
            step.inputs().stream().filter(Value::isInput).map(Value::inputIndex).forEach(fed::add);
            if (step instanceof Step.LossStep loss) {
                loss.head().targets().stream().map(ports::position).forEach(fed::add);
            }
        }
        return List.copyOf(fed);
    }

    /** {@return by step, whether backward reads what its forward makes, or what later ones make of that} */
    public boolean[] recomputed() {
        return RecomputedSteps.of(steps);
    }

    /** {@return what the stage runs, layers that are joined as one} */
    public List<Joined> layers() {
        return steps.stream()
                .filter(Step.LayerStep.class::isInstance)
                .map(step -> ((Step.LayerStep) step).joined())
                .toList();
    }

    /** {@return the positions among the model's outputs of those that are made here, ascending} */
    public List<Integer> outputs() {
        List<Integer> made = new ArrayList<>();
        for (int i = 0; i < model.outputs().size(); i++) {
            int node = model.outputs().get(i).node();
            if (steps.stream().anyMatch(step -> step instanceof Step.LayerStep layer && layer.index() == node)) {
                made.add(i);
            }
        }
        return made;
    }

    /** {@return the nodes of the stage that run, in their order} */
    public List<Node> nodes() {
        return layers().stream().flatMap(joined -> joined.parts().stream()).toList();
    }

    /** {@return whether any head stands here} */
    public boolean measures() {
        return steps.stream().anyMatch(Step.LossStep.class::isInstance);
    }
}
