package io.ketju.report.gather;

import io.ketju.actors.trace.TraceFile;
import io.ketju.pipeline.trace.ClockOffsets;
import io.ketju.pipeline.trace.ProcessTrace;
import io.ketju.pipeline.trace.TraceAnalysis;
import io.ketju.pipeline.trace.TraceReport;
import io.ketju.records.text.Units;
import io.ketju.records.timeline.Timeline;
import io.ketju.records.timeline.WatchedSteps;
import io.ketju.report.figure.PipelineFigure;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What ranks did, as far as it is known: all of a traced run, two windows of a run that was watched.
 *
 * @param title of the steps that are shown
 * @param processes by one clock; none: nothing is known
 */
record MeasuredSteps(String title, List<ProcessTrace> processes) {
    /** Windows that are shown, at most. */
    private static final int SHOWN = 3;

    static MeasuredSteps of(Path folder, Optional<WatchedSteps.Sample> watched) {
        List<ProcessTrace> traced = ClockOffsets.aligned(
                TraceFile.in(folder).stream().map(TraceFile::read).toList());
        return traced.isEmpty()
                ? watched.map(MeasuredSteps::of).orElse(new MeasuredSteps("", List.of()))
                : new MeasuredSteps("Measured: steps from the middle of the run", traced);
    }

    private static MeasuredSteps of(WatchedSteps.Sample watched) {
        String where = watched.step() == 0
                ? "the first steps of the run, when code was not compiled yet"
                : "shortly after step " + Units.count(watched.step()) + " of " + Units.count(watched.totalSteps());
        return new MeasuredSteps("Measured: " + where, watched.ranks().byOneClock());
    }

    Optional<PipelineFigure> figure() {
        return processes.isEmpty()
                ? Optional.empty()
                : Optional.of(new PipelineFigure("steps", Timeline.of(title, processes, SHOWN)));
    }

    Optional<TraceReport> report() {
        return processes.isEmpty() ? Optional.empty() : Optional.of(TraceAnalysis.report(processes));
    }
}
