package io.ketju.examples.wordvectors;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.WordNeighbours;
import io.ketju.data.text.TextEncoding;
import io.ketju.examples.lesson.Example;
import io.ketju.examples.lesson.Fit;
import io.ketju.examples.lesson.Lesson;
import io.ketju.examples.lesson.Traffic;
import io.ketju.layers.optimizer.Adagrad;
import io.ketju.plot.Picture;
import io.ketju.plot.SideBySide;
import io.ketju.plot.WordMap;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Example 16. */
public final class WordVectors implements Example {
    private static final int EPOCHS = 5;
    private static final int FULL_EPOCHS = 20;
    private static final int DIMENSIONS = 100;
    private static final int FULL_DIMENSIONS = 300;
    private static final int NEAREST = 3;
    private static final List<String> ASKED = List.of("night", "mother", "hand", "three", "went");

    /** What is to the third as the second is to the first, and the answer. */
    private static final List<List<String>> ANALOGIES = List.of(
            List.of("he", "his", "she", "her"),
            List.of("he", "him", "she", "her"),
            List.of("man", "he", "woman", "she"),
            List.of("father", "he", "mother", "she"),
            List.of("hand", "hands", "eye", "eyes"),
            List.of("hand", "hands", "year", "years"),
            List.of("is", "was", "are", "were"),
            List.of("has", "had", "is", "was"),
            List.of("come", "came", "go", "went"),
            List.of("see", "saw", "know", "knew"));

    /** One of the four ways, its model but for the dimensions. */
    private record Way(String name, String form, String model) {
        TrainingJob job(Lesson lesson, DataSource data) {
            int dimensions = lesson.either(DIMENSIONS, FULL_DIMENSIONS);
            return WordVectors.job(
                    model + ", dimensions=" + dimensions + ")", data, lesson.either(EPOCHS, FULL_EPOCHS));
        }
    }

    private static final List<Way> WAYS = List.of(
            new Way("CBOW, negatives", "cbow", "cbow(vocabulary=3449, window=10, negatives=5"),
            new Way("CBOW, tree", "cbow", "cbow(vocabulary=3449, window=10, depth=18"),
            new Way("skip-gram, negatives", "skip_gram", "skip_gram(vocabulary=3449, window=10, negatives=5"),
            new Way("skip-gram, tree", "skip_gram", "skip_gram(vocabulary=3449, window=10, depth=18"));

    private record Learnt(Way way, double first, double last, double purity, WordNeighbours neighbours, Picture map) {}

    @Override
    public String name() {
        return "word-vectors";
    }

    @Override
    public String question() {
        return "What does a word mean? Word vectors four ways: neighbours, analogies, a map";
    }

    @Override
    public String full() {
        return "300 numbers a word in place of 100, 20 epochs";
    }

    @Override
    public boolean quick() {
        return false;
    }

    @Override
    public void run(Lesson lesson) {
        List<Learnt> all = WAYS.stream().map(way -> learn(lesson, way)).toList();
        lesson.print("%-22s%14s%14s%28s", "", "first epoch", "last epoch", "of " + NEAREST + " nearest, same kind");
        for (Learnt learnt : all) {
            lesson.print(
                    "%-22s%14.3f%14.3f%26.1f %%",
                    learnt.way().name(), learnt.first(), learnt.last(), 100 * learnt.purity());
        }
        neighbours(lesson, all);
        analogies(lesson, all);
        lesson.picture("map", new SideBySide(all.stream().map(Learnt::map).toList(), 2));
        lesson.print("");
        Traffic.lines(WAYS.get(2).job(lesson, data(WAYS.get(2)))).forEach(line -> lesson.print("%s", line));
    }

    // region job
    private static DataSource data(Way way) {
        return DataSource.named(
                "windows(dickens, form=" + way.form() + ", before=5, after=5, min_count=5, sample=0.001)");
    }

