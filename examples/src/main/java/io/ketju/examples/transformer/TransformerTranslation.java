package io.ketju.examples.transformer;

import io.ketju.actors.job.TrainingJob;
import io.ketju.data.text.Translations;
import io.ketju.examples.lesson.Example;
import io.ketju.examples.lesson.Fit;
import io.ketju.examples.lesson.Lesson;
import io.ketju.examples.lesson.Points;
import io.ketju.examples.lesson.Traffic;
import io.ketju.examples.lesson.Verses;
import io.ketju.layers.model.zoo.Models;
import io.ketju.plot.Chart;
import io.ketju.plot.HeatMap;
import io.ketju.plot.SideBySide;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Example 20. */
public final class TransformerTranslation implements Example {
    private static final int EPOCHS = 6;
    private static final int SEEDS = 3;
    private static final int WIDTH = 64;

    /** Positions whose encodings are drawn. */
    private static final int DRAWN = 32;

    /** Held-out sentences that are shown. */
    private static final List<Integer> SHOWN = List.of(3, 40);

    private static final double BASE = 10_000;

    @Override
    public String name() {
        return "transformer";
    }

    @Override
    public String question() {
        return "Can attention alone translate? A Transformer, and what tells it where a word stands";
    }

    @Override
    public String full() {
        return "three seeds, with all that its twin in PyTorch needs to learn the same";
    }

    /** It learns for some epochs. */
    @Override
    public boolean quick() {
        return false;
    }

    @Override
    public void run(Lesson lesson) {
        lesson.print("%-5s%26s%12s%9s  %s", "", "test loss in epoch", "accuracy", "BLEU", "state");
        lesson.print("%-5s%13d%13d%12s", "seed", 1, EPOCHS, "of words");
        for (int seed = 1; lesson.full() && seed <= SEEDS; seed++) {
            TwinFiles.write(lesson.folder(), seed, job(seed));
        }
        List<Double> scores = new ArrayList<>();
        for (int seed = 1; seed <= (lesson.full() ? SEEDS : 1); seed++) {
            scores.add(learnt(lesson, seed));
        }
        if (lesson.full()) {
            double mean = scores.stream().mapToDouble(d -> d).average().orElse(0);
            lesson.print("%-43s%8.2f", "mean", mean);
            return;
        }
        encodings(lesson);
        lesson.print("");
        Traffic.lines(job(1)).forEach(line -> lesson.print("%s", line));
    }

    private static double learnt(Lesson lesson, int seed) {
        TrainingJob job = job(seed);
        Translations pairs = Verses.test(job);
        try (Fit fit = Fit.of(job)) {
            List<List<String>> words = Verses.told(fit.model(), pairs, pairs.sentences());
            double bleu = Verses.bleu(words, pairs);
            double[] losses = fit.test("loss");
            lesson.print(
                    "%-5d%13.4f%13.4f%10.1f %%%9.2f  %s",
                    seed, losses[0], losses[losses.length - 1], 100 * fit.lastTest("accuracy"), bleu, fit.state());
            if (!lesson.full()) {
                examples(lesson, pairs, words);
                lesson.picture("learned", alike(fit.model().parameter("tgt_positions.weight")));
                lesson.picture(
                        "losses", new Chart("Held-out pairs", "epoch", "cross entropy of a word").line("loss", losses));
            }
            return bleu;
        }
    }

    private static void examples(Lesson lesson, Translations pairs, List<List<String>> words) {
        for (int i : SHOWN) {
            lesson.print("");
            lesson.print("Luther       %s", String.join(" ", pairs.references().get(i)));
            lesson.print("Transformer  %s", String.join(" ", words.get(i)));
        }
    }

    /** How alike the learned encodings of the first positions are. */
    private static HeatMap alike(float[] table) {
        float[][] rows = Arrays.copyOf(Points.rows(table, table.length / WIDTH), DRAWN);
        double[][] cosines = new double[DRAWN][DRAWN];
        for (int i = 0; i < DRAWN; i++) {
            for (int j = 0; j < DRAWN; j++) {
                cosines[i][j] = i == j ? Double.NaN : product(rows[i], rows[j]) / length(rows[i]) / length(rows[j]);
            }
        }
        double most = Arrays.stream(cosines)
                .flatMapToDouble(Arrays::stream)
                .filter(Double::isFinite)
                .max()
                .orElse(1);
        for (int i = 0; i < DRAWN; i++) {
            cosines[i][i] = most;
        }
        List<String> names = HeatMap.numbers(DRAWN);
        return HeatMap.of("Learned positions: cosine of each pair", names, names, cosines);
    }

    private static double length(float[] row) {
        return Math.sqrt(product(row, row));
    }

    private static double product(float[] a, float[] b) {
        return IntStream.range(0, a.length)
                .mapToDouble(i -> (double) a[i] * b[i])
                .sum();
    }

    // region encodings
    /** Sines and cosines of the paper: a row for each position. */
    private static double[][] sinusoids(int positions) {
        double[][] rows = new double[positions][WIDTH];
        for (int t = 0; t < positions; t++) {
            for (int i = 0; i < WIDTH / 2; i++) {
                double angle = t / StrictMath.pow(BASE, 2.0 * i / WIDTH);
                rows[t][2 * i] = StrictMath.sin(angle);
                rows[t][2 * i + 1] = StrictMath.cos(angle);
            }
        }
        return rows;
    }
    // end region

    private static void encodings(Lesson lesson) {
        double[][] rows = sinusoids(DRAWN);
        double[][] products = new double[DRAWN][DRAWN];
        for (int i = 0; i < DRAWN; i++) {
            for (int j = 0; j < DRAWN; j++) {
                double sum = 0;
                for (int column = 0; column < WIDTH; column++) {
                    sum += rows[i][column] * rows[j][column];
                }
                products[i][j] = sum;
            }
        }
        List<String> names = HeatMap.numbers(DRAWN);
        lesson.picture(
                "positions",
                new SideBySide(
                        HeatMap.of("Sines and cosines of each position", names, HeatMap.numbers(WIDTH), rows),
                        HeatMap.of("Product of each pair of positions", names, names, products)));
        lesson.print("");
        lesson.print("product of the encodings of two positions, by their distance");
        lesson.print("distance %8d%8d%8d%8d%8d%8d", 0, 1, 2, 4, 8, 16);
        lesson.print("from 0   %s", byDistance(products, 0));
        lesson.print("from 10  %s", byDistance(products, 10));
    }

    private static String byDistance(double[][] products, int from) {
        StringBuilder line = new StringBuilder();
        for (int distance : new int[] {0, 1, 2, 4, 8, 16}) {
            line.append(String.format(Locale.ROOT, "%8.2f", products[from][from + distance]));
        }
        return line.toString();
    }

    // region job
    static TrainingJob job(int seed) {
        return Verses.job(
                Models.named("transformer(source_vocabulary=" + Verses.ENGLISH + ", target_vocabulary=" + Verses.GERMAN
                        + ", longest=" + Verses.LONGEST + ", d_model=" + WIDTH
                        + ", nhead=4, num_encoder_layers=2, num_decoder_layers=2, dim_feedforward=128, dropout=0)"),
                EPOCHS,
                seed);
    }
    // end region
}
