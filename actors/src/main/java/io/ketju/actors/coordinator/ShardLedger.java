package io.ketju.actors.coordinator;

import io.ketju.actors.checkpoint.Shard;
import io.ketju.actors.message.RunFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The checkpoint that is under way, one at a time: which stages have looked at their parts and hold them ready, which have
 * saved them; and what the last one that is committed is of.
 */
final class ShardLedger {
    private enum Phase {
        NONE,
        READYING,
        WRITING,
        COMMITTING
    }

    private final int stages;
    private final SortedSet<Integer> ready = new TreeSet<>();
    private final SortedMap<Integer, Shard> saved = new TreeMap<>();
    private Phase phase = Phase.NONE;
    private long step;
    private String progress = "";
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

    /** Whether the writers of shards, and of the manifest, are still there after this: it is no news of theirs. */
    static boolean survives(RunFailure failure) {
        return switch (failure) {
            case RunFailure.StageFailed stage -> true;
            case RunFailure.NotFinite met -> true;
            case RunFailure.BadData data -> true;
            case RunFailure.CoordinatorFailed listener -> true;
            default -> false;
        };
    }

    /** Whether the last checkpoint is of this step, and of all that the sequence has heard since. */
    boolean keeps(long ofStep, String ofProgress) {
        return ofStep == keptStep && ofProgress.equals(keptProgress);
    }

    /** Begins a checkpoint of the state after this step; none is under way. */
    void begin(long ofStep, String ofProgress) {
        if (underWay()) {
            throw new IllegalStateException(describe() + " is under way, and that of step " + ofStep + " begins");
        }
        phase = Phase.READYING;
        step = ofStep;
        progress = ofProgress;
        ready.clear();
        saved.clear();
    }

    /** Whether one was begun and is not committed. */
    boolean underWay() {
        return phase != Phase.NONE;
    }

    /** Whether all stages hold their parts of it ready, so that it will be committed if nothing happens to the writers. */
    boolean whole() {
        return phase == Phase.WRITING || phase == Phase.COMMITTING;
    }

    /** The checkpoint that is under way, for whoever waits for it. */
    String describe() {
        return "the checkpoint of step " + step;
    }

    /** Notes that a stage holds its part ready; whether it was the last that was missing. */
    boolean ready(CoordinatorEvent.ShardReady report) {
        boolean known =
                phase == Phase.READYING && exists(report.stage()) && report.step() == step && ready.add(report.stage());
        if (!known || ready.size() < stages) {
            return false;
        }
        phase = Phase.WRITING;
        return true;
    }

    /** The stages that hold their parts ready. */
    List<Integer> readyStages() {
        return List.copyOf(ready);
    }

    /** Notes one stage's part, once; with the last that was missing, what is to be committed. */
    Optional<CoordinatorEffect> saved(CoordinatorEvent.ShardSaved report) {
        boolean expected =
                (phase == Phase.READYING || phase == Phase.WRITING) && exists(report.stage()) && report.step() == step;
        if (!expected || saved.putIfAbsent(report.stage(), report.shard()) != null) {
            return Optional.empty();
        }
        return commit();
    }

    /**
     * What is to be committed when all parts are saved and all stages have held theirs ready, once. A part that is written in the
     * run's own JVM may be heard of before its stage.
     */
    Optional<CoordinatorEffect> commit() {
        if (phase != Phase.WRITING || saved.size() < stages) {
            return Optional.empty();
        }
        phase = Phase.COMMITTING;
        return Optional.of(new CoordinatorEffect.CommitManifest(step, new ArrayList<>(saved.values()), progress));
    }

    /** Notes that the manifest of this step is durable; whether it is the one that was asked for. */
    boolean committed(long ofStep) {
        if (phase != Phase.COMMITTING || ofStep != step) {
            return false;
        }
        phase = Phase.NONE;
        keptStep = step;
        keptProgress = progress;
        return true;
    }

    /** What is under way is given up: nothing of it counts any more. */
    void abandon() {
        phase = Phase.NONE;
    }

    private boolean exists(int stage) {
        return stage >= 0 && stage < stages;
    }
}
