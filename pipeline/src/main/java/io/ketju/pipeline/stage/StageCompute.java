package io.ketju.pipeline.stage;

import io.ketju.layers.loss.LossValue;
import io.ketju.layers.model.Model.Node;
import io.ketju.layers.model.ParameterBlock;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.Action.Kind;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.memory.TensorArena;
import io.ketju.tensor.memory.TensorLease;
import io.ketju.tensor.memory.TensorPool;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Runs the actions of one stage on its layers. Owns all memory of the stage: parameters with gradients and optimizer
 * state, one slot per micro-batch in flight, and the buffers of what it sends; all sized by {@link StagePlan} when it
 * is made, so that a step allocates no tensor. Not thread-safe: one action at a time, on any thread.
 */
public final class StageCompute implements AutoCloseable {
    private final PipelineSpec spec;
    private final StagePosition position;
    private final StagePlan plan;
    private final TensorCore core;
    private final List<Node> nodes;
    private final int lowestInputGradient;
    private final ParameterBlock parameters;
    private final SequencedMap<String, Tensor> tensors;
    private final List<MicrobatchSlot> slots = new ArrayList<>();
    private final TensorPool activations;
    private final TensorPool gradients;
    private final WindowLoss losses;
    private final ParameterChecks checks;
    /** What {@link #inspect} is to say of evaluated micro-batches, whose slots are given up at once. */
    private final TreeMap<Long, Map<Integer, Inspection>> evaluated = new TreeMap<>();

    private @Nullable MicrobatchSlot lastUsed;

    /** Allocates and initialises a stage from the spec's seed. */
    public StageCompute(PipelineSpec spec, int stage, TensorCore core) {
        this.spec = spec;
        this.core = core;
        position = new StagePosition(stage, spec.stages());
        losses = new WindowLoss(stage);
        plan = StagePlan.of(spec, stage);
        nodes = spec.partition().nodes(spec.model(), stage);
        lowestInputGradient = position.first() ? firstWithParameters(nodes) + 1 : 0;
        parameters = ParameterBlock.forTraining(nodes, spec.optimizer());
        if (plan.packedBytes() > 0) {
            parameters.allocatePacked(nodes);
        }
        parameters.initialize(spec.seed());
        checks = new ParameterChecks(stage, nodes, parameters, core.kernels());
        tensors = StageState.tensors(parameters, spec.optimizer().stateNames());
        for (int i = 0; i < plan.slots(); i++) {
            slots.add(new MicrobatchSlot(nodes, parameters, core.kernels(), plan.slotBytes()));
        }
        activations =
                new TensorPool("activations of stage " + stage, plan.activationBufferBytes(), plan.activationBuffers());
        gradients = new TensorPool("gradients of stage " + stage, plan.gradientBufferBytes(), plan.gradientBuffers());
    }

    /** What this stage took and will take of memory. */
    public StagePlan plan() {
        return plan;
    }

    public StagePosition position() {
        return position;
    }

    /** Calls this, on the releasing thread, when a buffer for activations is free again. */
    public void onOutputReleased(Runnable listener) {
        activations.onRelease(listener);
    }

    /**
     * Runs one action to its end.
     *
     * @param arrived what {@link StagePosition#needs} lists, in that order; the leases move in, and stay until the
     *     micro-batch is done or this is closed
     * @throws NonFiniteException if a loss, a gradient or a parameter is NaN or infinite; what one layer
     *     gives to another may be. The micro-batches in flight stay, to be inspected
     */
    public ActionResult run(Window window, Action action, List<TensorLease> arrived) {
        lastUsed = null;
        return switch (action.kind()) {
            case F -> forward(window, action, arrived);
            case B, I, W -> backward(window, action, arrived);
            case S -> step(window, action);
        };
    }

    /** What ran last, after {@link #run} has thrown: {@code layer 2 Linear(16, 10), forward of micro-batch 3}. */
    public String describe(Action action) {
        MicrobatchSlot slot = lastUsed;
        String text = action.kind() == Kind.S
                ? "optimizer step"
                : (action.kind() == Kind.F ? "forward" : "backward") + " of micro-batch " + action.microbatch();
        return slot == null ? text : slot.running() + ", " + text;
    }

    /**
     * Runs the forward of one micro-batch once more with checks, to find where the NaN or infinity of its loss began. To be
     * called when no action runs and none will: in training, the slot of a micro-batch without gradient is still held.
     *
     * @param window number of the window
     */
    public Inspection inspect(long window, int microbatch) {
        return slots.stream()
                .filter(slot -> slot.holds(window, microbatch))
                .findFirst()
                .map(slot -> slot.inspect(position.stage()))
                .or(() -> Optional.ofNullable(
                        evaluated.getOrDefault(window, Map.of()).get(microbatch)))
                .orElseGet(() -> new Inspection(position.stage(), window, microbatch, Inspection.Outcome.UNKNOWN, ""));
    }

    /** Ends a window: what it measured. Throws {@link IllegalStateException} if a micro-batch is still in flight. */
    public WindowMetrics finishWindow() {
        if (!slots.stream().allMatch(MicrobatchSlot::free)) {
            throw new IllegalStateException("stage " + position.stage() + ": window ends, but slots are " + slots);
        }
        parameters.valuesChanged(); // whoever holds the live tensors may write them until the next window
        return losses.finish();
    }

    /** Leases that this stage holds or has sent and not yet got back. */
    public int leasesOutstanding() {
        int held = slots.stream().mapToInt(MicrobatchSlot::leasesHeld).sum();
        return held + activations.outstanding() + gradients.outstanding();
    }

    /**
     * Looks at the optimizer state before it goes into a checkpoint.
     *
     * @param window the last that ran
     * @throws NonFiniteException naming the first state with a NaN or an infinity
     */
    public void checkState(Window window) {
        checks.beforeCheckpoint(window);
    }

