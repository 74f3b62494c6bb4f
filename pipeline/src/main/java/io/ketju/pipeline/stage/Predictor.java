package io.ketju.pipeline.stage;

import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelTypes;
import io.ketju.layers.model.ParameterBlock;
import io.ketju.pipeline.partition.Ties;
import io.ketju.pipeline.program.SampleRows;
import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.Replicas;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.core.TensorCore;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * A whole model that predicts and evaluates, forward only: it has weights and one slot, no gradients, no optimizer
 * state, no other micro-batch, and a loss only while it evaluates ({@link PredictorPlan}). What it gives has the bits of
 * a pipeline's windows that predict and evaluate. Any number of samples goes through in parts that fit the slot; a
 * sample's outputs do not depend on the others. Not thread-safe.
 */
public final class Predictor implements AutoCloseable {
    private final Model model;
    private final int largest;
    private final TensorCore core;
    private final NamedBatches batches;
    private final ParameterBlock parameters;
    /** Whether the weights are its own to free. */
    private final boolean owner;

    private final SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    /** The one slot, of the program that ran last. */
    private @Nullable ForwardSlot slot;

    /**
     * Takes the memory of the weights, all zero. The core stays the caller's.
     *
     * @param model with the heads that {@link #evaluate} is to measure
     * @param largest samples that go through at once, at most
     * @param core stays the caller's
     */
    public Predictor(Model model, int largest, TensorCore core) {
        this(model, largest, core, ParameterBlock.forInference(model.nodes()), true);
    }

    private Predictor(Model model, int largest, TensorCore core, ParameterBlock parameters, boolean owner) {
        this.model = model;
        this.largest = largest;
        this.core = core;
        this.parameters = parameters;
        this.owner = owner;
        batches = new NamedBatches(model);
        parameters.values().forEach(value -> tensors.put(value.name(), value.tensor()));
    }

    /**
     * Makes one of another graph over the very weights of this one, by their names.
     *
     * @param graph whose parameters all are parameters of this model
     * @param samples that go through at once, at most
     * @return the other, to be closed before this one
     */
    public Predictor sharing(Model graph, int samples) {
        return new Predictor(graph, samples, core, parameters, false);
    }

    /** {@return the model, with its heads} */
    public Model model() {
        return model;
    }

    /** {@return the live weights and buffers by global name, in parameter order: whoever fills them gives the model its weights} */
    public SequencedMap<String, Tensor> weights() {
        return Collections.unmodifiableSequencedMap(tensors);
    }

    /**
     * Gives every parameter the initial values that training begins with.
     *
     * @param seed of that training
     */
    public void initialize(long seed) {
        parameters.initialize(seed, model::parameter);
    }

    /**
     * {@return how many samples a batch has: those of the inputs that count any; 1 if none does}
     *
     * @param inputs of the model, in order
     * @throws IllegalArgumentException if they do not agree, or there are not as many as the model has
     */
    public int samples(List<Tensor> inputs) {
        List<Input> declared = model.inputs();
        if (inputs.size() != declared.size()) {
            throw new IllegalArgumentException(
                    "expected the inputs " + declared.stream().map(Input::name).toList() + ", got " + inputs);
        }
        int samples = -1;
        for (int i = 0; i < inputs.size(); i++) {
            if (!declared.get(i).batched()) {
                continue;
            }
            int found = inputs.get(i).shape().rank() == 0
                    ? 0
                    : inputs.get(i).shape().dimension(0);
            if (samples >= 0 && found != samples) {
                throw new IllegalArgumentException("'" + declared.get(i).name() + "': expected " + samples
                        + " samples like the other inputs, found " + found);
            }
            samples = found;
        }
        return samples < 0 ? 1 : samples;
    }

    /**
     * {@return the types of the outputs of a batch of the largest samples, in the order of the model's outputs}
     *
     * @param samples of the batch
     */
    public List<TensorType> outputTypes(int samples) {
        return model.types(samples).of(model.outputs());
    }

    /**
     * {@return the types of the outputs of a batch, in the order of the model's outputs}
     *
     * @param inputs types of the inputs, in the order of the model's
     */
    public List<TensorType> outputTypes(List<TensorType> inputs) {
        return model.types(inputs).of(model.outputs());
    }

