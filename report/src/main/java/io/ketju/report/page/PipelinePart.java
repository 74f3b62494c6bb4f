package io.ketju.report.page;

import io.ketju.pipeline.stage.StagePlan;
import io.ketju.pipeline.trace.TraceReport;
import io.ketju.pipeline.trace.TraceReport.RankTimes;
import io.ketju.pipeline.trace.TraceReport.Wait;
import io.ketju.records.text.Units;
import io.ketju.records.timeline.ActionText;
import io.ketju.records.timeline.Timeline;
import io.ketju.records.timeline.TimelineSvg;
import io.ketju.report.figure.Curves.Point;
import io.ketju.report.figure.PipelineFigure;
import io.ketju.report.gather.RunNumbers;
import io.ketju.report.gather.RunPictures;
import io.ketju.tensor.Plural;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How the work was cut: what every rank does when, where its time goes, what every stage holds. */
final class PipelinePart {
    /** Waits that are told of, the longest. */
    private static final int LONGEST = 10;

    private PipelinePart() {}

    static void write(Markup html, RunPictures run) {
        for (PipelineFigure figure : run.pipeline()) {
            html.leaf("h3", figure.title());
            html.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", figure.title());
            html.raw(TimelineSvg.inline(figure.timeline())).close();
        }
        html.leaf("h3", "Bubbles");
        html.leaf("p", bubbles(run));
        Rows.write(
                html,
                "Share of its time that a rank computes, and idles",
                List.of("rank", "of what", "busy", "idle"),
                shares(run.pipeline()));
        run.trace().ifPresent(trace -> trace(html, trace));
        html.leaf("h3", "Stages");
        Rows.write(
                html,
                "What each stage holds, as planned",
                List.of(
                        "stage",
                        "layers",
                        "parameters",
                        "memory",
                        "weights",
                        "gradients",
                        "optimizer",
                        "in flight",
                        "versions"),
                StagePlan.all(run.facts().job().pipeline()).stream()
                        .map(PipelinePart::stage)
                        .toList());
    }

    private static String bubbles(RunPictures run) {
        List<Point> measured = run.numbers().points(RunNumbers.STEP, "bubble");
        String plan =
                "A bubble is a time in which a rank has nothing to compute. The plan is drawn by a model of what layers"
                        + " cost, with a thread for each rank.";
        return measured.isEmpty()
                ? plan
                : plan + " In the run, the compute threads idled "
                        + Units.percent(measured.stream()
                                .mapToDouble(Point::y)
                                .average()
                                .orElse(0)) + " of the time.";
    }

    private static List<List<String>> shares(List<PipelineFigure> figures) {
        List<List<String>> rows = new ArrayList<>();
        for (PipelineFigure figure : figures) {
            Timeline timeline = figure.timeline();
            for (int rank = 0; rank < timeline.rows().size(); rank++) {
                double busy = timeline.rows().get(rank).stream()
                        .mapToDouble(block -> block.end() - block.start())
                        .sum();
                double share = timeline.end() == 0 ? 0 : busy / timeline.end();
                rows.add(List.of(
                        Integer.toString(rank),
                        figure.name().equals("plan") ? "plan" : "measured steps",
                        Units.percent(share),
                        Units.percent(1 - share)));
            }
        }
        return rows;
    }

    private static void trace(Markup html, TraceReport trace) {
        List<List<String>> rows = new ArrayList<>();
        for (RankTimes rank : trace.ranks()) {
            double all = Math.max(1, rank.total());
            rows.add(List.of(
                    Integer.toString(rank.rank()),
                    Units.percent(rank.computing() / all),
                    Units.percent(rank.input() / all),
                    Units.percent(rank.thread() / all),
                    Units.percent(rank.buffers() / all),
                    Units.percent(rank.sending() / all),
                    Units.percent(rank.other() / all)));
        }
        Rows.write(
                html,
                "Where the time of " + Plural.of(trace.windows(), "measured training window") + " went",
                List.of("rank", "computing", "input", "thread", "buffers", "sending", "other"),
                rows);
        if (!trace.waits().isEmpty()) {
            Rows.write(
                    html,
                    "What ranks waited for longest",
                    List.of("rank", "waits for", "of its time", "times", "median us"),
                    waits(trace));
        }
        if (trace.dropped() > 0) {
            html.leaf("p", Units.count(trace.dropped()) + " records are missing: there was no room for them.");
        }
    }

    private static List<List<String>> waits(TraceReport trace) {
        List<List<String>> rows = new ArrayList<>();
        for (Wait wait : trace.waits().stream().limit(LONGEST).toList()) {
            long time = trace.ranks().stream()
                    .filter(rank -> rank.rank() == wait.rank())
                    .mapToLong(RankTimes::total)
                    .sum();
            rows.add(List.of(
                    Integer.toString(wait.rank()),
                    ActionText.waitedFor(wait),
                    Units.percent((double) wait.total() / Math.max(1, time)),
                    Units.count(wait.count()),
                    String.format(Locale.ROOT, "%,.1f", wait.median() / 1e3)));
        }
        return rows;
    }

    private static List<String> stage(StagePlan plan) {
        return List.of(
                Integer.toString(plan.stage()),
                String.join(", ", plan.layers()),
                Units.count(plan.parameters() + plan.frozen()),
                Units.bytes(plan.bytes()),
                Units.bytes(plan.parameterBytes()),
                Units.bytes(plan.gradientBytes()),
                Units.bytes(plan.stateBytes()),
                Integer.toString(plan.inFlight()),
                Integer.toString(plan.versions()));
    }
}
