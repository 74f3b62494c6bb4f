package io.ketju.actors.stage;

import io.ketju.pipeline.stage.StageCompute;
import io.ketju.pipeline.stage.StageEffect;
import io.ketju.pipeline.stage.Window;
import io.ketju.pipeline.stage.WindowMetrics;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Performs what a rank's machine wants done, and keeps the books over it. Used by the rank's actor alone. */
final class StageEffects {
    private static final Logger LOG = LoggerFactory.getLogger(StageEffects.class);

    private final StageParts parts;
    private final StageTasks tasks;
    private final StageLinks links;
    private final StageReports reports;
    private final StageTrace trace;
    private final StageCopies copies;
    private @Nullable Window window;
    /** By stage, in the window that it is at. */
    private final long[] busyNanos;

    StageEffects(
            StageParts parts,
            StageTasks tasks,
            StageLinks links,
            StageReports reports,
            StageCopies copies,
            StageTrace trace) {
        this.parts = parts;
        this.tasks = tasks;
        this.links = links;
        this.reports = reports;
        this.copies = copies;
        this.trace = trace;
        busyNanos = new long[parts.computes().getLast().ports().stage() + 1];
    }

    /** Performs all, in order; when one throws, the leases of those that are left are closed. */
    void perform(List<StageEffect> effects) {
        int done = 0;
        try {
            for (; done < effects.size(); done++) {
                perform(effects.get(done));
            }
        } catch (RuntimeException e) {
            StrayLeases.close(effects.subList(done, effects.size()));
            throw e;
        }
    }

    /** The tensor core was busy with a stage's window, from one time of its clock to another. */
    void computed(int stage, long started, long ended) {
        busyNanos[stage] += ended - started;
        trace.ended(started, ended);
    }

    /** The last window of which something ran; null: none. */
    @Nullable
    Window window() {
        return window;
    }

    /** The step of that window, for reports; 0: none. */
    long step() {
        return window == null ? 0 : window.step();
    }

    /** When this throws, the effect's leases are still the caller's. */
    private void perform(StageEffect effect) {
        switch (effect) {
            case StageEffect.RunCompute run -> {
                window = run.window();
                trace.ready(run);
                tasks.run(run);
            }
            case StageEffect.SendTensor send -> {
                links.send(send);
                trace.handedOver();
            }
            case StageEffect.ReportSums sums ->
                reports.sumsMade(sums.stage(), sums.window().number(), sums.sums());
            case StageEffect.FinishWindow finish -> finish(finish.stage(), finish.window());
            case StageEffect.Discard discard -> {
                LOG.debug("rank {} discards {}: {}", parts.rank(), discard.lease(), discard.reason());
                discard.lease().close();
            }
        }
    }

    private void finish(int stage, Window finished) {
        StageCompute compute = parts.compute(stage);
        WindowMetrics metrics = compute.finishWindow(finished);
        copies.finished(stage, finished);
        reports.histograms(finished.step(), compute.histograms());
        long busy = busyNanos[stage];
        busyNanos[stage] = 0;
        reports.windowFinished(
                stage, finished.number(), compute.measures() ? Optional.of(metrics) : Optional.empty(), busy);
        trace.finished(stage, finished.number());
    }
}
