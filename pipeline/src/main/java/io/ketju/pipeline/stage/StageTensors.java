package io.ketju.pipeline.stage;

import io.ketju.layers.model.ParameterBlock;
import io.ketju.layers.model.ParameterBlock.NamedTensor;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** All that a stage has learnt, under the names that {@link StageState} gives. The tensors are the live ones. Not thread-safe. */
final class StageTensors implements StageHoldings.Owner {
    private final ParameterBlock parameters;
    private final StageAverages averages;
    private final StageSearch search;
    /** Whether values are this stage's to keep, or the optimizer's state alone. */
    private final boolean keepsValues;

    private SequencedMap<String, Tensor> owned;
    /** Weights were loaded without optimizer state: the next update is the first of it, whatever the step. */
    private boolean stateIsNew;
    /** Where checkpoints are written behind the steps. */
    private @Nullable StateCopy copy;

    StageTensors(ParameterBlock parameters, StageAverages averages, StageSearch search, boolean keepsValues) {
        this.parameters = parameters;
        this.averages = averages;
        this.search = search;
        this.keepsValues = keepsValues;
        owned = kept();
    }

    /** What the stage owns. */
    SequencedMap<String, Tensor> owned() {
        return owned;
    }

    private SequencedMap<String, Tensor> kept() {
        List<NamedTensor> values = keepsValues ? parameters.values() : List.of();
        return StageState.tensors(values, parameters, search.owned(), averages.owned());
    }

    /** Takes memory for copies. */
    void keepCopies(long bytes) {
        copy = new StateCopy(bytes);
    }

    /** What is owned: copies, to be read until the next call while training goes on, if there is memory for them. */
    SequencedMap<String, Tensor> toWrite(TensorCore core) {
        return copy == null ? owned : copy.take(owned, core);
    }

    /** Begins to count the updates of every parameter by itself. */
    void countUpdates(long from) {
        parameters.countUpdates(from);
        owned = kept();
    }

    /** What is owned, and copies of what other stages own. */
    SequencedMap<String, Tensor> loadable() {
        SequencedMap<String, Tensor> all = new LinkedHashMap<>(owned);
        search.loadable().forEach(memory -> all.put(memory.name(), memory.tensor()));
        parameters.values().forEach(value -> all.put(value.name(), value.tensor()));
        parameters.mirrors().forEach(mirror -> all.put(mirror.name(), mirror.tensor()));
        averages.mirrors().forEach(mirror -> all.put(StageState.average(mirror.name()), mirror.tensor()));
        return all;
    }

    /** Overwrites them from a larger set: see {@link StageState}. */
    void load(Map<String, ? extends Tensor> loaded) {
        if (parameters.states().stream()
                .anyMatch(state -> loaded.containsKey(StageState.optimizerState(state.parameter(), StageState.STEP)))) {
            countUpdates(0);
        }
        boolean withState = StageState.load(loadable(), loaded);
        averages.loaded(StageState.hasAverages(loadable(), loaded));
        stateIsNew = !withState && parameters.counts().isEmpty();
        if (!withState) {
            parameters.initializeStates();
            parameters.counts().forEach(count -> count.tensor().clear());
            search.forget();
        }
        parameters.valuesChanged();
        parameters.clearGradients();
    }

    /** Before an update of a step: from the second step on, state that is new is counted by itself. */
    void beforeUpdate(long step) {
        if (stateIsNew && step > 1) {
            countUpdates(0);
        }
        stateIsNew = false;
    }

    /** Updates that the state has seen, before one of this step. */
    long updatesBefore(long step) {
        return stateIsNew ? 0 : step - 1;
    }

    @Override
    public long heldBytes() {
        return copy == null ? 0 : copy.heldBytes();
    }

    @Override
    public void close() {
        if (copy != null) {
            copy.close();
        }
    }
}
