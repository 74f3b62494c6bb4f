package io.ketju.pipeline.stage;

import io.ketju.pipeline.program.Step;
import io.ketju.pipeline.schedule.Action;
import java.util.ArrayList;
import java.util.List;

/** What the losses of a stage give, of each window that is in flight by itself. */
final class WindowLosses {
    private final List<WindowLoss> windows = new ArrayList<>();

    /**
     * @param windows in flight at once, at most
     * @param skips whether a window with a loss that is no finite number is skipped
     */
    WindowLosses(int stage, int windows, boolean skips) {
        for (int i = 0; i < windows; i++) {
            this.windows.add(new WindowLoss(stage, skips));
        }
    }

    private WindowLoss of(Window window) {
        return windows.get((int) (window.number() % windows.size()));
    }

    /** See {@link WindowLoss#add}. */
    void add(Window window, Action action, BoundLoss loss) {
        of(window).add(window, action, loss);
    }

    /** See {@link WindowLoss#put}. */
    PackedNumbers put(Window window, List<Step.LossStep> losses, int microbatches) {
        return of(window).put(losses, microbatches);
    }

    /** See {@link WindowLoss#take}. */
    void take(Window window, List<Step.LossStep> losses, int microbatches, PackedNumbers numbers) {
        of(window).take(losses, microbatches, numbers);
    }

    /** See {@link WindowLoss#finite}. */
    boolean finite(Window window) {
        return of(window).finite();
    }

    /** The sums of a window whose forwards are done, before it is finished. */
    WindowMetrics soFar(Window window) {
        return of(window).soFar();
    }

    /** The sums of a window. */
    WindowMetrics finish(Window window) {
        return of(window).finish();
    }
}
