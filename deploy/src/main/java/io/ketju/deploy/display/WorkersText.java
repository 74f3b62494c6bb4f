package io.ketju.deploy.display;

import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.choice.LayerTimes;
import io.ketju.pipeline.choice.ScheduleComparison;
import io.ketju.pipeline.choice.Workers;
import io.ketju.records.text.Units;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Who runs the ranks of a job, where something is known of it: how fast each is, what it computes and what it may hold. */
public final class WorkersText {
    private WorkersText() {}

    /** Nothing where all are alike. */
    public static List<String> lines(PipelineSpec spec, LayerTimes times, Workers workers, Terminal terminal) {
        if (workers.equals(Workers.ALIKE)) {
            return List.of();
        }
        List<Double> busy = times.simulate(spec, spec.plan(), workers).busy();
        List<Long> bytes = ScheduleComparison.rankBytes(spec);
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("rank", "speed", "computes in a step", "memory", "may hold"));
        boolean over = false;
        for (int rank = 0; rank < busy.size(); rank++) {
            boolean holds = bytes.get(rank) <= workers.memory(rank);
            over |= !holds;
            table.add(List.of(
                    Integer.toString(rank),
                    String.format(Locale.ROOT, "%.2f", workers.speed(rank)),
                    String.format(Locale.ROOT, "%.3f ms", busy.get(rank) / 1e6),
                    Units.bytes(bytes.get(rank)),
                    !workers.limited()
                            ? "anything"
                            : Units.bytes(workers.memory(rank)) + (holds ? "" : ": too little")));
        }
        List<String> lines = new ArrayList<>(List.of(""));
        lines.addAll(new Table(table).lines(terminal.columns(), 0, terminal.unicode()));
        if (over) {
            lines.addAll(
                    terminal.text("The cut is the job's own and stays, though a rank holds more than its worker may."));
        }
        return lines;
    }
}
