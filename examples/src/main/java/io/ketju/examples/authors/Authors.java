package io.ketju.examples.authors;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.SentenceClassifier;
import io.ketju.data.text.TextEncoding;
import io.ketju.data.text.Vocabulary;
import io.ketju.examples.lesson.Example;
import io.ketju.examples.lesson.Fit;
import io.ketju.examples.lesson.Lesson;
import io.ketju.examples.lesson.Points;
import io.ketju.examples.lesson.Traffic;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelText;
import io.ketju.layers.model.zoo.Models;
import io.ketju.layers.optimizer.Adam;
import io.ketju.plot.Chart;
import io.ketju.plot.SideBySide;
import io.ketju.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Example 17. */
public final class Authors implements Example {
    private static final int EPOCHS = 5;
    private static final double LEAST = 0.001;
    private static final int[] LENGTHS = {8, 12, 16, 20, 64};

    private static final List<String> SENTENCES = List.of(
            "and the child went into the house, and sat by the old man.",
            "and he said unto them, behold, the child is in the house.",
            "the lord chancellor took a pinch of snuff, and said nothing.",
            "he was a wise man, and feared god.");

    // region sizes
    private static final Size SHORT = new Size(64, 32);
    /** Those of Kim 2014. */
    private static final Size LONG = new Size(300, 100);
    // end region

    /** Numbers of a word, and filters of each width. */
    private record Size(int embedding, int filters) {}

    /** A network, and what it is called here. */
    private record Network(String name, Model model) {}

    @Override
    public String name() {
        return "authors";
    }

    @Override
    public String question() {
        return "Who wrote this sentence? Convolutions over words";
    }

    @Override
    public String full() {
        return "networks as large as Kim's, 300 numbers a word";
    }

    /** Four runs. */
    @Override
    public boolean quick() {
        return false;
    }

    @Override
    public void run(Lesson lesson) {
        DataSource lines = DataSource.named("lines(authors, tokens=words, min_count=5)");
        List<Network> networks = networks(lesson.full() ? LONG : SHORT);
        Lines test = Lines.read(lines.test());
        Chart learning = new Chart("Sentences told right", "epoch", "share of the test sentences");
        Chart lengths = new Chart("By length", "words (each range by its end)", "share of the test sentences");
        lesson.print(
                "%,d sentences to learn from, %,d to test with",
                lines.train().size(), lines.test().size());
        lesson.print("%-34s%12s%34s", "told right after epoch", "", "after the last, by words");
        StringBuilder heading = new StringBuilder(" ");
        for (int bound = 0; bound < LENGTHS.length; bound++) {
            heading.append(String.format(Locale.ROOT, "%9s", least(bound) + " to " + LENGTHS[bound]));
        }
        lesson.print("%-24s%11s%8d%8d%8d%s", "network", "parameters", 1, 3, 5, heading);
        for (Network network : networks) {
            try (Fit fit = Fit.of(job(network.model(), lines))) {
                double[] epochs = fit.test("accuracy");
                double[] byLength = byLength(test, new SentenceClassifier(fit.model()));
                learning.line(network.name(), epochs);
                lengths.line(
                        network.name(), Arrays.stream(LENGTHS).asDoubleStream().toArray(), byLength);
                StringBuilder line = new StringBuilder();
                for (double share : new double[] {epochs[0], epochs[2], epochs[4]}) {
                    line.append(String.format(Locale.ROOT, "%8.2f", 100 * share));
                }
                line.append(' ');
                for (double share : byLength) {
                    line.append(String.format(Locale.ROOT, "%9.2f", 100 * share));
                }
                lesson.print("%-24s%,11d%s", network.name(), network.model().parameterCount(), line);
                if (network.equals(networks.getLast())) {
                    explain(lesson, lines, test, new SentenceClassifier(fit.model()));
                }
            }
        }
        lesson.picture("learning", new SideBySide(learning, lengths));
        lesson.print("");
        Traffic.lines(job(networks.getLast().model(), lines)).forEach(line -> lesson.print("%s", line));
    }

