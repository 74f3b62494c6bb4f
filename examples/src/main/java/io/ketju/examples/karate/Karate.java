package io.ketju.examples.karate;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingJob;
import io.ketju.examples.lesson.Example;
import io.ketju.examples.lesson.Fit;
import io.ketju.examples.lesson.Lesson;
import io.ketju.examples.lesson.Named;
import io.ketju.examples.lesson.Points;
import io.ketju.examples.lesson.Traffic;
import io.ketju.layers.model.ModelText;
import io.ketju.layers.optimizer.Adam;
import io.ketju.plot.Axis;
import io.ketju.plot.GraphPicture;
import io.ketju.plot.HeatMap;
import io.ketju.plot.Plane;
import io.ketju.plot.SideBySide;
import io.ketju.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Example 23. */
public final class Karate implements Example {
    private static final int PEOPLE = 34;
    private static final int EPOCHS = 100;
    private static final int SEEDS = 5;

    @Override
    public String name() {
        return "karate";
    }

    @Override
    public String question() {
        return "Who sides with whom, known of two people only? A graph convolutional network";
    }

    @Override
    public String full() {
        return "Cora's 2,708 papers as well";
    }

    @Override
    public void run(Lesson lesson) {
        Optional<DataSource> papers = lesson.full() ? Optional.of(Cora.papers()) : Optional.empty();
        Club club = Club.read(job(1).train());
        lesson.print("%-6s%14s%16s  %s", "seed", "training loss", "of 34 right", "state");
        for (int seed = 1; seed <= SEEDS; seed++) {
            try (Fit fit = Fit.of(job(seed))) {
                int[] told = told(output(fit, club, "conv2"));
                double[] losses = fit.train("loss");
                lesson.print("%-6d%14.4f%16d  %s", seed, losses[losses.length - 1], right(told), fit.state());
                if (seed == 1) {
                    show(lesson, club, fit, told);
                }
            }
        }
        papers.ifPresent(cora -> Cora.learn(lesson, cora, SEEDS));
        lesson.print("");
        Traffic.lines(job(1)).forEach(line -> lesson.print("%s", line));
    }

    // region job
    static TrainingJob job(int seed) {
        return Ketju.job()
                .model(ModelText.parse(
                        Shape.of(),
                        List.of(
                                "input features = constant float32[34, 34]",
                                "input row_pointers = constant int32[35]",
                                "input column_indexes = constant int32[190]",
                                "input edge_values = constant float32[190]",
                                "conv1 = GCNConv(34, 16) <- features, row_pointers, column_indexes, edge_values",
                                "relu = ReLU()",
                                "conv2 = GCNConv(16, 2) <- relu, row_pointers, column_indexes, edge_values",
                                "head loss = CrossEntropyLoss() <- conv2 targets target metrics accuracy",
                                "output relu, conv2")))
                .data(DataSource.named("graph(karate, known=(1, 34))"))
                .optimizer(new Adam(0.02).withWeightDecay(0.0005))
                .batchSize(1)
                .microbatches(1)
                .stages(2)
                .epochs(EPOCHS)
                .checkpointEveryEpochs(EPOCHS)
                .seed(seed)
                .build();
    }
    // end region

    private static float[] output(Fit fit, Club club, String name) {
        return Named.of(fit.model().outputs(club.constants()), name).floats();
    }

    private static int[] told(float[] scores) {
        return Arrays.stream(Points.rows(scores, PEOPLE))
                .mapToInt(Points::largest)
                .toArray();
    }

    private static int right(int[] told) {
        int[] clubs = Club.clubs();
        return (int) IntStream.range(0, PEOPLE).filter(i -> told[i] == clubs[i]).count();
    }

    private static void show(Lesson lesson, Club club, Fit fit, int[] told) {
        List<String> names =
                IntStream.rangeClosed(1, PEOPLE).mapToObj(Integer::toString).toList();
        List<Integer> wrong = new ArrayList<>();
        for (int i = 0; i < PEOPLE; i++) {
            if (told[i] != Club.clubs()[i]) {
                wrong.add(i + 1);
            }
        }
        lesson.print("       wrong about %s; neighbours, cosine of their features, against all pairs:", wrong);
        float[] hidden = output(fit, club, "relu");
        float[] scores = output(fit, club, "conv2");
        alike(lesson, club, "features", Named.of(club.constants(), "features").floats());
        alike(lesson, club, "after conv1", hidden);
        alike(lesson, club, "after conv2", scores);
        lesson.picture(
                "clubs",
                new SideBySide(
                        new GraphPicture("The club of everybody", names, Club.clubs(), club.edges()),
                        new GraphPicture("Told from two people", names, told, club.edges())));
        lesson.picture("scores", scores(scores));
        lesson.picture(
                "layers",
                HeatMap.of("Features after conv1, person by person", names, HeatMap.numbers(16), wide(hidden)));
    }

    private static void alike(Lesson lesson, Club club, String layer, float[] values) {
        float[][] rows = Points.rows(values, PEOPLE);
        double neighbours = club.edges().stream()
                .mapToDouble(edge -> cosine(rows[edge[0]], rows[edge[1]]))
                .average()
                .orElse(0);
        double all = IntStream.range(0, PEOPLE * PEOPLE)
                .filter(i -> i / PEOPLE < i % PEOPLE)
                .mapToDouble(i -> cosine(rows[i / PEOPLE], rows[i % PEOPLE]))
                .average()
                .orElse(0);
        lesson.print("       %-14s%8.2f%8.2f", layer, neighbours, all);
    }

    private static double cosine(float[] a, float[] b) {
        double product = 0;
        double ofA = 0;
        double ofB = 0;
        for (int i = 0; i < a.length; i++) {
            product += a[i] * b[i];
            ofA += a[i] * a[i];
            ofB += b[i] * b[i];
        }
        return ofA == 0 || ofB == 0 ? 0 : product / Math.sqrt(ofA * ofB);
    }

    private static Plane scores(float[] scores) {
        Points points = new Points(Points.rows(scores, PEOPLE), Club.clubs());
        double most = IntStream.range(0, scores.length)
                        .mapToDouble(i -> Math.abs(scores[i]))
                        .max()
                        .orElse(1)
                * 1.1;
        Axis axis = new Axis(-most, most);
        Plane plane =
                new Plane("Score of each club", axis, axis).axes("score of the club of 1", "score of the club of 34");
        int[] sides = Arrays.stream(plane.places())
                .mapToInt(at -> at[1] > at[0] ? 1 : 0)
                .toArray();
        return plane.regions(sides)
                .points("club of 1", 0, points.column(0, 0), points.column(0, 1))
                .points("club of 34", 1, points.column(1, 0), points.column(1, 1));
    }

    private static double[][] wide(float[] values) {
        float[][] rows = Points.rows(values, PEOPLE);
        double[][] wide = new double[PEOPLE][rows[0].length];
        for (int i = 0; i < PEOPLE; i++) {
            float[] row = rows[i];
            Arrays.setAll(wide[i], j -> row[j]);
        }
        return wide;
    }
}