    /**
     * Overwrites the outputs of a batch.
     *
     * @param inputs of the model, in order, each of all samples; only read
     * @param outputs of the types that {@link #outputTypes} says
     * @throws IllegalArgumentException naming an input that does not fit, or a model whose outputs cannot be put together from parts when
     *     there are more samples than fit the slot
     */
    public void predict(List<Tensor> inputs, List<Tensor> outputs) {
        ForwardSlot forward = slot(false);
        int samples = samples(inputs);
        for (int first = 0; first < samples; first += largest) {
            predict(forward, inputs, outputs, first, Math.min(largest, samples - first));
        }
    }

    private void predict(ForwardSlot forward, List<Tensor> inputs, List<Tensor> outputs, int first, int count) {
        int samples = samples(inputs);
        Map<String, Tensor> given = new HashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            Input input = model.inputs().get(i);
            given.put(input.name(), input.batched() ? inputs.get(i).samples(first, count) : inputs.get(i));
        }
        Window.Part part = batches.part(given);
        try {
            BoundProgram bound =
                    forward.forward(new Window(0, Window.Phase.PREDICT, 0, List.of(part), List.of()), 0, given);
            ModelTypes types = forward.types(part);
            for (int i = 0; i < outputs.size(); i++) {
                TensorType made = types.of(model.outputs().get(i));
                Tensor place = SampleRows.of(outputs.get(i), samples, first, count);
                if (!TensorType.of(place).equals(made)) {
                    throw new IllegalArgumentException("output '"
                            + model.outputNames().get(i) + "': expected " + made + " for " + count
                            + " of " + samples + " samples, found room for " + place);
                }
                place.copyFrom(bound.value(model.outputs().get(i)));
            }
        } finally {
            forward.release();
        }
    }

    /**
     * Measures a mini-batch whose samples are all alike, as {@link #evaluate(List)} does.
     *
     * @param batch the inputs of the model and the targets of its heads, by name; only read
     * @param microbatches at least 1; a mini-batch of fewer samples has as many as samples
     * @return what the whole mini-batch measured
     */
    public WindowMetrics evaluate(Map<String, Tensor> batch, int microbatches) {
        int samples = batches.samples(batch);
        return evaluate(batches.cut(batch, Window.Part.split(samples, Math.min(samples, microbatches))));
    }

    /**
     * Measures a mini-batch as a window does that evaluates: the sums have its bits if the micro-batches are the same.
     *
     * @param microbatches each with the inputs of the model and the targets of its heads, by name; only read
     * @return what they measured together
     * @throws NonFiniteException if a loss is NaN or infinite, saying where it began
     */
    public WindowMetrics evaluate(List<Map<String, Tensor>> microbatches) {
        ForwardSlot forward = slot(true);
        Denominators weights = new Denominators(model);
        microbatches.forEach(microbatch -> weights.add(batches.samples(microbatch), microbatch));
        Window window = new Window(
                0,
                Window.Phase.EVALUATE,
                0,
                microbatches.stream().map(batches::part).toList(),
                weights.sums());
        WindowLoss losses = new WindowLoss(0, false);
        for (int m = 0; m < window.microbatches(); m++) {
            try {
                for (BoundLoss loss :
                        forward.forward(window, m, microbatches.get(m)).losses()) {
                    losses.add(window, new Action(0, Action.Kind.F, m), loss);
                }
            } catch (NonFiniteException e) {
                throw explained(e, forward);
            } finally {
                forward.release();
            }
        }
        return losses.finish();
    }

    private static NonFiniteException explained(NonFiniteException met, ForwardSlot forward) {
        Examination examination =
                new Examination(Replicas.alone(1), Ties.NONE, met.found().orElseThrow());
        examination.add(forward.inspect());
        return new NonFiniteException(examination);
    }

    /** {@return the bytes that are taken now: weights, and the slot if anything ran} */
    public long bytes() {
        return parameters.bytes() + (slot == null ? 0 : slot.capacityBytes());
    }

    /** The slot for one or the other; there is never more than one. */
    private ForwardSlot slot(boolean evaluating) {
        Model wanted = evaluating ? model : model.withoutHeads();
        ForwardSlot current = slot;
        if (current != null && current.model().equals(wanted)) {
            return current;
        }
        if (current != null) {
            current.close();
            slot = null;
        }
        ForwardSlot made = new ForwardSlot(wanted, largest, parameters, core.kernels());
        slot = made;
        return made;
    }

    /** Frees everything. */
    @Override
    public void close() {
        if (slot != null) {
            slot.close();
            slot = null;
        }
        if (owner) {
            parameters.close();
        }
    }
}
