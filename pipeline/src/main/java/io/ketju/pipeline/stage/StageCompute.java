package io.ketju.pipeline.stage;

import io.ketju.layers.model.Node;
import io.ketju.layers.model.ParameterBlock;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.program.StageProgram;
import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.Action.Kind;
import io.ketju.pipeline.stage.StageHoldings.Part;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.memory.TensorLease;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Runs the actions of one stage on its layers. Owns all memory of the stage: parameters with gradients and optimizer
 * state, one slot per micro-batch in flight, and the buffers of what it sends; all sized by {@link StagePlan} when it
 * is made, so that a step allocates no tensor. Not thread-safe: one action at a time, on any thread.
 */
public final class StageCompute implements AutoCloseable {
    private final PipelineSpec spec;
    private final StageProgram program;
    private final StagePorts ports;
    private final StagePlan plan;
    private final TensorCore core;
    private final ParameterBlock parameters;
    private final StageAverages averages;
    private final StageSearch search;
    private final StageTensors tensors;
    private final StepTensors untilStep;
    private final StageConstants constants;
    private final MicrobatchSlots slots;
    private final OutputBuffers activations;
    private final OutputBuffers gradients;
    private final PredictedOutputs outputs;
    private final TiedParameters ties;
    private final WindowLosses losses;
    private final StageGroups groups;
    private final StageGradients gradientRules;
    private final StagePenalties penalties;
    private final StageHistograms histograms;
    private final ParameterChecks checks;
    private final MicrobatchTypes types;
    private final WindowPrograms programs;
    private final Inspections inspections;
    private final StageVersions versions;
    private final StageExchange exchange;
    private final StageSteps steps;

    private final StageHoldings holdings = new StageHoldings();
    private @Nullable MicrobatchSlot lastUsed;

    /**
     * Allocates and initialises a stage from the spec's seed.
     *
     * @param given the whole pipeline
     * @param stage of any replica, counted over all of them
     * @param core stays the caller's
     */
    public StageCompute(PipelineSpec given, int stage, TensorCore core) {
        int inPipeline = given.counts().inPipeline(stage);
        this.spec = given.counts().replicaOf(stage) == 0 ? given : given.following();
        this.core = core;
        program = spec.program(inPipeline);
        List<StageProgram> ofObjectives = spec.objectivePrograms(inPipeline);
        ports = StagePorts.of(given, stage, program, ofObjectives);
        types = new MicrobatchTypes(spec.model());
        plan = StagePlan.of(given, stage);
        losses = new WindowLosses(stage, plan.windows(), spec.recipe().rules().skips());
        List<Node> nodes = program.nodes();
        parameters = holdings.own(initialized(given, stage, nodes, plan.packedBytes() > 0));
        averages = holdings.own(Part.OPTIMIZER, new StageAverages(spec.recipe(), nodes, parameters));
        groups = holdings.own(Part.GRADIENTS, new StageGroups(spec, plan, nodes, parameters, core.kernels()));
        gradientRules = new StageGradients(spec.recipe().rules(), parameters, core.kernels());
        histograms = new StageHistograms(spec.recipe().rules(), parameters, core.kernels());
        penalties = new StagePenalties(spec.recipe().rules().penalties(), parameters, core.kernels());
        checks = new ParameterChecks(stage, nodes, parameters, averages.owned(), core.kernels());
        search = holdings.own(Part.OPTIMIZER, new StageSearch(spec, parameters, core.kernels()));
        boolean owns = given.counts().replicaOf(stage) == 0;
        tensors = holdings.own(Part.COPIES, new StageTensors(parameters, averages, search, owns));
        if (!ofObjectives.isEmpty() || spec.recipe().rules().skips()) {
            tensors.countUpdates(spec.recipe().optimizerSteps());
        }
        untilStep = holdings.own(
                Part.MICROBATCHES, new StepTensors(program, spec.recipe().mostMicrobatches(), plan.windows()));
        constants = holdings.own(Part.MICROBATCHES, new StageConstants(program));
        WindowPrograms.Memory shared =
                new WindowPrograms.Memory(parameters, averages, untilStep, constants, core.kernels());
        programs = holdings.own(Part.MICROBATCHES, new WindowPrograms(spec, program, ports, shared));
        slots = holdings.own(Part.MICROBATCHES, new MicrobatchSlots(plan.slots(), plan.slotBytes()));
        inspections = new Inspections(stage, slots, programs);
        versions = holdings.own(Part.WEIGHTS, StageVersions.of(spec, plan, nodes, parameters, core.kernels()));
        activations = holdings.own(Part.BUFFERS, OutputBuffers.activations(spec, program, plan, core.kernels()));
        gradients = holdings.own(Part.BUFFERS, OutputBuffers.gradients(spec, program, plan, core.kernels()));
        outputs = holdings.own(Part.BUFFERS, new PredictedOutputs(program, spec.largestTypes()));
        ties = holdings.own(Part.BUFFERS, new TiedParameters(ports, spec.model(), parameters, core.kernels()));
        StageUpdate updates = new StageUpdate(spec, parameters, search, tensors, versions, core.kernels());
        StageExchange.Memory exchanged = new StageExchange.Memory(groups, untilStep, losses, types);
        exchange = holdings.own(
                Part.BUFFERS, new StageExchange(spec, ports, program, parameters, core.kernels(), exchanged));
        steps = new StageSteps(new StageSteps.Parts(
                spec.recipe(),
                ports,
                programs,
                parameters,
                averages,
                search,
                untilStep,
                losses,
                ties,
                gradientRules,
                penalties,
                histograms,
                checks,
                versions,
                updates,
                exchange,
                core.kernels()));
    }