    /** The live tensors of the stage by global name: values in parameter order, then optimizer state. */
    public SequencedMap<String, Tensor> tensors() {
        return tensors;
    }

    /** Overwrites this stage's tensors from a larger set: see {@link StageState}. */
    public void load(Map<String, ? extends Tensor> loaded) {
        StageState.load(tensors, loaded);
        parameters.valuesChanged();
        parameters.clearGradients();
    }

    /** Forward without loss, outside of any window: input [n, ...] to output [n, ...], n up to the largest micro-batch. */
    public void predict(Tensor input, Tensor output) {
        MicrobatchSlot slot = freeSlot(new Action(position.stage(), Kind.F, 0));
        slot.occupyAlone(input.shape().dimension(0));
        try {
            output.copyFrom(slot.forward(input));
        } finally {
            slot.release();
        }
    }

    /** Frees everything. Leases still held go back to their pools; buffers that others hold become invalid. */
    @Override
    public void close() {
        slots.forEach(MicrobatchSlot::close);
        activations.close();
        gradients.close();
        parameters.close();
    }

    /** Largest number of bytes that any micro-batch took of its slot. */
    long peakSlotBytes() {
        return slots.stream()
                .map(MicrobatchSlot::arena)
                .mapToLong(TensorArena::peakBytes)
                .max()
                .orElse(0);
    }

    private ActionResult forward(Window window, Action action, List<TensorLease> arrived) {
        boolean train = window.phase() == Window.Phase.TRAIN;
        MicrobatchSlot slot = freeSlot(action);
        lastUsed = slot;
        slot.occupy(window, action.microbatch());
        List<Tensor> tensorsIn = arrived.stream().map(slot::hold).toList();
        int samples = window.split().size(action.microbatch());
        Shape expected = nodes.getFirst().input().batched(samples);
        require(action, window, tensorsIn.size() == (position.last() ? 2 : 1), "got " + tensorsIn);
        requireShape(action, window, tensorsIn.getFirst(), expected);
        Tensor output = slot.forward(tensorsIn.getFirst());
        TensorLease sent = null;
        if (position.last()) {
            Tensor target = tensorsIn.getLast();
            requireShape(
                    action,
                    window,
                    target,
                    spec.loss().targetShape(spec.model().outputShape()).batched(samples));
            LossValue value = spec.loss().compute(output, target, window.denominator(), core.kernels(), slot.arena());
            losses.add(window, action, value);
            slot.gradOutput(value.gradOutput());
        } else {
            sent = send(activations, output);
        }
        if (!train) {
            if (!position.last() && !slot.finite(output)) {
                remember(window.number(), slot.inspect(position.stage()));
            }
            slot.release();
        }
        return new ActionResult(action, sent);
    }

    private ActionResult backward(Window window, Action action, List<TensorLease> arrived) {
        MicrobatchSlot slot = slots.stream()
                .filter(s -> s.holds(window.number(), action.microbatch()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(StagePosition.where(window.number(), action)
                        + ": no forward of micro-batch " + action.microbatch() + ", slots are " + slots));
        lastUsed = slot;
        for (TensorLease lease : arrived) {
            Tensor gradient = slot.hold(lease);
            int samples = window.split().size(action.microbatch());
            requireShape(action, window, gradient, nodes.getLast().output().batched(samples));
            slot.gradOutput(gradient);
        }
        TensorLease sent = null;
        if (action.kind() == Kind.W) {
            slot.backwardWeight();
        } else {
            Tensor gradInput = action.kind() == Kind.B
                    ? slot.backward(lowestInputGradient)
                    : slot.backwardInput(lowestInputGradient);
            if (!position.first()) {
                sent = send(gradients, gradInput);
            }
        }
        if (action.kind() != Kind.I) {
            slot.release();
        }
        return new ActionResult(action, sent);
    }

    private ActionResult step(Window window, Action action) {
        double rate = spec.learningRateSchedule()
                .learningRate(spec.optimizer().learningRate(), window.step(), spec.totalSteps());
        checks.beforeStep(window);
        parameters.update(core.kernels(), spec.optimizer(), rate, spec.optimizerSteps() + window.step());
        parameters.clearGradients();
        checks.afterStep(window);
        return new ActionResult(action, null);
    }

    /** Stages before the last may be some windows ahead of it. */
    private void remember(long window, Inspection inspection) {
        evaluated.headMap(window - StageMachine.MAX_WINDOWS).clear();
        evaluated.computeIfAbsent(window, number -> new HashMap<>()).put(inspection.microbatch(), inspection);
    }

    private static TensorLease send(TensorPool pool, Tensor tensor) {
        TensorLease lease = pool.lease(tensor.shape());
        lease.tensor().copyFrom(tensor);
        return lease;
    }

    /** The free slot of the lowest index, so that equal runs use equal memory. */
    private MicrobatchSlot freeSlot(Action action) {
        return slots.stream()
                .filter(MicrobatchSlot::free)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "stage " + position.stage() + ", action " + action + ": no free slot, they hold " + slots));
    }

    private static int firstWithParameters(List<Node> nodes) {
        return IntStream.range(0, nodes.size())
                .filter(i -> !nodes.get(i).layer().parameters().isEmpty())
                .findFirst()
                .orElse(nodes.size() - 1);
    }

    private static void requireShape(Action action, Window window, Tensor tensor, Shape expected) {
        if (!tensor.shape().equals(expected)) {
            require(action, window, false, "expected " + expected + ", got " + tensor);
        }
    }

    private static void require(Action action, Window window, boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(StagePosition.where(window.number(), action) + ": " + otherwise);
        }
    }
}
