package io.ketju.actors.job;

import io.ketju.data.BadDataException;
import io.ketju.data.BatchPlan;
import io.ketju.data.BatchPort;
import io.ketju.data.BatchSource;
import io.ketju.data.MicrobatchPlan;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.pipeline.program.BatchPorts;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.MicrobatchSplit;
import io.ketju.tensor.Plural;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Mini-batches that somebody hands over one by one, in place of a set of data. Each is checked whole when it is handed over,
 * and is there until it is taken back.
 */
public final class HandedBatches implements BatchSource {
    /** One mini-batch; nothing of it changes while it is handed over. */
    public interface Batch {
        /** {@return what it has, by the names of the model's inputs and targets} */
        Set<String> names();

        /**
         * The type of one of them.
         *
         * @param name one of {@link #names}
         * @return of all samples together, samples outermost
         */
        TensorType type(String name);

        /**
         * Overwrites a tensor with as many values as it takes.
         *
         * @param name one of {@link #names}
         * @param firstValue index of the first of them, row-major over all samples
         * @param target of the same element type
         */
        void copy(String name, int firstValue, Tensor target);
    }

    private record Handed(Batch batch, BatchPlan plan, boolean cut) {}

    private static final String WHERE = "batch";

    private final Model model;
    private final BatchPorts names;
    private final List<BatchPort> ports = new ArrayList<>();
    private final int batchSize;
    private final int microbatches;
    private final OptionalInt steps;
    private final Map<Long, Handed> handed = new ConcurrentHashMap<>();

    /**
     * @param model with its heads
     * @param steps optimizer steps of the whole job; empty where nothing depends on them
     */
    HandedBatches(Model model, int batchSize, int microbatches, OptionalInt steps) {
        this.model = model;
        this.batchSize = batchSize;
        this.microbatches = microbatches;
        this.steps = steps;
        names = BatchPorts.of(model);
        int largest = MicrobatchSplit.atMost(batchSize, microbatches).largest();
        List<TensorType> types = names.types(model, model.types(largest));
        for (int port = 0; port < types.size(); port++) {
            ports.add(new BatchPort(names.names().get(port), types.get(port), constant(port)));
        }
    }

    /**
     * Takes a mini-batch, cut into micro-batches as those of a data set are.
     *
     * @param index of the mini-batch: windows over it are planned by that
     * @param batch kept until it is taken back
     * @param needed what it must have
     * @param trains whether its samples are learnt from
     * @throws BadDataException with one line if it is not what the model takes; nothing is handed over then
     */
    public void hand(long index, Batch batch, Set<String> needed, boolean trains) {
        requireNames(batch, needed);
        requireConstants(batch);
        int samples = samples(batch);
        if (samples < 1 || samples > batchSize) {
            String wanted = samples < 1 ? "at least 1 sample" : "at most " + Plural.of(batchSize, "sample");
            throw BadDataException.of(WHERE, wanted, samples + "");
        }
        MicrobatchSplit split = MicrobatchSplit.atMost(samples, microbatches);
        List<MicrobatchPlan> parts = new ArrayList<>();
        for (int m = 0; m < split.microbatches(); m++) {
            MicrobatchPlan part = part(batch, split.size(m), split.microbatches() > 1, samples);
            if (trains) {
                BatchChecks.smallestTrains(model, this, part);
            }
            parts.add(part);
        }
        ranges(parts.getFirst()).require(WHERE, batch, needed);
        handed.put(index, new Handed(batch, new BatchPlan(index, 0, parts), parts.size() > 1));
    }

    /** The sizes that they depend on are the same in every micro-batch: only the number of samples differs. */
    private ValueRanges ranges(MicrobatchPlan part) {
        List<TensorType> inputs = model.inputs().stream()
                .map(input -> part.types().getOrDefault(input.name(), input.type(part.samples())))
                .toList();
        return new ValueRanges(model, model.types(inputs));
    }

    /**
     * The mini-batch is needed no longer.
     *
     * @param index as it was handed over; of one that is not there, nothing happens
     */
    public void takeBack(long index) {
        handed.remove(index);
    }

    private void requireNames(Batch batch, Set<String> needed) {
        for (String name : batch.names()) {
            if (!names.names().contains(name)) {
                throw BadDataException.of(WHERE, names.names().toString(), "'" + Excerpt.of(name) + "'");
            }
        }
        for (String name : needed) {
            if (!batch.names().contains(name)) {
                throw BadDataException.of(WHERE, "'" + name + "'", Excerpt.of(batch.names()));
            }
        }
    }