    private static TrainingJob job(String model, DataSource data, int epochs) {
        return Ketju.job()
                .model(model)
                .data(data)
                .optimizer(new Adagrad(0.1))
                .batchSize(512)
                .microbatches(2)
                .stages(2)
                .epochs(epochs)
                .checkpointEveryEpochs(epochs)
                .seed(1)
                .build();
    }
    // end region

    private static Learnt learn(Lesson lesson, Way way) {
        DataSource data = data(way);
        TextEncoding encoding = data.train().textEncoding().orElseThrow();
        try (Fit fit = Fit.of(way.job(lesson, data))) {
            float[] vectors = fit.model().parameter("vectors.weight");
            WordNeighbours neighbours = new WordNeighbours(encoding, vectors);
            double purity = Kinds.purity(encoding, neighbours, NEAREST);
            double[] losses = fit.test("loss");
            Picture map = map(way, encoding, vectors);
            return new Learnt(way, losses[0], losses[losses.length - 1], purity, neighbours, map);
        }
    }

    private static Picture map(Way way, TextEncoding encoding, float[] vectors) {
        int dimensions = vectors.length / encoding.vocabulary().size();
        double[][] rows = Kinds.WORDS.stream()
                .map(word -> unit(vectors, encoding.vocabulary().number(word) * dimensions, dimensions))
                .toArray(double[][]::new);
        double[][] places = Projection.of(rows);
        WordMap map = new WordMap(way.name());
        int first = 0;
        for (int kind = 0; kind < Kinds.ALL.size(); kind++) {
            List<String> words = Kinds.ALL.get(kind);
            int from = first;
            double[] x = IntStream.range(0, words.size())
                    .mapToDouble(i -> places[0][from + i])
                    .toArray();
            double[] y = IntStream.range(0, words.size())
                    .mapToDouble(i -> places[1][from + i])
                    .toArray();
            map.words(kind, words, x, y);
            first += words.size();
        }
        return map;
    }

    private static double[] unit(float[] vectors, int first, int dimensions) {
        double[] row = IntStream.range(first, first + dimensions)
                .mapToDouble(i -> vectors[i])
                .toArray();
        double squares = 0;
        for (double value : row) {
            squares += value * value;
        }
        for (int i = 0; i < row.length; i++) {
            row[i] /= Math.sqrt(squares);
        }
        return row;
    }

    private static void neighbours(Lesson lesson, List<Learnt> all) {
        lesson.print("");
        lesson.print("Nearest words:");
        for (String word : ASKED) {
            String title = word;
            for (Learnt learnt : all) {
                String near = learnt.neighbours().of(word, 6).stream()
                        .map(WordNeighbours.Neighbour::word)
                        .collect(Collectors.joining(" "));
                lesson.print("%-8s%-22s%s", title, learnt.way().name(), near);
                title = "";
            }
        }
    }

    private static void analogies(Lesson lesson, List<Learnt> all) {
        lesson.print("");
        lesson.print("b is to a as what is to c? At which place the answer comes, of 3,445 words:");
        List<String> head = new ArrayList<>();
        all.forEach(learnt -> head.add(learnt.way().name()));
        lesson.print("%-34s%22s%22s%22s%22s", "a : b = c : answer", head.get(0), head.get(1), head.get(2), head.get(3));
        for (List<String> parts : ANALOGIES) {
            StringBuilder line = new StringBuilder(String.format(
                    "%-34s", parts.get(0) + " : " + parts.get(1) + " = " + parts.get(2) + " : " + parts.get(3)));
            for (Learnt learnt : all) {
                line.append(String.format("%22d", place(learnt.neighbours(), parts)));
            }
            lesson.print("%s", line);
        }
    }

    private static int place(WordNeighbours neighbours, List<String> parts) {
        List<String> near =
                neighbours.of(List.of(parts.get(1), parts.get(2)), List.of(parts.get(0)), Integer.MAX_VALUE).stream()
                        .map(WordNeighbours.Neighbour::word)
                        .toList();
        return near.indexOf(parts.get(3)) + 1;
    }
}
