package io.ketju.actors.coordinator;

import io.ketju.actors.coordinator.CoordinatorEffect.AnnounceCheckpoint;
import io.ketju.actors.coordinator.CoordinatorEffect.AnnounceStart;
import io.ketju.actors.coordinator.CoordinatorEffect.AnnounceWindow;
import io.ketju.actors.coordinator.CoordinatorEffect.CommitManifest;
import io.ketju.actors.coordinator.CoordinatorEffect.ConnectStages;
import io.ketju.actors.coordinator.CoordinatorEffect.EndRun;
import io.ketju.actors.coordinator.CoordinatorEffect.GiveSums;
import io.ketju.actors.coordinator.CoordinatorEffect.GrantWindow;
import io.ketju.actors.coordinator.CoordinatorEffect.InspectMicrobatch;
import io.ketju.actors.coordinator.CoordinatorEffect.PlaceStages;
import io.ketju.actors.coordinator.CoordinatorEffect.ReleaseStages;
import io.ketju.actors.coordinator.CoordinatorEffect.SaveShards;
import io.ketju.actors.message.PlannedWindow;
import io.ketju.actors.message.RunFailure;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.partition.Ties;
import io.ketju.pipeline.schedule.Overlap;
import io.ketju.pipeline.stage.Examination;
import io.ketju.pipeline.stage.Inspection;
import io.ketju.pipeline.stage.NonFinite;
import io.ketju.pipeline.stage.StepSums;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Directs a run, as a pure machine: places the stages, connects them, grants windows a little ahead of what is
 * finished, takes checkpoints at step boundaries, releases everything at the end. No clock, no thread, no actor. One
 * failure ends the run; what arrives afterwards is ignored.
 */
public final class CoordinatorMachine {
    private enum State {
        WAITING,
        PLACING,
        CONNECTING,
        RUNNING,
        CHECKPOINTING,
        EXAMINING,
        RELEASING,
        ENDED
    }

    private final int stages;
    private final Ties ties;
    private final boolean keepsCheckpoints;
    private final WindowSequence sequence;
    private final WindowLedger ledger;
    private final WindowsAhead ahead;
    private final WorkerLedger workers;
    private final ShardLedger shards;
    private final StepSums sums;
    private State state = State.WAITING;
    private @Nullable Examination examination;
    private @Nullable RunFailure failure;
    private @Nullable Throwable thrown;
    private @Nullable String stopReason;

    /**
     * The stages of a run.
     *
     * @param sums adds up what they make for their steps
     * @param ties parameters that they share
     * @param windows of which they run something before the oldest has ended: 1 where they do not overlap
     * @param searches whether what a training window measured says if its step goes on
     */
    public record Stages(int count, StepSums sums, Ties ties, int windows, boolean searches) {
        public static Stages of(PipelineSpec spec) {
            int windows = spec.overlap().map(Overlap::windowsInFlight).orElse(1);
            boolean searches = spec.recipe().search().isPresent();
            return new Stages(spec.stages(), StepSums.of(spec), spec.program(0).ties(), windows, searches);
        }
    }

    /**
     * @param sequence which windows the run has
     * @param keepsCheckpoints whether a run that ends takes a checkpoint of its last step
     * @param workers JVMs that hold stages, numbered from 0
     * @param completedSteps steps taken before this start; their checkpoint exists already
     */
    public CoordinatorMachine(
            WindowSequence sequence, boolean keepsCheckpoints, Stages ofRun, int workers, long completedSteps) {
        this.stages = ofRun.count();
        this.ties = ofRun.ties();
        this.ahead = new WindowsAhead(ofRun.windows());
        this.workers = new WorkerLedger(workers);
        this.keepsCheckpoints = keepsCheckpoints;
        this.sequence = sequence;
        this.ledger = new WindowLedger(stages, ofRun.searches(), completedSteps);
        this.shards = new ShardLedger(stages, completedSteps, sequence.progress());
        this.sums = ofRun.sums();
    }

