package io.ketju.deploy.display;

import io.ketju.layers.model.Model;
import io.ketju.pipeline.choice.LayerTimes;
import io.ketju.pipeline.choice.Overhead;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.schedule.SimulationCosts.StageCosts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What the layers of a job take, as measured, and the cut that follows from it. */
public final class LayerTimesText {
    private LayerTimesText() {}

    /**
     * @param measured what comes beside layers, before a run of the job had its say
     * @param between what a hop lies between: "ranks of one JVM"
     * @param partition the cut of the job, balanced by these times unless it was made by hand
     */
    public static List<String> lines(
            Model model, LayerTimes times, Overhead measured, String between, Partition partition, Terminal terminal) {
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("layers", "text", "F", "B", "I", "W", "S"));
        for (int i = 0; i < times.layers().size(); i++) {
            int from = times.bounds().get(i);
            int to = times.bounds().get(i + 1);
            StageCosts costs = times.layers().get(i);
            table.add(List.of(
                    to - from == 1 ? Integer.toString(from) : from + " to " + (to - 1),
                    model.nodes().subList(from, to).stream()
                            .map(node -> node.layer().spec().toString())
                            .collect(Collectors.joining(", ")),
                    micros(costs.forward()),
                    micros(costs.backward()),
                    micros(costs.inputGradient()),
                    micros(costs.weightGradient()),
                    micros(costs.optimizerStep())));
        }
        List<String> lines = new ArrayList<>(List.of(""));
        lines.addAll(new Table(table).lines(terminal.columns(), 1, terminal.unicode()));
        lines.add("");
        String starts = measured.start() > 0 ? ", the start of an action " + micros(measured.start()) : "";
        lines.addAll(terminal.text(
                "Microseconds of one thread with one micro-batch, the median, for forward, backward, its halves for the input and"
                        + " the weights, and a step. A hop between " + between + " takes "
                        + micros(measured.hop()) + starts + "." + fitted(measured, times.overhead())));
        lines.addAll(terminal.text("stage-bounds = "
                + partition.bounds().stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"))));
        return lines;
    }

    /** What is predicted by, where a run of the job has shown something else than layers and hops foretell. */
    private static String fitted(Overhead measured, Overhead fitted) {
        if (fitted.equals(measured)) {
            return "";
        }
        String shown = fitted.slowdown() > 1
                ? String.format(Locale.ROOT, "layers take %.2f times as long", fitted.slowdown())
                : "hops and starts count for less, " + micros(fitted.hop()) + " and " + micros(fitted.start());
        return " The job itself ran there for a moment: in what is predicted, " + shown + ".";
    }

    private static String micros(double nanos) {
        return String.format(Locale.ROOT, "%.1f", nanos / 1e3);
    }
}
