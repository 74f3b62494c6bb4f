package io.ketju.deploy.display;

import io.ketju.actors.trace.TraceFile;
import io.ketju.data.BadDataException;
import io.ketju.pipeline.trace.ClockOffsets;
import io.ketju.pipeline.trace.TraceAnalysis;
import io.ketju.pipeline.trace.TraceReport;
import io.ketju.pipeline.trace.TraceReport.Hop;
import io.ketju.pipeline.trace.TraceReport.Pace;
import io.ketju.pipeline.trace.TraceReport.RankTimes;
import io.ketju.pipeline.trace.TraceReport.Wait;
import io.ketju.records.text.JobHeader;
import io.ketju.records.text.Units;
import io.ketju.records.timeline.ActionText;
import io.ketju.tensor.Plural;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a trace says, as tables. */
public final class TraceText {
    /** Waits that are told of. */
    private static final int LONGEST = 10;

    private TraceText() {}

    public static List<String> lines(TraceReport report, Terminal terminal) {
        List<String> lines = new ArrayList<>(terminal.text(Plural.of(report.windows(), "training window")
                + ", after the first " + report.skipped() + "; times in us"));
        if (report.dropped() > 0) {
            lines.addAll(terminal.text(Units.count(report.dropped())
                    + " earlier records were dropped: there was room for the newest alone"));
        }
        if (report.ranks().isEmpty()) {
            return lines;
        }
        lines.add("");
        lines.addAll(table(ranks(report), 1, terminal));
        lines.add("");
        lines.add("longest waits");
        lines.addAll(table(waits(report), 1, terminal));
        if (!report.hops().isEmpty()) {
            lines.add("");
            lines.add("hops to an idle rank, from sent to ready");
            lines.addAll(table(hops(report.hops()), 0, terminal));
        }
        lines.add("");
        lines.addAll(terminal.text(data(report)));
        report.pace().ifPresent(pace -> {
            lines.addAll(pace(pace, terminal));
        });
        return lines;
    }

    /** What waiting for data took: empty for a run that was not traced, or has not ended, or whose trace is damaged. */
    public static Optional<String> data(Path run) {
        List<Path> files = TraceFile.in(run);
        try {
            return files.isEmpty()
                    ? Optional.empty()
                    : Optional.of(data(TraceAnalysis.report(ClockOffsets.aligned(
                            files.stream().map(TraceFile::read).toList()))));
        } catch (BadDataException e) {
            return Optional.empty(); // ketju trace says what is wrong with it
        }
    }

    private static String data(TraceReport report) {
        return JobHeader.field("data") + Units.percent(report.feederShare())
                + " of all ranks' time went by waiting for samples from the feeder";
    }

    private static List<String> table(List<List<String>> rows, int wrapped, Terminal terminal) {
        return new Table(rows).lines(terminal.columns(), wrapped, terminal.unicode());
    }

    private static List<List<String>> ranks(TraceReport report) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("rank", "stages", "computing", "input", "thread", "buffers", "sending", "other"));
        for (RankTimes rank : report.ranks()) {
            rows.add(List.of(
                    Integer.toString(rank.rank()),
                    rank.stages().stream().map(String::valueOf).collect(Collectors.joining(", ")),
                    share(rank.computing(), rank.total()),
                    share(rank.input(), rank.total()),
                    share(rank.thread(), rank.total()),
                    share(rank.buffers(), rank.total()),
                    share(rank.sending(), rank.total()),
                    share(rank.other(), rank.total())));
        }
        return rows;
    }

    private static List<List<String>> waits(TraceReport report) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("rank", "waits for", "of its time", "times", "median"));
        for (Wait wait : report.waits().stream().limit(LONGEST).toList()) {
            long time = report.ranks().stream()
                    .filter(rank -> rank.rank() == wait.rank())
                    .mapToLong(RankTimes::total)
                    .sum();
            rows.add(List.of(
                    Integer.toString(wait.rank()),
                    ActionText.waitedFor(wait),
                    share(wait.total(), time),
                    Units.count(wait.count()),
                    micros((double) wait.median())));
        }
        return rows;
    }

    private static List<List<String>> hops(List<Hop> hops) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("tensor", "count", "median", "p99"));
        for (Hop hop : hops) {
            rows.add(List.of(
                    hop.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ') + " of stage " + hop.from() + " to "
                            + hop.to(),
                    Units.count(hop.count()),
                    micros((double) hop.median()),
                    micros((double) hop.p99())));
        }
        return rows;
    }

    private static List<String> pace(Pace pace, Terminal terminal) {
        List<String> lines = new ArrayList<>();
        lines.addAll(terminal.text(JobHeader.field("window") + micros(pace.period()) + " from end to end, the median"));
        lines.addAll(terminal.text(JobHeader.field("schedule") + micros(pace.simulated())
                + " if every action took its median time and nothing else any: "
                + Units.percent(pace.simulated() / pace.period()) + " of that speed reached"));
        lines.addAll(terminal.text(
                JobHeader.field("work") + micros(pace.work()) + " in all ranks together; one thread takes no less"));
        return lines;
    }

    private static String share(long part, long whole) {
        return Units.percent(whole == 0 ? 0 : (double) part / whole);
    }

    private static String micros(double nanos) {
        return String.format(Locale.ROOT, "%,.1f", nanos / 1e3);
    }
}
