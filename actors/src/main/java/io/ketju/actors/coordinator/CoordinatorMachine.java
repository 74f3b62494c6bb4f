package io.ketju.actors.coordinator;

import io.ketju.actors.message.PlannedWindow;
import io.ketju.actors.message.RunFailure;
import io.ketju.pipeline.stage.Examination;
import io.ketju.pipeline.stage.Inspection;
import io.ketju.pipeline.stage.NonFinite;
import io.ketju.pipeline.stage.StepSums;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Directs a run, as a pure machine: places the stages, connects them, grants windows a little ahead of what is
 * finished, takes checkpoints at step boundaries and has them written behind the next steps, one at a time, releases
 * everything at the end. No clock, no thread, no actor. One failure ends the run; what arrives afterwards is ignored.
 */
public final class CoordinatorMachine {
    private enum State {
        WAITING,
        PLACING,
        CONNECTING,
        RUNNING,
        CHECKPOINTING,
        EXAMINING,
        SETTLING,
        RELEASING,
        ENDED
    }

    private final RunStages run;
    private final boolean keepsCheckpoints;
    private final WindowSequence sequence;
    private final WindowLedger ledger;
    private final WindowsAhead ahead;
    private final WorkerLedger workers;
    private final ShardLedger shards;
    private final StepSums sums;
    private final RunWishes wishes = new RunWishes();
    private State state = State.WAITING;
    /** Whether a checkpoint of the state as it is comes before any other window. */
    private boolean checkpointDue;

    private @Nullable Examination examination;
    private @Nullable RunFailure failure;
    private @Nullable Throwable thrown;

    /**
     * One that waits for {@link CoordinatorEvent.WorkersReady}.
     *
     * @param sequence which windows the run has
     * @param keepsCheckpoints whether a run that ends takes a checkpoint of its last step
     * @param run its stages
     * @param workers parties that are placed, connected and released, numbered from 0: JVMs that hold stages, and the feeder
     * @param completedSteps steps taken before this start; their checkpoint exists already
     */
    public CoordinatorMachine(
            WindowSequence sequence, boolean keepsCheckpoints, RunStages run, int workers, long completedSteps) {
        this.run = run;
        this.ahead = new WindowsAhead(run.windows());
        this.workers = new WorkerLedger(workers);
        this.keepsCheckpoints = keepsCheckpoints;
        this.sequence = sequence;
        this.ledger = new WindowLedger(run.all(), run.searches(), completedSteps);
        this.shards = new ShardLedger(run.kept(), completedSteps, sequence.progress());
        this.sums = run.sums();
    }

