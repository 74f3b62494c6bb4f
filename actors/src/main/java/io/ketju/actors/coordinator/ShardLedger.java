package io.ketju.actors.coordinator;

import io.ketju.actors.checkpoint.Shard;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The checkpoint that is being taken: which stages have saved their parts. */
final class ShardLedger {
    private final int stages;
    private final SortedMap<Integer, Shard> saved = new TreeMap<>();
    private long step;

    ShardLedger(int stages) {
        this.stages = stages;
    }

    /** Begins a checkpoint of the state after this step. */
    void begin(long ofStep) {
        step = ofStep;
        saved.clear();
    }

    /** The step of the checkpoint that was begun last. */
    long step() {
        return step;
    }

    /** Notes one stage's part, once; gives all of them, in stage order, with the last that was missing. */
    Optional<List<Shard>> saved(CoordinatorEvent.ShardSaved report) {
        boolean known = report.step() == step && saved.putIfAbsent(report.stage(), report.shard()) == null;
        return known && saved.size() == stages ? Optional.of(List.copyOf(saved.values())) : Optional.empty();
    }

    /** The stages whose parts are saved. */
    List<Integer> savedStages() {
        return List.copyOf(saved.keySet());
    }
}
