package io.ketju.pipeline.stage;

import io.ketju.layers.model.Input;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.program.BatchPorts;
import io.ketju.pipeline.program.SampleRows;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * All ranks of a pipeline on the calling thread: the same machines and computes as in a cluster, with a queue in place
 * of the network. With one stage it is the plain training loop. Every other way to run must end with the same bits: its
 * {@link #stateHash} is the oracle. Not thread-safe. After an exception it can only be closed.
 */
public final class InProcessRunner implements AutoCloseable {
    private final PipelineSpec spec;
    private final InProcessPipeline pipeline;
    private final BatchPorts names;
    private final NamedBatches batches;
    private final GrantedBatches granted;

    /**
     * Allocates and initialises all stages.
     *
     * @param spec of any number of stages
     * @param core stays the caller's
     */
    public InProcessRunner(PipelineSpec spec, TensorCore core) {
        this.spec = spec;
        pipeline = new InProcessPipeline(spec, core);
        names = BatchPorts.of(spec.model());
        batches = new NamedBatches(spec.model());
        granted = new GrantedBatches(spec, batches);
    }

    /**
     * Has rates of training windows be reduced from now on, for schedules that watch the run.
     *
     * @param times how often, in all
     */
    public void reduceRates(int times) {
        granted.reduceRates(times);
    }

    /**
     * Has training windows take another plan from now on.
     *
     * @param other place among {@link PipelineSpec#plans}, from 0
     */
    public void schedule(int other) {
        granted.schedule(other);
    }

    /**
     * Has this stand around every action from now on.
     *
     * @param watcher in place of the one before
     */
    public void watch(ActionWatch watcher) {
        pipeline.watch(watcher);
    }

    /**
     * Has this hear what all ranks hear and want from now on.
     *
     * @param watcher in place of the one before
     */
    public void watch(MessageWatch watcher) {
        pipeline.watch(watcher);
    }

    /**
     * {@return what a training window measured, of as many micro-batches as the spec says, divided by what the targets weigh}
     *
     * @param step that ends it, from 1
     * @param batch [samples, ...] of the model's first input; copied
     * @param labels its last target, of the same samples; copied
     */
    public WindowMetrics train(long step, Tensor batch, Tensor labels) {
        return train(step, named(batch, labels));
    }

    /**
     * {@return the same of a window that runs forward only}
     *
     * @param step the last that was taken
     * @param batch [samples, ...] of the model's first input; copied
     * @param labels its last target, of the same samples; copied
     */
    public WindowMetrics evaluate(long step, Tensor batch, Tensor labels) {
        return evaluate(step, named(batch, labels));
    }

    /**
     * {@return as {@link #run(Window, Map)}, for a model with one input and one target}
     *
     * @param window the next one
     * @param batch [samples, ...] of the input; copied
     * @param labels the target of the same samples; copied
     */
    public WindowMetrics run(Window window, Tensor batch, Tensor labels) {
        return run(window, named(batch, labels));
    }

    private Map<String, Tensor> named(Tensor batch, Tensor labels) {
        return Map.of(names.names().getFirst(), batch, names.names().getLast(), labels);
    }

    /**
     * {@return as {@link #train(long, Tensor, Tensor)}, for any model}
     *
     * @param step that ends the window, from 1
     * @param batch [samples, ...] of each input and target, by name; copied
     */
    public WindowMetrics train(long step, Map<String, Tensor> batch) {
        return train(step, cut(batch));
    }

    /**
     * {@return what a training window for one of the recipe's objectives measured}
     *
     * @param objective from 0
     * @param step that it is of, from 1
     * @param batch by name; what no head of the objective reads need not be in it; copied
     */
    public WindowMetrics train(int objective, long step, Map<String, Tensor> batch) {
        return train(objective, step, cut(batch));
    }

    /**
     * The same of micro-batches whose types may differ, divided by what all their targets weigh. A step of several windows is run to its
     * end.
     *
     * @param objective from 0
     * @param step that it is of, from 1
     * @param microbatches in order, each by name; copied
     * @return what the first window measured
     */
    public WindowMetrics train(int objective, long step, List<Map<String, Tensor>> microbatches) {
        WindowMetrics first = run(window(Window.Phase.TRAIN, objective, step, microbatches), microbatches);
        WindowMetrics last = first;
        while (last.steps().goesOn()) {
            last = run(window(Window.Phase.TRAIN, objective, step, microbatches), microbatches);
        }
        return first;
    }

    /**
     * {@return as {@link #evaluate(long, Tensor, Tensor)}, for any model}
     *
     * @param step the last that was taken
     * @param batch [samples, ...] of each input and target, by name; copied
     */
    public WindowMetrics evaluate(long step, Map<String, Tensor> batch) {
        return evaluate(step, cut(batch));
    }

    /**
     * {@return what a training window measured whose micro-batches may be of different types, divided by what all their targets weigh}
     *
     * @param step that ends it, from 1
     * @param microbatches in order, each by name; copied
     */
    public WindowMetrics train(long step, List<Map<String, Tensor>> microbatches) {
        return train(0, step, microbatches);
    }

    /**
     * {@return as {@link #train(long, List)}, forward only}
     *
     * @param step the last that was taken
     * @param microbatches in order, each by name; copied
     */
    public WindowMetrics evaluate(long step, List<Map<String, Tensor>> microbatches) {
        return run(window(Window.Phase.EVALUATE, 0, step, microbatches), microbatches);
    }

    /**
     * Runs one window to its end.
     *
     * @param window the next one: they are numbered from 0 without gaps
     * @param batch [samples, ...] of each of the model's inputs and targets, by name; copied
     * @return what it measured
     * @throws NonFiniteException where the actors would end the run, in the same words
     * @throws IllegalArgumentException if the window has another number, or the batch other samples
     */
    public WindowMetrics run(Window window, Map<String, Tensor> batch) {
        int samples = batches.samples(batch);
        if (window.samples() != samples) {
            throw new IllegalArgumentException(
                    "expected window " + pipeline.nextWindow() + " with " + samples + " samples, got " + window);
        }
        return run(window, batches.cut(batch, window.parts()));
    }

    /**
     * As {@link #run(Window, Map)}, with every micro-batch by itself.
     *
     * @param window the next one
     * @param microbatches each with everything that changes; the first of the first window also with what never does
     * @return what it measured
     */
    public WindowMetrics run(Window window, List<Map<String, Tensor>> microbatches) {
        pipeline.grant(window, microbatches);
        pipeline.run();
        return pipeline.endOf(window);
    }

    /**
     * Trains in windows that overlap as the schedule says, one for each mini-batch, the last of which drains.
     *
     * @param firstStep the step of the first, from 1; the others follow
     * @param all mini-batches in order, each by name; copied
     * @return what each measured
     */
    public List<WindowMetrics> trainStretch(long firstStep, List<Map<String, Tensor>> all) {
        return trainStretch(firstStep, all.size(), index -> cut(all.get(index)));
    }

    /**
     * The same of micro-batches whose types may differ.
     *
     * @param firstStep the step of the first, from 1; the others follow
     * @param batches how many mini-batches
     * @param microbatches of every mini-batch, asked for in order, from 0; each is copied before the next is asked for
     * @return what each measured
     */
    public List<WindowMetrics> trainStretch(
            long firstStep, int batches, IntFunction<List<Map<String, Tensor>>> microbatches) {
        List<Window> windows = new ArrayList<>();
        if (spec.recipe().search().isPresent()) {
            return IntStream.range(0, batches)
                    .mapToObj(i -> train(firstStep + i, microbatches.apply(i)))
                    .toList();
        }
        for (int i = 0; i < batches; i++) {
            List<Map<String, Tensor>> parts = microbatches.apply(i);
            Window window = window(Window.Phase.TRAIN, 0, firstStep + i, parts);
            windows.add(window.draining(i == batches - 1 || spec.overlap().isEmpty()));
            pipeline.grant(windows.getLast(), parts);
            pipeline.run();
        }
        return windows.stream().map(pipeline::endOf).toList();
    }

    /**
     * Predicts any number of samples, in windows of their own.
     *
     * @param input [n, ...inputShape]; copied
     * @param output [n, ...outputShape]; overwritten
     */
    public void predict(Tensor input, Tensor output) {
        predict(List.of(input), List.of(output));
    }

    /**
     * As {@link #predict(Tensor, Tensor)}, for any model. What never changes is what the first window of all had.
     *
     * @param given all inputs of the model, in order; copied
     * @param wanted all outputs of the model, in order; overwritten
     */
    public void predict(List<Tensor> given, List<Tensor> wanted) {
        List<Input> inputs = spec.model().inputs();
        Map<String, Tensor> all = new HashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            all.put(inputs.get(i).name(), given.get(i));
        }
        int samples = batches.samples(all);
        for (int first = 0; first < samples; first += spec.batchSize()) {
            int from = first;
            int count = Math.min(spec.batchSize(), samples - first);
            Map<String, Tensor> batch = new HashMap<>(all);
            inputs.stream()
                    .filter(Input::batched)
                    .forEach(input -> batch.put(
                            input.name(), NamedBatches.tensor(all, input.name()).samples(from, count)));
            predictWindow(
                    cut(batch),
                    wanted.stream()
                            .map(tensor -> SampleRows.of(tensor, samples, from, count))
                            .toList());
        }
    }

    private void predictWindow(List<Map<String, Tensor>> microbatches, List<Tensor> wanted) {
        List<Window.Part> parts = microbatches.stream().map(batches::part).toList();
        Window window = new Window(pipeline.nextWindow(), Window.Phase.PREDICT, 0, parts, List.of());
        WindowOutputs collected = new WindowOutputs(InProcessPipeline.INCARNATION, window, wanted);
        pipeline.collect(collected);
        run(window, microbatches);
        if (!collected.complete()) {
            throw new IllegalStateException("window " + window.number() + " ends without all of its outputs");
        }
    }

    /** {@return all stages, in order, those of replicas behind the first's; they stay the runner's} */
    public List<StageCompute> computes() {
        return Collections.unmodifiableList(pipeline.computes());
    }

    /** {@return all live tensors by global name} */
    public SequencedMap<String, Tensor> tensors() {
        SequencedMap<String, Tensor> all = new LinkedHashMap<>();
        pipeline.computes().forEach(compute -> all.putAll(compute.tensors()));
        return all;
    }

    /**
     * Overwrites parameters and optimizer state.
     *
     * @param loaded by global name; copied
     * @throws IllegalArgumentException naming what does not fit, is missing, or is not of the model
     */
    public void load(Map<String, ? extends Tensor> loaded) {
        SequencedMap<String, Tensor> live = tensors();
        loaded.keySet().stream()
                .filter(name -> !live.containsKey(name) && !StageState.isCount(name))
                .sorted()
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException(
                            "weights: the model has no '" + name + "'; it has " + live.keySet());
                });
        pipeline.computes().forEach(compute -> compute.load(loaded));
    }

    /** {@return SHA-256 over all parameters and optimizer state: see {@link StateHash}} */
    public String stateHash() {
        return StateHash.of(tensors());
    }

    @Override
    public void close() {
        pipeline.close();
    }

    private Window window(Window.Phase phase, int objective, long step, List<Map<String, Tensor>> microbatches) {
        return granted.window(pipeline.nextWindow(), phase, objective, step, microbatches);
    }

    private List<Map<String, Tensor>> cut(Map<String, Tensor> batch) {
        return granted.cut(batch);
    }

    /** {@return how many leases anyone holds: 0 between windows} */
    public int leasesOutstanding() {
        return pipeline.leasesOutstanding();
    }
}
