package io.ketju.actors.coordinator;

import io.ketju.actors.checkpoint.Shard;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The checkpoint that is being taken: which stages have saved their parts; and what the last one is of. */
final class ShardLedger {
    private final int stages;
    private final SortedMap<Integer, Shard> saved = new TreeMap<>();
    private long step;
    private long keptStep;
    private String keptProgress;

    /**
     * @param keptStep the step of the checkpoint that the run begins with
     * @param keptProgress what {@link WindowSequence#progress} was then
     */
    ShardLedger(int stages, long keptStep, String keptProgress) {
        this.stages = stages;
        this.keptStep = keptStep;
        this.keptProgress = keptProgress;
    }

    /** Whether the last checkpoint is of this step, and of all that the sequence has heard since. */
    boolean keeps(long ofStep, String progress) {
        return ofStep == keptStep && progress.equals(keptProgress);
    }

    /** The checkpoint that was begun last is committed. */
    void committed(String progress) {
        keptStep = step;
        keptProgress = progress;
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
