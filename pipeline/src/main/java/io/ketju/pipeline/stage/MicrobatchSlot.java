package io.ketju.pipeline.stage;

import io.ketju.layers.Saved;
import io.ketju.layers.model.Model.Node;
import io.ketju.layers.model.ParameterBlock;
import io.ketju.pipeline.stage.Inspection.Outcome;
import io.ketju.tensor.DType;
import io.ketju.tensor.NonFiniteElement;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorArena;
import io.ketju.tensor.memory.TensorLease;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Everything that one micro-batch in flight keeps on a stage, from its forward to its last backward action. */
final class MicrobatchSlot implements AutoCloseable {
    private static final int FREE = -1;

    private final List<Node> nodes;
    private final Kernels kernels;
    private final TensorArena arena;
    private final List<Saved> saved = new ArrayList<>();
    private final @Nullable Tensor[] gradOutputs;
    /** Which nodes have parameters. */
    private final boolean[] learns;

    private final List<TensorLease> leases = new ArrayList<>();
    private int microbatch = FREE;
    private long window;
    private boolean training;
    /** Samples that the budgets of the layers are for. */
    private int samples;
    /** The node whose layer runs or ran last. */
    private int running;

    MicrobatchSlot(List<Node> nodes, ParameterBlock parameters, Kernels kernels, long bytes) {
        this.nodes = nodes;
        this.kernels = kernels;
        arena = new TensorArena(bytes);
        gradOutputs = new Tensor[nodes.size()];
        learns = new boolean[nodes.size()];
        for (Node node : nodes) {
            learns[saved.size()] = !node.layer().parameters().isEmpty();
            saved.add(new Saved(
                    kernels, arena, parameters.values(node), parameters.gradients(node), parameters.packed(node)));
        }
    }

    boolean free() {
        return microbatch == FREE;
    }

    boolean holds(long wantedWindow, int wanted) {
        return microbatch == wanted && window == wantedWindow;
    }

    void occupy(Window occupied, int occupant) {
        window = occupied.number();
        microbatch = occupant;
        training = occupied.phase() == Window.Phase.TRAIN;
        budget(occupied.split().size(occupant));
        saved.forEach(s -> s.reset(training));
    }

    /** As {@link #occupy}, for a micro-batch outside of any window. */
    void occupyAlone(int alone) {
        microbatch = 0;
        budget(alone);
        saved.forEach(Saved::resetForOne);
    }

    /** Each layer may take what it announced for this many samples, so none lives on what others leave. */
    private void budget(int wanted) {
        if (samples != wanted) {
            for (int i = 0; i < nodes.size(); i++) {
                Node node = nodes.get(i);
                saved.get(i).budget(node.layer().slotBytes(node.input(), wanted));
            }
            samples = wanted;
        }
    }

    TensorArena arena() {
        return arena;
    }

    /** Keeps a lease as long as the micro-batch: layers may keep its tensor for their backward. */
    Tensor hold(TensorLease lease) {
        leases.add(lease);
        return lease.tensor();
    }

    int leasesHeld() {
        return leases.size();
    }

    Tensor forward(Tensor input) {
        Tensor x = input;
        for (int i = 0; i < nodes.size(); i++) {
            running = i;
            x = nodes.get(i).layer().forward(x, saved.get(i));
        }
        running = nodes.size();
        return x;
    }

    /**
     * Runs the forward once more from the input that is still held, looking at the output of every layer, and finds the
     * layer from which on all of them hold a NaN or an infinity. An infinity that a later layer turns into something
     * finite is legal, and not what is looked for. Leaves the slot as after a forward.
     */
    Inspection inspect(int stage) {
        arena.reset();
        saved.forEach(s -> s.reset(training));
        Tensor x = leases.getFirst().tensor();
        Outcome outcome = finite(x) ? Outcome.FINITE : Outcome.ARRIVED;
        String layer = "";
        for (int i = 0; i < nodes.size(); i++) {
            x = nodes.get(i).layer().forward(x, saved.get(i));
            if (finite(x)) {
                outcome = Outcome.FINITE;
                layer = "";
            } else if (outcome == Outcome.FINITE) {
                outcome = Outcome.BEGAN;
                layer = name(nodes.get(i)) + ", whose output is "
                        + NonFiniteElement.firstIn(x).orElseThrow();
            }
        }
        return new Inspection(stage, window, microbatch, outcome, layer);
    }

    /** Whether no element is NaN or infinite. */
    boolean finite(Tensor tensor) {
        return tensor.dtype() != DType.FLOAT32 || kernels.loss().allFinite(tensor);
    }

    /** For messages: {@code layer 2 Linear(16, 10)}. */
    static String name(Node node) {
        return "layer " + node.name() + " " + node.layer().spec();
    }

    /** The layer that runs or ran last, for messages; after a whole forward, the loss. */
    String running() {
        return running < nodes.size() ? name(nodes.get(running)) : "the loss";
    }

    /** The gradient of the stage's output: from the loss after forward, or from the next stage. */
    void gradOutput(Tensor gradient) {
        gradOutputs[nodes.size() - 1] = gradient;
    }

    /** Gradients of the inputs of nodes {@code lowest} and above, each kept for {@link #backwardWeight}; returns the last. */
    Tensor backwardInput(int lowest) {
        Tensor gradient = gradOutputOf(nodes.size() - 1);
        for (int i = nodes.size() - 1; i >= lowest; i--) {
            gradient = backwardInputOf(i);
        }
        return gradient;
    }

    /** Adds into the gradients of all weights, last node first. */
    void backwardWeight() {
        for (int i = nodes.size() - 1; i >= 0; i--) {
            backwardWeightOf(i);
        }
    }

    /** Both, node by node, while a node's tensors are still in the cache; the same bits as one after the other. */
    Tensor backward(int lowest) {
        Tensor gradient = gradOutputOf(nodes.size() - 1);
        for (int i = nodes.size() - 1; i >= 0; i--) {
            if (i >= lowest) {
                gradient = backwardInputOf(i);
            }
            backwardWeightOf(i);
        }
        return gradient;
    }

    private Tensor backwardInputOf(int i) {
        running = i;
        Tensor gradInput = nodes.get(i).layer().backwardInput(gradOutputOf(i), saved.get(i));
        if (i > 0) {
            gradOutputs[i - 1] = gradInput;
        }
        return gradInput;
    }

    private void backwardWeightOf(int i) {
        if (learns[i]) {
            running = i;
            nodes.get(i).layer().backwardWeight(gradOutputOf(i), saved.get(i));
        }
    }

    private Tensor gradOutputOf(int i) {
        Tensor gradient = gradOutputs[i];
        if (gradient == null) {
            throw new IllegalStateException("micro-batch " + microbatch + ": no gradient of the output of layer "
                    + nodes.get(i).name());
        }
        return gradient;
    }

    /** The micro-batch is done: its leases go back, its memory is free. */
    void release() {
        closeLeases();
        Arrays.fill(gradOutputs, null);
        arena.reset();
        microbatch = FREE;
    }

    private void closeLeases() {
        leases.forEach(TensorLease::close);
        leases.clear();
    }

    @Override
    public void close() {
        closeLeases();
        arena.close();
    }

    @Override
    public String toString() {
        return free() ? "free" : "micro-batch " + microbatch;
    }
}