    private static List<Network> networks(Size size) {
        Model bag = ModelText.parse(
                Shape.of(),
                List.of(
                        "input input = int32[64]",
                        "words = EmbeddingBag(2800, " + size.embedding() + ", mode=mean, padding_idx=0)",
                        "fc = Linear(" + size.embedding() + ", 2)"));
        return List.of(
                new Network("bag of words", bag),
                new Network("filters of 1 word", cnn(size, "1")),
                new Network("filters of 2 words", cnn(size, "2")),
                new Network("filters of 3, 4, 5 words", cnn(size, "3, 4, 5")));
    }

    // region job
    private static Model cnn(Size size, String widths) {
        return Models.named("text_cnn(vocabulary=2800, longest=64, embedding=" + size.embedding() + ", filters="
                + size.filters() + ", classes=2, widths=(" + widths + "), dropout=0.5)");
    }

    private static TrainingJob job(Model model, DataSource lines) {
        return Ketju.job()
                .model(model)
                .data(lines)
                .optimizer(new Adam(0.002))
                .batchSize(64)
                .microbatches(4)
                .stages(2)
                .epochs(EPOCHS)
                .checkpointEveryEpochs(EPOCHS)
                .seed(1)
                .build();
    }
    // end region

    /** How short a sentence may be that comes under a bound: longer than the bound before. */
    private static int least(int bound) {
        return bound == 0 ? 1 : LENGTHS[bound - 1] + 1;
    }

    /** The share told right of the sentences that are longer than the bound before and not longer than this one. */
    private static double[] byLength(Lines test, SentenceClassifier classifier) {
        List<float[]> told = classifier.probabilities(test.tokens());
        double[] shares = new double[LENGTHS.length];
        for (int bound = 0; bound < LENGTHS.length; bound++) {
            int least = least(bound);
            int upTo = LENGTHS[bound];
            int[] of = IntStream.range(0, test.size())
                    .filter(i -> test.tokens().get(i).length >= least
                            && test.tokens().get(i).length <= upTo)
                    .toArray();
            shares[bound] = (double) IntStream.of(of)
                            .filter(i -> Points.largest(told.get(i))
                                    == test.authors().get(i))
                            .count()
                    / of.length;
        }
        return shares;
    }

    private static void explain(Lesson lesson, DataSource lines, Lines test, SentenceClassifier classifier) {
        TextEncoding encoding = lines.test().textEncoding().orElseThrow();
        List<String> authors = lines.test().classNames();
        lesson.print("");
        lesson.print(
                "By the last network: probability of %s, and how much of it goes if a word is unknown", authors.get(1));
        SENTENCES.forEach(sentence -> explain(lesson, encoding.encode(sentence), encoding, classifier));
        lesson.print("The test sentence that it is most wrong about:");
        List<float[]> told = classifier.probabilities(test.tokens());
        int worst = IntStream.range(0, test.size())
                .boxed()
                .min(Comparator.comparingDouble(
                        (Integer i) -> told.get(i)[test.authors().get(i)]))
                .orElseThrow();
        explain(lesson, test.tokens().get(worst), encoding, classifier);
        lesson.print("        it is of %s", authors.get(test.authors().get(worst)));
    }

    private static void explain(Lesson lesson, int[] tokens, TextEncoding encoding, SentenceClassifier classifier) {
        List<int[]> without = new ArrayList<>(List.of(tokens));
        for (int i = 0; i < tokens.length; i++) {
            int[] other = tokens.clone();
            other[i] = Vocabulary.NUL;
            without.add(other);
        }
        List<float[]> told = classifier.probabilities(without);
        float whole = told.getFirst()[1];
        lesson.print("%.3f   %s", whole, encoding.decode(tokens));
        String deciding = IntStream.range(0, tokens.length)
                .boxed()
                .filter(i -> Math.abs(whole - told.get(i + 1)[1]) >= LEAST)
                .sorted(Comparator.comparingDouble((Integer i) -> -Math.abs(whole - told.get(i + 1)[1])))
                .limit(4)
                .map(i -> String.format(
                        Locale.ROOT, "'%s' %+.3f", encoding.decode(tokens[i]), whole - told.get(i + 1)[1]))
                .collect(Collectors.joining(", "));
        lesson.print("        %s", deciding);
    }
}
