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

    static MeasuredSteps of(Path folder, long totalSteps, Optional<WatchedSteps.Sample> watched) {
        List<Path> traces = TraceFile.in(folder);
        if (!traces.isEmpty()) {
            return new MeasuredSteps(
                    "Measured: steps from the middle of the run",
                    ClockOffsets.aligned(traces.stream().map(TraceFile::read).toList()));
        }
        return watched.map(seen -> new KeptSteps.Kept(seen.step(), seen.ranks().processes()))
                .or(() -> KeptSteps.read(folder))
                .map(seen -> of(seen, totalSteps))
                .orElse(new MeasuredSteps("", List.of()));
    }

    private static MeasuredSteps of(KeptSteps.Kept seen, long totalSteps) {
        String where = seen.step() == 0
                ? "the first steps of the run, when code was not compiled yet"
                : "shortly after step " + Units.count(seen.step()) + " of " + Units.count(totalSteps);
        return new MeasuredSteps("Measured: " + where, ClockOffsets.aligned(seen.processes()));
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