    /** Takes one event; returns what is to be done, in order. */
    public List<CoordinatorEffect> on(CoordinatorEvent event) {
        List<CoordinatorEffect> effects = new ArrayList<>();
        if (state == State.ENDED) {
            return effects;
        }
        switch (event) {
            case CoordinatorEvent.WorkersReady ready -> onReady(ready, effects);
            case CoordinatorEvent.WorkerPlaced placed -> onPlaced(placed.worker(), effects);
            case CoordinatorEvent.WorkerConnected connected -> onConnected(connected.worker(), effects);
            case CoordinatorEvent.WindowFinished finished -> onWindowFinished(finished, effects);
            case CoordinatorEvent.SumsMade made -> onSumsMade(made, effects);
            case CoordinatorEvent.ShardSaved saved -> onShardSaved(saved, effects);
            case CoordinatorEvent.ManifestCommitted committed -> onCommitted(committed.step(), effects);
            case CoordinatorEvent.NonFiniteFound met -> onNonFinite(met.found(), effects);
            case CoordinatorEvent.MicrobatchInspected answer -> onInspected(answer.inspection(), effects);
            case CoordinatorEvent.Failed failed -> onFailed(failed.failure(), failed.thrown(), effects);
            case CoordinatorEvent.EffectFailed failed -> onEffectFailed(failed, effects);
            case CoordinatorEvent.WorkerFailed failed -> {
                workers.refused(failed.worker());
                onFailed(failed.failure(), failed.thrown(), effects);
                endIfReleased(effects);
            }
            case CoordinatorEvent.WorkerLost lost -> {
                workers.gone(lost.worker());
                onFailed(lost.failure(), Optional.empty(), effects);
                endIfReleased(effects);
            }
            case CoordinatorEvent.StopRequested request -> onStop(request.reason(), effects);
            case CoordinatorEvent.SequenceContinued more -> {
                if (state == State.RUNNING) {
                    proceed(effects);
                }
            }
            case CoordinatorEvent.WorkerReleased released -> {
                workers.released(released.worker());
                endIfReleased(effects);
            }
            case CoordinatorEvent.ReleaseTimedOut timedOut -> {
                if (state == State.RELEASING) {
                    end(effects);
                }
            }
        }
        return effects;
    }

    /** What the run waits for, for a watchdog. */
    public String waitsFor() {
        return switch (state) {
            case WAITING, ENDED -> "nothing";
            case PLACING -> "workers " + workers.missing() + " to place their stages";
            case CONNECTING -> "workers " + workers.missing() + " to connect their stages";
            case RUNNING -> ledger.describe();
            case CHECKPOINTING -> "the checkpoint of step " + shards.step();
            case EXAMINING -> "stages to say where a NaN or an infinity began";
            case RELEASING -> "workers " + workers.missing() + " to release their stages";
        };
    }

    /** The last step that all stages have taken. */
    public long completedSteps() {
        return ledger.completedSteps();
    }

    /** Whether the run waits for nothing but that its sequence has more. */
    public boolean idle() {
        return state == State.RUNNING && ledger.size() == 0;
    }

    /** Whether every window of the run is done, and nothing has failed. */
    public boolean completed() {
        return failure == null && sequence.done() && ledger.size() == 0;
    }

    private void onReady(CoordinatorEvent.WorkersReady event, List<CoordinatorEffect> effects) {
        if (state != State.WAITING) {
            throw new IllegalStateException("coordinator of " + stages + " stages is " + state + ", not "
                    + State.WAITING + ", when it gets " + event);
        }
        state = State.PLACING;
        effects.add(new PlaceStages());
    }

    private void onPlaced(int worker, List<CoordinatorEffect> effects) {
        workers.holds(worker);
        if (state == State.PLACING && workers.answered(worker)) {
            state = State.CONNECTING;
            effects.add(new ConnectStages());
        }
    }