    /** Its parameters as they start. */
    private static ParameterBlock initialized(PipelineSpec spec, int stage, List<Node> nodes, boolean packed) {
        ParameterBlock parameters = ParameterBlock.forTraining(
                nodes, spec.recipe().optimizers(), spec.mirrored(stage), spec.updatedElsewhere(stage));
        if (packed) {
            parameters.allocatePacked(nodes);
        }
        parameters.initialize(spec.recipe().seed(), spec.model()::parameter);
        return parameters;
    }

    /** {@return what this stage took and will take of memory} */
    public StagePlan plan() {
        return plan;
    }

    /** {@return what its actions need and make} */
    public StagePorts ports() {
        return ports;
    }

    /** {@return this stage, as the machine of its rank takes it} */
    public StageMachine.Stage ofMachine() {
        return new StageMachine.Stage(ports, plan.activationBuffers());
    }

    /** {@return whether a loss stands here, or a weight that is penalized, so that {@link #finishWindow} has something to say} */
    public boolean measures() {
        return exchange.tensors().learns()
                && (program.measures() || penalties.any() || gradientRules.tells() || search.any());
    }

    /**
     * Has somebody hear when the buffers of a bundle of activations are free again.
     *
     * @param listener called on the releasing thread
     */
    public void onOutputReleased(Runnable listener) {
        activations.onBundleReleased(listener);
    }

    /**
     * Has somebody hear when the buffers of a bundle of the model's outputs are free again.
     *
     * @param listener called on the releasing thread
     */
    public void onPredictionReleased(Runnable listener) {
        outputs.onReleased(listener);
    }

    /**
     * Runs one action to its end.
     *
     * @param run whose leases are what {@link StagePorts#needs} lists, in that order, before them at the very first action what
     *     {@link StagePorts#needsOnce} lists; they move in, and stay until the micro-batch is done or this is closed
     * @return what it made
     * @throws NonFiniteException if a loss, a gradient or a parameter is NaN or infinite; what one layer gives to another may be. The
     *     micro-batches in flight stay, to be inspected
     */
    public ActionResult run(StageEffect.RunCompute run) {
        Window window = run.window();
        Action action = run.action();
        List<TensorLease> arrived = run.arrived();
        lastUsed = null;
        int once = constants.awaited();
        if (once > 0) {
            constants.load(arrived.subList(0, once));
        }
        List<TensorLease> needed = once == 0 ? arrived : arrived.subList(once, arrived.size());
        return switch (action.kind()) {
            case F -> forward(window, action, needed);
            case R -> recompute(window, action);
            case B, I, W -> backward(window, action, needed);
            case G -> steps.exchange(window, action, needed);
            case N -> steps.sums(window, action, needed);
            case S -> steps.step(window, action, needed, run.sums());
            case V -> steps.values(window, action, needed);
        };
    }

    /**
     * {@return what ran last, after {@link #run} has thrown: {@code layer 2 Linear(16, 10), forward of micro-batch 3}}
     *
     * @param action that was to run
     */
    public String describe(Action action) {
        MicrobatchSlot slot = lastUsed;
        return slot == null ? action.inWords() : slot.running() + ", " + action.inWords();
    }

    /**
     * Runs the forward of one micro-batch once more with checks, to find where the NaN or infinity of its loss began. To be called when no
     * action runs and none will: in training, the slot of a micro-batch without gradient is still held.
     *
     * @param window number of the window
     * @param microbatch index within it
     * @return what was found; {@link Inspection.Outcome#UNKNOWN} if it is held no more
     */
    public Inspection inspect(long window, int microbatch) {
        return inspections.of(window, microbatch);
    }

    /**
     * Ends a window.
     *
     * @param window of which all actions are done
     * @return what it measured
     * @throws IllegalStateException if a micro-batch of it is still in flight
     */
    public WindowMetrics finishWindow(Window window) {
        slots.requireFree(ports.stage(), window);
        if (window.drains()) {
            parameters.valuesChanged(); // whoever holds the live tensors may write them until the next window
        }
        WindowMetrics measured = losses.finish(window);
        return exchange.tensors().learns()
                ? search.with(gradientRules.with(penalties.with(measured)))
                : WindowMetrics.NONE;
    }

    /** {@return how weights and gradients lay after the last step that was to be counted, in parameter order; once, then nothing} */
    public List<ParameterHistograms> histograms() {
        return histograms.take();
    }

