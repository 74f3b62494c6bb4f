package io.ketju.actors.coordinator;

import io.ketju.actors.checkpoint.Shard;
import io.ketju.actors.message.RunFailure;
import io.ketju.pipeline.partition.Ties;
import io.ketju.pipeline.stage.StepSums;
import io.ketju.pipeline.stage.WindowMetrics;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Plays workers, stages and writer. */
record CoordinatorDriver(CoordinatorMachine machine, List<String> log) {
    static final int STAGES = 3;
    static final int WORKERS = 2;
    static final RunFailure LOST = new RunFailure.WorkerLost("127.0.0.1:4711", List.of(0, 1), 2);

    void on(CoordinatorEvent event) {
        machine.on(event).forEach(effect -> log.add(text(effect)));
    }

    /** Over the epochs of a run of this length. */
    static CoordinatorMachine machine(RunLength length, long completedSteps) {
        return machine(length, completedSteps, Set.of());
    }

    /** The same, where some stages make sums for their steps. */
    static CoordinatorMachine machine(RunLength length, long completedSteps, Set<Integer> summing) {
        return machine(length, completedSteps, summing, Ties.NONE);
    }

    /** The same, with parameters that stages share. */
    static CoordinatorMachine machine(RunLength length, long completedSteps, Set<Integer> summing, Ties ties) {
        return new CoordinatorMachine(
                new EpochSequence(length, completedSteps),
                true,
                new RunStages(STAGES, new StepSums(1, List.of(summing)), ties, 1, false),
                WORKERS,
                completedSteps);
    }

    void start() {
        on(new CoordinatorEvent.WorkersReady());
        for (int worker = 0; worker < WORKERS; worker++) {
            on(new CoordinatorEvent.WorkerPlaced(worker));
        }
        for (int worker = 0; worker < WORKERS; worker++) {
            on(new CoordinatorEvent.WorkerConnected(worker));
        }
    }

    void advanceTo(int moment) {
        if (moment >= 1) {
            on(new CoordinatorEvent.WorkersReady());
        }
        if (moment >= 2) {
            on(new CoordinatorEvent.WorkerPlaced(0));
            on(new CoordinatorEvent.WorkerPlaced(1));
        }
        if (moment >= 3) {
            on(new CoordinatorEvent.WorkerConnected(0));
            on(new CoordinatorEvent.WorkerConnected(1));
        }
        if (moment >= 4) {
            for (int window = 0; window < 4; window++) {
                finishAll(window);
            }
        }
        if (moment >= 5) {
            readyAll(3);
            saveAll(3);
        }
    }

    /** Reports of all stages for all granted windows, in random order but each stage's windows in theirs. */
    void runToEnd(Random random) {
        long[] next = new long[STAGES];
        while (log.stream().noneMatch(line -> line.startsWith("end"))) {
            long granted = log.stream().filter(line -> line.startsWith("grant")).count();
            List<Integer> able = new ArrayList<>();
            for (int stage = 0; stage < STAGES; stage++) {
                if (next[stage] < grantedBefore(granted)) {
                    able.add(stage);
                }
            }
            if (able.isEmpty()) {
                answerOther(random);
            } else {
                int stage = able.get(random.nextInt(able.size()));
                on(finished(stage, next[stage]++));
            }
        }
    }

    /** Windows 0 and 1 were granted before the log of a run that starts with an empty one. */
    private long grantedBefore(long inLog) {
        return log.contains("place") ? inLog : inLog + 2;
    }

    /** Of the writers each answers at once. */
    private void answerOther(Random random) {
        String last = log.getLast();
        if (last.startsWith("save")) {
            saveShuffled(Long.parseLong(last.substring(5)), random);
        } else if (last.startsWith("commit")) {
            on(new CoordinatorEvent.ManifestCommitted(Long.parseLong(last.substring(7))));
        } else {
            releaseAll();
        }
    }

    private void saveShuffled(long step, Random random) {
        List<Integer> stages = new ArrayList<>(List.of(0, 1, 2));
        Collections.shuffle(stages, random);
        stages.forEach(stage -> on(new CoordinatorEvent.ShardReady(stage, step)));
        Collections.shuffle(stages, random);
        stages.forEach(stage -> on(new CoordinatorEvent.ShardSaved(stage, step, shard(stage))));
        on(new CoordinatorEvent.ManifestCommitted(step));
    }

    void finishEverything() {
        for (int window = 0; window < 4; window++) {
            finishAll(window);
        }
        readyAll(3);
        saveAll(3);
        on(new CoordinatorEvent.ManifestCommitted(3));
        for (int window = 4; window < 8; window++) {
            finishAll(window);
        }
        readyAll(6);
        saveAll(6);
        on(new CoordinatorEvent.ManifestCommitted(6));
    }

    void finishAll(int window) {
        for (int stage = 0; stage < STAGES; stage++) {
            on(finished(stage, window));
        }
    }

    void readyAll(long step) {
        for (int stage = 0; stage < STAGES; stage++) {
            on(new CoordinatorEvent.ShardReady(stage, step));
        }
    }

    void saveAll(long step) {
        for (int stage = 0; stage < STAGES; stage++) {
            on(new CoordinatorEvent.ShardSaved(stage, step, shard(stage)));
        }
    }

    void releaseAll() {
        for (int worker = 0; worker < WORKERS; worker++) {
            on(new CoordinatorEvent.WorkerReleased(worker));
        }
    }

    private static String text(CoordinatorEffect effect) {
        return switch (effect) {
            case CoordinatorEffect.PlaceStages place -> "place";
            case CoordinatorEffect.ConnectStages connect -> "connect";
            case CoordinatorEffect.AnnounceStart start -> "start";
            case CoordinatorEffect.GrantWindow grant ->
                "grant " + grant.window().number();
            case CoordinatorEffect.GiveSums give ->
                "sums " + give.sums().window() + " " + give.sums().sums() + " to "
                        + give.sums().stages().stream().sorted().toList();
            case CoordinatorEffect.AnnounceWindow done ->
                "window " + done.window().number();
            case CoordinatorEffect.SaveShards save -> "save " + save.step();
            case CoordinatorEffect.CommitManifest commit -> "commit " + commit.step();
            case CoordinatorEffect.AnnounceCopy copied -> "copied " + copied.step();
            case CoordinatorEffect.AnnounceCheckpoint checkpoint ->
                (checkpoint.awaited() ? "awaited " : "") + "checkpoint " + checkpoint.step();
            case CoordinatorEffect.ReleaseStages release -> "release " + release.reason();
            case CoordinatorEffect.InspectMicrobatch inspect ->
                "inspect " + inspect.window() + "/" + inspect.microbatch();
            case CoordinatorEffect.EndRun end -> "end " + end.failure().map(RunFailure::line) + " " + end.stopReason();
        };
    }

    /** Of a window so long that two are granted at a time. */
    static CoordinatorEvent finished(int stage, long window) {
        return finished(stage, window, WindowsAhead.NANOS);
    }

    static CoordinatorEvent finished(int stage, long window, long busyNanos) {
        boolean last = stage == STAGES - 1;
        return new CoordinatorEvent.WindowFinished(
                stage,
                window,
                last ? Optional.of(new WindowMetrics(1, 2, Map.of("accuracy", List.of(1.0, 2.0)))) : Optional.empty(),
                busyNanos);
    }

    static Shard shard(int stage) {
        return new Shard("stage-" + stage + ".safetensors", 8, "00");
    }
}
