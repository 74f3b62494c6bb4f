package io.ketju.examples.memory;

import io.ketju.examples.lesson.Fit;
import io.ketju.examples.lesson.Lesson;
import io.ketju.examples.lesson.TokenRows;
import io.ketju.plot.Chart;
import io.ketju.plot.SideBySide;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What was found of each network, as lines and curves. */
final class Report {
    /** Characters of a window. */
    private final int context;

    private final Chart learning = new Chart("Loss on the test text", "epoch", "bits a character");
    private final Chart places = new Chart("Loss by place in the window", "characters seen", "nats a character");
    private final Chart before = gradients("before the first step");
    private final Chart after = gradients("after the last epoch");
    private final List<String> losses = new ArrayList<>();
    private final List<String> gradientsBefore = new ArrayList<>();
    private final List<String> gradientsAfter = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();

    Report(int context) {
        this.context = context;
    }

    /** 1, 2, 4 and so on, and all of the window. */
    private List<Integer> back() {
        List<Integer> back = new ArrayList<>();
        for (int at = 1; at < context; at *= 2) {
            back.add(at);
        }
        back.add(context - 1);
        return back;
    }

    private static Chart gradients(String when) {
        return new Chart("Gradient of the last character, " + when, "characters back", "length, at the last one 1")
                .logarithmicY();
    }

    /** Lengths of the gradient at each character before the first step: see {@link Reach}. */
    void begun(Network network, double[] lengths) {
        gradientsBefore.add(gradient(before, "before", network, lengths));
    }

    /**
     * A network that has learnt.
     *
     * @param seen loss by place in the window
     * @param lengths of the gradient at each character
     * @param text what it writes
     */
    void learnt(Network network, Fit fit, double[] seen, double[] lengths, String text) {
        double[] bits = fit.test("bits_per_character");
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT, "%-6s%,10d", network, fit.model().model().parameterCount()));
        for (double of : bits) {
            line.append(String.format(Locale.ROOT, "%7.3f", of));
        }
        line.append("  ");
        for (double mean : TokenRows.doubling(seen)) {
            line.append(String.format(Locale.ROOT, "%7.3f", mean));
        }
        losses.add(line.toString());
        learning.line(network.name(), bits);
        places.line(network.name(), seen);
        gradientsAfter.add(gradient(after, "after", network, lengths));
        texts.add(String.format("%-6s%s", network, text.replace('\n', ' ')));
    }

    private String gradient(Chart chart, String when, Network network, double[] lengths) {
        double[] shares = IntStream.range(0, lengths.length)
                .mapToDouble(back -> lengths[back] / lengths[0])
                .toArray();
        chart.line(
                network.name(),
                IntStream.range(0, lengths.length).asDoubleStream().toArray(),
                shares);
        StringBuilder line = new StringBuilder(String.format("%-8s%-8s", when, network));
        for (int at : back()) {
            line.append(String.format(Locale.ROOT, "%10.1e", shares[at]));
        }
        return line.toString();
    }

    /** How many characters a place sees, where places are taken together as {@link TokenRows#doubling} does. */
    private List<String> seen() {
        List<String> seen = new ArrayList<>(List.of("1"));
        for (int most = 2; most <= context; most *= 2) {
            seen.add(most == 2 ? "2" : most / 2 + 1 + "-" + most);
        }
        return seen;
    }

    private static String row(String each, List<?> values) {
        return values.stream().map(each::formatted).collect(Collectors.joining());
    }

    void print(Lesson lesson) {
        String seen = row("%7s", seen());
        lesson.print(
                "%37s  %" + seen.length() + "s",
                "bits a character after epoch",
                "nats a character, by how many are seen");
        lesson.print("%16s%7d%7d%7d  %s", "parameters", 1, 2, 3, seen);
        losses.forEach(line -> lesson.print("%s", line));
        lesson.print("");
        lesson.print("Gradient of the last character's loss, by how many characters back; at the last one 1:");
        lesson.print("%16s%s", "", row("%10s", back()));
        gradientsBefore.forEach(line -> lesson.print("%s", line));
        gradientsAfter.forEach(line -> lesson.print("%s", line));
        lesson.print("");
        texts.forEach(text -> lesson.print("%s", text));
        lesson.picture("learning", new SideBySide(learning, places));
        lesson.picture("gradients", new SideBySide(before, after));
    }
}