    private void requireConstants(Batch batch) {
        for (Input input : model.inputs()) {
            if (input.constant() && batch.names().contains(input.name())) {
                TensorType found = batch.type(input.name());
                if (!found.equals(input.type())) {
                    throw misfit(input.name(), input.type(), found);
                }
            }
        }
    }

    /** The first that counts samples decides. */
    private int samples(Batch batch) {
        for (Input input : model.inputs()) {
            if (input.batched() && batch.names().contains(input.name())) {
                TensorType type = batch.type(input.name());
                if (type.shape().rank() == 0) {
                    throw misfit(input.name(), input.type(batchSize), type);
                }
                return type.shape().dimension(0);
            }
        }
        return 1;
    }

    private MicrobatchPlan part(Batch batch, int count, boolean cut, int samples) {
        List<TensorType> inputs = new ArrayList<>();
        for (Input input : model.inputs()) {
            TensorType type = input.type(count);
            if (!input.constant() && batch.names().contains(input.name())) {
                type = batch.type(input.name());
                if (!input.takes(input.batched() ? rows(input.name(), type, samples, count) : type, count)) {
                    throw misfit(input.name(), input.type(samples), type);
                }
                type = input.batched() ? rows(input.name(), type, samples, count) : type;
            }
            inputs.add(type);
        }
        List<TensorType> types = names.types(model, model.types(inputs));
        TreeMap<String, TensorType> changing = new TreeMap<>();
        for (int port = 0; port < types.size(); port++) {
            String name = names.names().get(port);
            if (port >= inputs.size() && batch.names().contains(name)) {
                requireTarget(name, batch.type(name), types.get(port), cut ? samples : 0);
            }
            if (!constant(port)) {
                changing.put(name, types.get(port));
            }
        }
        return new MicrobatchPlan(count, changing);
    }

    /** @param samples of the mini-batch; 0 if it is one micro-batch, and the target as whole as that */
    private static void requireTarget(String name, TensorType found, TensorType ofPart, int samples) {
        TensorType wanted =
                samples == 0 ? ofPart : ofPart.withShape(ofPart.shape().sample().batched(samples));
        if (!found.equals(wanted)) {
            throw misfit(name, wanted, found);
        }
    }

    private static TensorType rows(String name, TensorType of, int samples, int count) {
        if (of.shape().rank() == 0 || of.shape().dimension(0) != samples) {
            throw BadDataException.of(WHERE, Plural.of(samples, "sample") + " of '" + name + "'", of.toString());
        }
        return of.withShape(of.shape().sample().batched(count));
    }

    private static BadDataException misfit(String name, TensorType wanted, TensorType found) {
        return BadDataException.of(WHERE, "'" + name + "' of " + wanted, found.toString());
    }

    private boolean constant(int port) {
        return port < model.inputs().size() && model.inputs().get(port).constant();
    }

    @Override
    public String name() {
        return "batches of a session";
    }

    @Override
    public List<BatchPort> ports() {
        return List.copyOf(ports);
    }

    @Override
    public int batchSize() {
        return batchSize;
    }

    @Override
    public int microbatches() {
        return microbatches;
    }

    /** Steps of the whole job, which is one data epoch. */
    @Override
    public int stepsPerEpoch() {
        return steps.orElse(Integer.MAX_VALUE);
    }

    @Override
    public BatchPlan plan(long index) {
        return handed(index).plan();
    }

    @Override
    public void copy(BatchPlan plan, int microbatch, String port, Tensor target) {
        Handed from = handed(plan.index());
        int place = names.names().indexOf(port);
        boolean rows = from.cut()
                && (place >= model.inputs().size() || model.inputs().get(place).batched());
        int first = rows
                ? plan.firstSample(microbatch)
                        * from.batch().type(port).shape().sample().elements()
                : 0;
        from.batch().copy(port, first, target);
    }

    /** Of the first mini-batch of all. */
    @Override
    public void copyConstant(String port, Tensor target) {
        handed(0).batch().copy(port, 0, target);
    }

    private Handed handed(long index) {
        return Objects.requireNonNull(handed.get(index), () -> "batch " + index + " was not handed over");
    }

    /** Of whatever is handed over: what it is, nobody knows before. */
    @Override
    public String identity() {
        try {
            byte[] text = ("handed over, steps " + steps).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
