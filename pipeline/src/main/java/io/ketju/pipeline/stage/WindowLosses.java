package io.ketju.pipeline.stage;

import io.ketju.pipeline.schedule.Action;
import java.util.ArrayList;
import java.util.List;

/** What the losses of a stage give, of each window that is in flight by itself. */
final class WindowLosses {
    private final List<WindowLoss> windows = new ArrayList<>();

    /** @param windows in flight at once, at most */
    WindowLosses(int stage, int windows) {
        for (int i = 0; i < windows; i++) {
            this.windows.add(new WindowLoss(stage));
        }
    }

    private WindowLoss of(Window window) {
        return windows.get((int) (window.number() % windows.size()));
    }

    /** See {@link WindowLoss#add}. */
    void add(Window window, Action action, BoundLoss loss) {
        of(window).add(window, action, loss);
    }

    /** The sums of a window. */
    WindowMetrics finish(Window window) {
        return of(window).finish();
    }
}
