package io.ketju.deploy.display;

import io.ketju.cluster.node.ClusterStatus;
import io.ketju.cluster.status.NodeStatus;
import io.ketju.records.text.Units;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The status of a cluster as two tables: its nodes, and its runs. */
public final class StatusText {
    private static final int LONGEST = 200;
    private static final DateTimeFormatter SINCE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private StatusText() {}

    /** All lines. */
    public static List<String> lines(ClusterStatus status, Terminal terminal) {
        List<List<String>> nodes = new ArrayList<>();
        nodes.add(List.of("node", "role", "state", "threads", "version", "since"));
        status.nodes().forEach(node -> nodes.add(row(node)));
        List<String> lines = new ArrayList<>(new Table(nodes).lines(terminal.columns(), 2, terminal.unicode()));
        List<StatusRuns.Run> runs = StatusRuns.of(status);
        lines.add("");
        if (runs.isEmpty()) {
            lines.add("no runs");
            return lines;
        }
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("run", "state", "epoch", "step", "restarts", "stages"));
        runs.forEach(run -> table.add(row(run)));
        lines.addAll(new Table(table).lines(terminal.columns(), 5, terminal.unicode()));
        return lines;
    }

    private static List<String> row(ClusterStatus.Node node) {
        String trouble = node.trouble();
        if (node.status().isEmpty()) {
            return printable(
                    List.of(node.address(), StatusRuns.role(node), "does not answer: " + trouble, "-", "-", "-"));
        }
        NodeStatus own = node.status().get();
        return printable(List.of(
                node.address(),
                own.role(),
                state(own) + (trouble.isEmpty() ? "" : "; " + trouble),
                own.threads() == 0 ? "-" : Integer.toString(own.threads()),
                own.version(),
                SINCE.format(own.since().truncatedTo(ChronoUnit.SECONDS).atZone(ZoneId.systemDefault()))));
    }

    private static String state(NodeStatus own) {
        if (StatusRuns.standsBy(own)) {
            return "stands by for "
                    + own.directed().map(NodeStatus.Directed::job).orElse("a run");
        }
        if (own.directed().isPresent()) {
            return "directs " + own.directed().get().job();
        }
        if (own.held().isPresent()) {
            NodeStatus.Held held = own.held().get();
            return (own.leaving() ? "leaving: hands over " : "busy: ") + stages(held.stages()) + " of " + held.of()
                    + " of " + held.run();
        }
        if (own.leaving()) {
            return "leaving";
        }
        return own.members().isEmpty() ? "waits for a cluster" : "free";
    }

    private static List<String> row(StatusRuns.Run run) {
        NodeStatus.Directed directed = run.directed();
        return printable(List.of(
                directed.folder().isEmpty() ? directed.job() : directed.folder(),
                directed.state(),
                directed.epoch() + "/" + directed.epochs(),
                Units.count(directed.step()) + " of " + Units.count(directed.steps()),
                Integer.toString(directed.restarts()),
                run.workers().isEmpty()
                        ? "none placed"
                        : run.workers().stream()
                                .map(worker -> stages(worker.stages()) + " on " + worker.address())
                                .collect(Collectors.joining("; "))));
    }

    private static String stages(List<Integer> stages) {
        return (stages.size() == 1 ? "stage " : "stages ")
                + stages.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    /** Everything comes from other processes: nothing of it may move the cursor or break the line. */
    private static List<String> printable(List<String> row) {
        return row.stream()
                .map(cell -> cell.replaceAll("\\p{Cntrl}+", " "))
                .map(cell -> cell.length() <= LONGEST ? cell : cell.substring(0, LONGEST) + "...")
                .toList();
    }
}