    private void onConnected(int worker, List<CoordinatorEffect> effects) {
        if (state == State.CONNECTING && workers.answered(worker)) {
            state = State.RUNNING;
            effects.add(new AnnounceStart());
            proceed(effects);
        }
    }

    private void onWindowFinished(CoordinatorEvent.WindowFinished finished, List<CoordinatorEffect> effects) {
        if ((state != State.RUNNING && state != State.EXAMINING) || !exists(finished.stage())) {
            return;
        }
        Optional<WindowLedger.Finished> done = ledger.finished(finished);
        done.ifPresent(all -> {
            effects.add(new AnnounceWindow(all.window(), all.metrics(), all.busyNanos()));
            sequence.finished(all.window(), all.metrics());
            ahead.finished(all.busyNanos());
        });
        if (examination != null) {
            examination.finished(finished.stage(), finished.window());
            endExamination(effects);
        } else if (done.isPresent() && done.get().window().checkpoint()) {
            checkpoint(done.get().window().step(), effects);
        } else if (done.isPresent()) {
            proceed(effects);
        }
    }

    /** A stage whose sums are made has met nothing until then, and waits: if another has, that is all it can say. */
    private void onSumsMade(CoordinatorEvent.SumsMade made, List<CoordinatorEffect> effects) {
        if (state == State.RUNNING || state == State.EXAMINING) {
            ledger.open(made.window())
                    .flatMap(window -> sums.add(made.window(), window.objective(), made.stage(), made.sums()))
                    .ifPresent(agreed -> effects.add(new GiveSums(agreed)));
        }
        if (examination != null) {
            examination.finished(made.stage(), made.window());
            endExamination(effects);
        }
    }

    /**
     * Nothing more is granted, but where stages of overlapping windows would wait for one more, a last one that drains. Windows
     * before this one are finished everywhere, and still announced.
     */
    private void onNonFinite(NonFinite found, List<CoordinatorEffect> effects) {
        if (examination != null) {
            examination.add(found);
        } else if (state == State.RUNNING || state == State.CHECKPOINTING) {
            Examination begun = new Examination(stages, ties, found);
            (state == State.RUNNING ? ledger.finishedStages(begun.window()) : shards.savedStages())
                    .forEach(stage -> begun.finished(stage, begun.window()));
            sums.waiting(begun.window()).forEach(stage -> begun.finished(stage, begun.window()));
            if (begun.inspects()) {
                effects.add(new InspectMicrobatch(begun.window(), begun.microbatch()));
            }
            if (!ledger.atRest()) {
                sequence.next().ifPresent(last -> grant(last.draining(), effects));
            }
            examination = begun;
            state = State.EXAMINING;
        }
        endExamination(effects);
    }

    private void onInspected(Inspection answer, List<CoordinatorEffect> effects) {
        if (examination != null) {
            examination.add(answer);
            endExamination(effects);
        }
    }

    private void endExamination(List<CoordinatorEffect> effects) {
        if (examination != null && examination.complete()) {
            onFailed(new RunFailure.NotFinite(examination.message()), Optional.empty(), effects);
        }
    }

    /**
     * Grants what may be granted; ends the run when nothing is left. A step that has begun is never left undone, nor are
     * stages of overlapping windows left waiting for one more: the last one granted drains.
     */
    private void proceed(List<CoordinatorEffect> effects) {
        while ((stopReason == null || !ledger.atRest())
                && ledger.size() < ahead.windows()
                && !ledger.awaitsCheckpoint()) {
            Optional<PlannedWindow> next = sequence.next();
            if (next.isEmpty()) {
                break;
            }
            grant(stopReason == null ? next.get() : next.get().draining(), effects);
        }
        if (ledger.size() == 0) {
            rest(effects);
        }
    }

    private void grant(PlannedWindow window, List<CoordinatorEffect> effects) {
        ledger.granted(window);
        effects.add(new GrantWindow(window));
    }

