package io.ketju.actors.run;

import io.ketju.actors.coordinator.WindowSequence;
import io.ketju.actors.message.PlannedWindow;
import io.ketju.pipeline.stage.Window;
import io.ketju.pipeline.stage.WindowMetrics;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The windows that the caller of a session asks for, one call after another: given out as they come, and the caller hears
 * what they gave. Any thread may ask.
 */
final class SessionSequence implements WindowSequence {
    private final Deque<PlannedWindow> asked = new ArrayDeque<>();
    private long number;
    private long step;
    private boolean ended;
    private WindowMetrics measured = WindowMetrics.NONE;
    private CompletableFuture<WindowMetrics> call = new CompletableFuture<>();
    private Optional<CompletableFuture<Long>> checkpoint = Optional.empty();

    /** Before anything is asked: how many steps were taken before this start. */
    synchronized void startAfter(long completedSteps) {
        step = completedSteps;
    }

    /** Steps that were asked for, those before this start included. */
    synchronized long steps() {
        return step;
    }

    /** A step of one window for each of these objectives, in turn, over one mini-batch; completes with what all measured. */
    synchronized CompletableFuture<WindowMetrics> train(List<Integer> objectives, long batch) {
        step++;
        for (int i = 0; i < objectives.size(); i++) {
            ask(Window.Phase.TRAIN, objectives.get(i), i == objectives.size() - 1, batch);
        }
        return begin();
    }

    /** A window that learns nothing. */
    synchronized CompletableFuture<WindowMetrics> evaluate(long batch) {
        ask(Window.Phase.EVALUATE, 0, true, batch);
        return begin();
    }

    /** A window that predicts. */
    synchronized CompletableFuture<WindowMetrics> predict(long batch) {
        ask(Window.Phase.PREDICT, 0, true, batch);
        return begin();
    }

    /** The number that the next window will have. */
    synchronized long nextNumber() {
        return number;
    }

    /** A checkpoint of the state as it is; completes with its step. */
    synchronized CompletableFuture<Long> checkpoint() {
        CompletableFuture<Long> wanted = new CompletableFuture<>();
        checkpoint = Optional.of(wanted);
        return wanted;
    }

    /** No more will be asked for. */
    synchronized void end() {
        ended = true;
    }

    private void ask(Window.Phase phase, int objective, boolean endsStep, long batch) {
        asked.addLast(new PlannedWindow(number++, phase, objective, step, endsStep, 1, batch, false, false));
    }

    private CompletableFuture<WindowMetrics> begin() {
        measured = WindowMetrics.NONE;
        call = new CompletableFuture<>();
        return call;
    }

    @Override
    public synchronized Optional<PlannedWindow> next() {
        return Optional.ofNullable(asked.pollFirst());
    }

    @Override
    public synchronized boolean done() {
        return ended && asked.isEmpty();
    }

    @Override
    public synchronized void finished(PlannedWindow window, WindowMetrics metrics) {
        measured = measured.plus(metrics);
        if (metrics.steps().goesOn()) {
            ask(window.phase(), window.objective(), true, window.batch());
        } else if (window.endsStep()) {
            call.complete(measured);
        }
    }

    @Override
    public synchronized boolean wantsCheckpoint() {
        return checkpoint.isPresent();
    }

    @Override
    public synchronized void checkpointed(long atStep) {
        checkpoint.ifPresent(wanted -> wanted.complete(atStep));
        checkpoint = Optional.empty();
    }
}