    /** {@return by delay, from 0, how many updates had it: by how many updates their forwards' weights were old; none without overlap} */
    public List<Long> staleness() {
        return versions.staleness();
    }

    /** {@return how many leases this stage holds or has sent and not yet got back} */
    public int leasesOutstanding() {
        return slots.leasesHeld()
                + activations.outstanding()
                + gradients.outstanding()
                + ties.outstanding()
                + exchange.outstanding()
                + outputs.outstanding();
    }

    /** Takes the memory for {@link #toWrite}'s copies, {@link StagePlan#copyBytes}; once, before anything runs. */
    public void keepCopies() {
        tensors.keepCopies(plan.copyBytes());
    }

    /**
     * {@return {@link #tensors}, or {@link #keepCopies copies} of them, to be read until the next call, after a look at all of them}
     *
     * @param last window that ran; null: none did, and nothing is looked at
     * @throws NonFiniteException if optimizer state or an average is not finite
     */
    public SequencedMap<String, Tensor> toWrite(@Nullable Window last) {
        checks.beforeCheckpoint(last);
        return tensors.toWrite(core);
    }

    /** {@return the live tensors of the stage by global name: values in parameter order, then optimizer state, then averages} */
    public SequencedMap<String, Tensor> tensors() {
        return tensors.owned();
    }

    /** {@return what is to be loaded by name: {@link #tensors}, and the copies of parameters that other stages own} */
    public SequencedMap<String, Tensor> loadable() {
        return tensors.loadable();
    }

    /**
     * Overwrites this stage's tensors: see {@link StageState}.
     *
     * @param loaded a larger set by global name; copied
     * @throws IllegalArgumentException naming a tensor that is missing or does not fit, before anything is changed
     */
    public void load(Map<String, ? extends Tensor> loaded) {
        tensors.load(loaded);
    }

    /** Averages begin anew, after somebody has written other weights into the live tensors. */
    public void restartAverages() {
        averages.restart();
    }

    /** Frees everything. Leases still held go back to their pools; buffers that others hold become invalid. */
    @Override
    public void close() {
        holdings.close();
    }

    /** {@return what the stage holds; any thread may ask} */
    public StageMemory memory() {
        return holdings.memory(ports.stage(), slots.used());
    }

    long slotBytes() {
        return slots.bytesOfEach();
    }

    private ActionResult forward(Window window, Action action, List<TensorLease> arrived) {
        boolean predict = window.phase() == Window.Phase.PREDICT;
        boolean train = window.phase() == Window.Phase.TRAIN;
        MicrobatchSlot slot = slots.free(action);
        lastUsed = slot;
        MicrobatchTypes.Typed typed = types.typed(window.parts().get(action.microbatch()));
        WindowProgram running = programs.of(window);
        BoundProgram bound = slot.occupy(window, action.microbatch(), running.shared(), typed.values());
        running.arrivals().receive(window, action, slot, typed, arrived);
        versions.forward(window, bound, tensors.updatesBefore(spec.recipe().optimizerSteps() + window.step()));
        bound.forward(slot.held().occupant(), !predict);
        if (!predict) {
            for (BoundLoss loss : bound.losses()) {
                losses.add(window, action, loss);
            }
        }
        boolean finite = window.phase() != Window.Phase.EVALUATE || running.finite(bound);
        List<TensorLease> sent = new ArrayList<>(running.activations().size());
        activations.send(running.activations(), running.activationValues(), bound::value, sent);
        if (predict) {
            sent.addAll(outputs.send(bound));
        }
        if (!train) {
            if (!finite) {
                inspections.remember(slot);
            }
            slot.release();
        } else if (plan.recomputes()) {
            slots.setAside(slot);
        }
        return new ActionResult(action, sent);
    }

    private ActionResult recompute(Window window, Action action) {
        MicrobatchSlot slot = slots.takeUp(window, action, programs.of(window).shared());
        lastUsed = slot;
        versions.recompute(window, slot.program());
        slot.program().recompute(slot.held().occupant());
        return new ActionResult(action, List.of());
    }

    private ActionResult backward(Window window, Action action, List<TensorLease> arrived) {
        MicrobatchSlot slot = slots.occupied(window, action);
        lastUsed = slot;
        BoundProgram bound = slot.program();
        WindowProgram running = programs.of(window);
        running.arrivals()
                .receive(window, action, slot, types.typed(window.parts().get(action.microbatch())), arrived);
        versions.backward(window, bound);
        groups.before(action, bound);
        List<TensorLease> sent = new ArrayList<>(running.gradients().size());
        switch (action.kind()) {
            case W -> bound.weightGradients();
            case B -> bound.backward();
            default -> bound.inputGradients();
        }
        if (action.kind() != Kind.W) {
            gradients.send(running.gradients(), running.gradientValues(), bound::gradient, sent);
        }
        if (action.kind() != Kind.I) {
            slot.release();
            if (groups.after(window, action)) {
                sent.addAll(ties.gradients(running.program().ties()));
            }
        }
        return new ActionResult(action, sent);
    }
}
