package io.ketju.data.column;

import io.ketju.data.BatchOrder;
import io.ketju.data.BatchSource;
import io.ketju.data.Dataset;
import io.ketju.data.IdentityHash;
import io.ketju.data.RowChecks;
import io.ketju.data.SampleBatches;
import io.ketju.data.text.TextEncoding;
import io.ketju.data.text.Translations;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Padded sequences, with all that models may want to know of them under names of their own, as a data set: batches are padded to the
 * longest of a micro-batch, and samples of similar length come together where the order is a random one. Read one by one, an input is
 * padded to the longest of all.
 */
public final class NamedSamples implements Dataset {
    private final ColumnSamples samples;
    private final Sequences inputs;
    private final Facts facts;

    /**
     * What is known beside the values.
     *
     * @param classNames of classes; empty where targets are none
     * @param encoding of the inputs
     * @param tokens how many different ones come under a name
     * @param notes one line each
     * @param translations of the sentences that are the inputs, where targets are such
     */
    public record Facts(
            List<String> classNames,
            TextEncoding encoding,
            Map<String, Integer> tokens,
            List<String> notes,
            Optional<Translations> translations) {
        /** Copies the lists and the map. */
        public Facts {
            classNames = List.copyOf(classNames);
            tokens = Map.copyOf(tokens);
            notes = List.copyOf(notes);
        }
    }

    /**
     * Puts columns together as a data set.
     *
     * @param samples all inputs and targets
     * @param inputs whose lengths bring samples together
     * @param facts of the same samples
     */
    public NamedSamples(ColumnSamples samples, Sequences inputs, Facts facts) {
        this.samples = samples;
        this.inputs = inputs;
        this.facts = facts;
    }

    @Override
    public boolean namesItsPorts() {
        return true;
    }

    @Override
    public BatchSource batches(String input, String target, int batchSize, int microbatches, BatchOrder order) {
        BatchOrder sorted = order instanceof BatchOrder.Shuffled shuffled
                ? BatchOrder.bucketed(shuffled.seed(), batchSize, inputs::length)
                : order;
        return new SampleBatches(samples, batchSize, microbatches, sorted);
    }

    @Override
    public String name() {
        return samples.name();
    }

    @Override
    public int size() {
        return samples.size();
    }

    @Override
    public Shape inputShape() {
        return Shape.of(inputs.longest());
    }

    @Override
    public DType inputType() {
        return DType.INT32;
    }

    @Override
    public int classes() {
        return facts.classNames().size();
    }

    @Override
    public List<String> classNames() {
        return facts.classNames();
    }

    @Override
    public Optional<TextEncoding> textEncoding() {
        return Optional.of(facts.encoding());
    }

    @Override
    public Optional<Translations> translations() {
        return facts.translations();
    }

    @Override
    public int tokens(String port) {
        return facts.tokens().getOrDefault(port, 0);
    }

    @Override
    public List<String> notes() {
        return facts.notes();
    }

    @Override
    public void copyInput(int sample, Tensor batch, int row) {
        RowChecks.checkSample(this, sample);
        RowChecks.check(DType.INT32, inputShape(), batch, row);
        int longest = inputs.longest();
        int[] elements = inputs.row(sample);
        for (int i = 0; i < longest; i++) {
            batch.setInt(row * longest + i, i < elements.length ? elements[i] : 0);
        }
    }

    /** Targets have no form of their own: they are read in batches. */
    @Override
    public void copyTarget(int sample, Tensor batch, int row) {
        throw new UnsupportedOperationException(name() + " gives its targets in batches, by their names");
    }

    @Override
    public String identity() {
        IdentityHash hash = new IdentityHash("ketju-named-1").add(samples.identity());
        facts.classNames().forEach(hash::add);
        return hash.hex();
    }
}