    /**
     * {@return what is to be done after an event, in order}
     *
     * @param event ignored once the run has ended
     */
    public List<CoordinatorEffect> on(CoordinatorEvent event) {
        List<CoordinatorEffect> effects = new ArrayList<>();
        if (state == State.ENDED) {
            return effects;
        }
        switch (event) {
            case CoordinatorEvent.WorkersReady ready -> onReady(effects);
            case CoordinatorEvent.WorkerPlaced placed -> onPlaced(placed.worker(), effects);
            case CoordinatorEvent.WorkerConnected connected -> onConnected(connected.worker(), effects);
            case CoordinatorEvent.WindowFinished finished -> onWindowFinished(finished, effects);
            case CoordinatorEvent.SumsMade made -> onSumsMade(made, effects);
            case CoordinatorEvent.ShardReady ready -> onShardReady(ready, effects);
            case CoordinatorEvent.ShardSaved saved -> shards.saved(saved).ifPresent(effects::add);
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
            case CoordinatorEvent.PauseRequested pause -> {
                wishes.pause();
                proceedIfRunning(effects);
            }
            case CoordinatorEvent.SequenceContinued more -> proceedIfRunning(effects);
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

    /** {@return what the run waits for, in words, for a watchdog} */
    public String waitsFor() {
        return switch (state) {
            case WAITING, ENDED -> "nothing";
            case PLACING -> "workers " + workers.missing() + " to place their stages";
            case CONNECTING -> "workers " + workers.missing() + " to connect their stages";
            case RUNNING -> ledger.size() > 0 ? ledger.describe() : shards.describe();
            case CHECKPOINTING, SETTLING -> shards.describe();
            case EXAMINING -> "stages to say where a NaN or an infinity began";
            case RELEASING -> "workers " + workers.missing() + " to release their stages";
        };
    }

    /** {@return the last step that all stages have taken, from 1; 0: none} */
    public long completedSteps() {
        return ledger.completedSteps();
    }

    /** {@return whether the run waits for nothing but that its sequence has more} */
    public boolean idle() {
        return state == State.RUNNING && ledger.size() == 0 && !shards.underWay();
    }

    /** {@return whether every window of the run is done, and nothing has failed} */
    public boolean completed() {
        return failure == null && sequence.done() && ledger.size() == 0;
    }

    private void onReady(List<CoordinatorEffect> effects) {
        if (state != State.WAITING) {
            throw new IllegalStateException("workers get ready when the coordinator is " + state);
        }
        state = State.PLACING;
        effects.add(new CoordinatorEffect.PlaceStages());
    }

    private void onPlaced(int worker, List<CoordinatorEffect> effects) {
        workers.holds(worker);
        if (state == State.PLACING && workers.answered(worker)) {
            state = State.CONNECTING;
            effects.add(new CoordinatorEffect.ConnectStages());
        }
    }

    private void onConnected(int worker, List<CoordinatorEffect> effects) {
        if (state == State.CONNECTING && workers.answered(worker)) {
            state = State.RUNNING;
            effects.add(new CoordinatorEffect.AnnounceStart());
            proceed(effects);
        }
    }

    private void onWindowFinished(CoordinatorEvent.WindowFinished finished, List<CoordinatorEffect> effects) {
        if ((state != State.RUNNING && state != State.EXAMINING) || !run.has(finished.stage())) {
            return;
        }
        Optional<WindowLedger.Finished> done = ledger.finished(finished);
        done.ifPresent(all -> {
            effects.add(new CoordinatorEffect.AnnounceWindow(all.window(), all.metrics(), all.busyNanos()));
            sequence.finished(all.window(), all.metrics());
            ahead.finished(all.busyNanos());
        });
        if (examination != null) {
            examination.finished(finished.stage(), finished.window());
            endExamination(effects);
        } else if (done.isPresent()) {
            checkpointDue |= done.get().window().checkpoint();
            proceed(effects);
        }
    }

    /** A stage whose sums are made has met nothing until then, and waits: if another has, that is all it can say. */
    private void onSumsMade(CoordinatorEvent.SumsMade made, List<CoordinatorEffect> effects) {
        if (state == State.RUNNING || state == State.EXAMINING) {
            ledger.open(made.window())
                    .flatMap(window -> sums.add(made.window(), window.objective(), made.stage(), made.sums()))
                    .ifPresent(agreed -> effects.add(new CoordinatorEffect.GiveSums(agreed)));
        }
        if (examination != null) {
            examination.finished(made.stage(), made.window());
            endExamination(effects);
        }
    }

    /** Nothing more is granted but a last window that drains, where overlapping ones wait for it; those before are still announced. */
    private void onNonFinite(NonFinite found, List<CoordinatorEffect> effects) {
        if (examination != null) {
            examination.add(found);
        } else if (state == State.RUNNING || state == State.CHECKPOINTING) {
            Examination begun = new Examination(run.replicas(), run.ties(), found);
            (state == State.RUNNING ? ledger.finishedStages(begun.window()) : shards.readyStages())
                    .forEach(stage -> begun.finished(stage, begun.window()));
            sums.waiting(begun.window()).forEach(stage -> begun.finished(stage, begun.window()));
            if (begun.inspects()) {
                effects.add(new CoordinatorEffect.InspectMicrobatch(begun.window(), begun.microbatch()));
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

    /** Grants what may be granted, or ends the run. No step is left half done, and the last window that overlaps with others drains. */
    private void proceed(List<CoordinatorEffect> effects) {
        while (!(ledger.atRest() && wishes.met(sequence))
                && ledger.size() < ahead.windows()
                && !checkpointDue
                && !ledger.awaitsCheckpoint()) {
            Optional<PlannedWindow> next = sequence.next();
            if (next.isEmpty()) {
                break;
            }
            grant(wishes.stopReason().isEmpty() ? next.get() : next.get().draining(), effects);
        }
        if (ledger.size() == 0) {
            rest(effects);
        }
    }

    private void proceedIfRunning(List<CoordinatorEffect> effects) {
        if (state == State.RUNNING) {
            proceed(effects);
        }
    }

    private void grant(PlannedWindow window, List<CoordinatorEffect> effects) {
        ledger.granted(window);
        effects.add(new CoordinatorEffect.GrantWindow(window));
    }

    /**
     * No window is granted: a checkpoint is taken, the run ends, or it waits for its sequence to have more. First of all for the
     * checkpoint before, if that is still written: there is one at a time, and a run ends after its last.
     */
    private void rest(List<CoordinatorEffect> effects) {
        if (shards.underWay()) {
            return;
        }
        boolean ends = wishes.met(sequence) || sequence.done();
        boolean unsaved = keepsCheckpoints && !shards.keeps(ledger.completedSteps(), sequence.progress());
        if (checkpointDue || sequence.wantsCheckpoint() || (ends && unsaved)) {
            checkpoint(ledger.completedSteps(), effects);
        } else if (ends) {
            release(wishes.reason(sequence), effects);
        }
    }

    private void checkpoint(long step, List<CoordinatorEffect> effects) {
        checkpointDue = false;
        if (shards.keeps(step, sequence.progress())) {
            sequence.checkpointed(step);
            proceed(effects);
            return;
        }
        state = State.CHECKPOINTING;
        shards.begin(step, sequence.progress());
        effects.add(new CoordinatorEffect.SaveShards(step));
    }

    /** Nothing of what goes into the checkpoint can turn out bad any more; where it is copied, training goes on. */
    private void onShardReady(CoordinatorEvent.ShardReady ready, List<CoordinatorEffect> effects) {
        if (examination != null) {
            examination.finished(ready.stage(), examination.window());
            endExamination(effects);
        }
        if (shards.ready(ready) && state == State.CHECKPOINTING && sequence.goesOnBehindCheckpoints()) {
            state = State.RUNNING;
            effects.add(new CoordinatorEffect.AnnounceCopy(ready.step()));
            sequence.checkpointed(ready.step());
            proceed(effects);
        }
        shards.commit().ifPresent(effects::add);
    }

    private void onCommitted(long step, List<CoordinatorEffect> effects) {
        if (!shards.committed(step)) {
            return;
        }
        effects.add(new CoordinatorEffect.AnnounceCheckpoint(step, ledger.size() == 0));
        if (state == State.CHECKPOINTING) {
            state = State.RUNNING;
            sequence.checkpointed(step);
        }
        proceedIfRunning(effects);
        if (state == State.SETTLING) {
            release(Objects.requireNonNull(failure).line(), effects);
        }
    }

    /**
     * What breaks during an examination only ends it: what is known by then is the first failure. A checkpoint that is being
     * written behind the steps is still committed, unless those who write it may be what broke.
     */
    private void onFailed(RunFailure what, Optional<Throwable> cause, List<CoordinatorEffect> effects) {
        boolean settles = shards.whole() && ShardLedger.survives(what);
        if (failure != null) {
            if (state == State.SETTLING && !settles) {
                release(failure.line(), effects);
            }
            return;
        }
        if (state == State.RELEASING) {
            return;
        }
        RunFailure first = examination == null ? what : new RunFailure.NotFinite(examination.message());
        failed(first, cause);
        if (state == State.WAITING) {
            end(effects);
        } else if (settles) {
            state = State.SETTLING;
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
            effects.add(new CoordinatorEffect.ReleaseStages(event.failure().line()));
        } else {
            onFailed(event.failure(), event.thrown(), effects);
        }
    }

    private void onStop(String reason, List<CoordinatorEffect> effects) {
        if (state == State.RELEASING || !wishes.stop(reason)) {
            return;
        }
        switch (state) {
            case RUNNING -> proceed(effects);
            case WAITING -> end(effects);
            case PLACING, CONNECTING -> release(reason, effects);
            default -> {} // what goes on ends it, or sees the wish at its own end
        }
    }

    private void release(String reason, List<CoordinatorEffect> effects) {
        state = State.RELEASING;
        shards.abandon();
        workers.asked();
        effects.add(new CoordinatorEffect.ReleaseStages(reason));
    }

    private void endIfReleased(List<CoordinatorEffect> effects) {
        if (state == State.RELEASING && workers.allReleased()) {
            end(effects);
        }
    }

    private void end(List<CoordinatorEffect> effects) {
        state = State.ENDED;
        effects.add(new CoordinatorEffect.EndRun(
                Optional.ofNullable(failure), Optional.ofNullable(thrown), wishes.stopReason()));
    }
}
