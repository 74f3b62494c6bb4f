package io.ketju.deploy.display;

import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.choice.ScheduleComparison;
import io.ketju.pipeline.choice.ScheduleComparison.Row;
import io.ketju.records.text.Units;
import io.ketju.tensor.Plural;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What every schedule would make of a job, as a table; the fastest first. */
public final class ComparisonText {
    private ComparisonText() {}

    /**
     * @param own the job as it is, which the table marks
     */
    public static List<String> lines(ScheduleComparison comparison, PipelineSpec own, Terminal terminal) {
        List<Row> rows = comparison.rows();
        double unit = rows.stream()
                .filter(row -> row.spec().equals(own))
                .findFirst()
                .orElse(rows.getFirst())
                .step();
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("schedule", "stages", "step", "bubble", "memory of a rank", "sent in a step"));
        for (Row row : rows) {
            table.add(List.of(
                    row.schedule().name() + (row.spec().equals(own) ? " (this job)" : ""),
                    Integer.toString(row.spec().stages()),
                    comparison.measured()
                            ? String.format(Locale.ROOT, "%.3f ms", row.step() / 1e6)
                            : String.format(Locale.ROOT, "%.3f", row.step() / unit),
                    Units.percent(row.bubble()),
                    Units.bytes(row.mostBytes()),
                    Units.bytes(row.sentBytes())));
        }
        List<String> lines = new ArrayList<>(List.of(""));
        lines.addAll(new Table(table).lines(terminal.columns(), 0, terminal.unicode()));
        lines.add("");
        int ranks = rows.getFirst().spec().placement().ranks();
        lines.addAll(terminal.text("All schedules on " + Plural.of(ranks, "rank") + ", the same bits from each. "
                + (comparison.measured()
                        ? "Step: predicted from what was measured here of layers, a hop and a run of the job."
                        : "Step: predicted from modelled costs, 1 is this job's; --measure takes this machine's times.")
                + " Bubble: what ranks are idle. Memory: of the rank that holds most."));
        return lines;
    }
}