    /** No window is granted: the run ends, or it waits for its sequence to have more. */
    private void rest(List<CoordinatorEffect> effects) {
        boolean ends = stopReason != null || sequence.done();
        boolean unsaved = keepsCheckpoints && !shards.keeps(ledger.completedSteps(), sequence.progress());
        if (sequence.wantsCheckpoint() || (ends && unsaved)) {
            checkpoint(ledger.completedSteps(), effects);
        } else if (ends) {
            release(stopReason == null ? "the run is complete" : stopReason, effects);
        }
    }

    private void checkpoint(long step, List<CoordinatorEffect> effects) {
        if (shards.keeps(step, sequence.progress())) {
            sequence.checkpointed(step);
            proceed(effects);
            return;
        }
        state = State.CHECKPOINTING;
        shards.begin(step);
        effects.add(new SaveShards(step));
    }

    private void onShardSaved(CoordinatorEvent.ShardSaved saved, List<CoordinatorEffect> effects) {
        if (examination != null) {
            examination.finished(saved.stage(), examination.window());
            endExamination(effects);
        }
        if (state == State.CHECKPOINTING && exists(saved.stage())) {
            shards.saved(saved)
                    .ifPresent(all -> effects.add(new CommitManifest(shards.step(), all, sequence.progress())));
        }
    }

    private void onCommitted(long step, List<CoordinatorEffect> effects) {
        if (state != State.CHECKPOINTING || step != shards.step()) {
            return;
        }
        shards.committed(sequence.progress());
        state = State.RUNNING;
        effects.add(new AnnounceCheckpoint(step));
        sequence.checkpointed(step);
        proceed(effects);
    }

    /** What breaks during an examination only ends it: what is known by then is the first failure. */
    private void onFailed(RunFailure what, Optional<Throwable> cause, List<CoordinatorEffect> effects) {
        if (failure != null || state == State.RELEASING) {
            return;
        }
        RunFailure first = examination == null ? what : new RunFailure.NotFinite(examination.message());
        failed(first, cause);
        if (state == State.WAITING) {
            end(effects);
        } else {
            release(first.line(), effects);
        }
    }

    private void failed(RunFailure what, Optional<Throwable> cause) {
        failure = what;
        thrown = examination == null ? cause.orElse(null) : null;
    }

    /** A wish to release may be among the effects that were not tried: it is repeated, which does no harm. */
    private void onEffectFailed(CoordinatorEvent.EffectFailed event, List<CoordinatorEffect> effects) {
        if (state == State.RELEASING && failure == null) {
            failed(event.failure(), event.thrown());
            effects.add(new ReleaseStages(event.failure().line()));
        } else {
            onFailed(event.failure(), event.thrown(), effects);
        }
    }

    private void onStop(String reason, List<CoordinatorEffect> effects) {
        if (stopReason != null || state == State.RELEASING) {
            return;
        }
        stopReason = reason;
        switch (state) {
            case RUNNING -> proceed(effects);
            case WAITING -> end(effects);
            case PLACING, CONNECTING -> release(reason, effects);
            case CHECKPOINTING, EXAMINING, RELEASING, ENDED -> {}
        }
    }

    private void release(String reason, List<CoordinatorEffect> effects) {
        state = State.RELEASING;
        workers.asked();
        effects.add(new ReleaseStages(reason));
    }

    private void endIfReleased(List<CoordinatorEffect> effects) {
        if (state == State.RELEASING && workers.allReleased()) {
            end(effects);
        }
    }

    private void end(List<CoordinatorEffect> effects) {
        state = State.ENDED;
        effects.add(
                new EndRun(Optional.ofNullable(failure), Optional.ofNullable(thrown), Optional.ofNullable(stopReason)));
    }

    private boolean exists(int stage) {
        return stage >= 0 && stage < stages;
    }
}
