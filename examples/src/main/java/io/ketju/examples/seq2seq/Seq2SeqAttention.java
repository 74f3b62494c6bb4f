package io.ketju.examples.seq2seq;

import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.TensorValues;
import io.ketju.actors.run.TranslationScores;
import io.ketju.data.text.Bleu;
import io.ketju.data.text.TextEncoding;
import io.ketju.data.text.Translations;
import io.ketju.data.text.Vocabulary;
import io.ketju.examples.lesson.Example;
import io.ketju.examples.lesson.Fit;
import io.ketju.examples.lesson.Lesson;
import io.ketju.examples.lesson.Named;
import io.ketju.examples.lesson.Points;
import io.ketju.examples.lesson.Traffic;
import io.ketju.examples.lesson.Verses;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.Node;
import io.ketju.layers.model.Value;
import io.ketju.layers.model.zoo.Models;
import io.ketju.plot.Chart;
import io.ketju.plot.HeatMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.IntStream;

/** Example 19. */
public final class Seq2SeqAttention implements Example {
    private static final int EPOCHS = 6;
    private static final int SEEDS = 3;

    /** Held-out sentences that are shown. */
    private static final List<Integer> SHOWN = List.of(3, 40);

    /** The one whose attention is drawn. */
    private static final int DRAWN = 3;

    /** Which output of the decoder the weights are. */
    private static final int WEIGHTS = 2;

    @Override
    public String name() {
        return "seq2seq";
    }

    @Override
    public String question() {
        return "How does a network translate? From one recurrent network to another, with and without attention";
    }

    @Override
    public String full() {
        return "three seeds of each";
    }

    /** Two networks learn to translate. */
    @Override
    public boolean quick() {
        return false;
    }

    @Override
    public void run(Lesson lesson) {
        lesson.print("%-18s%5s%26s%12s%9s  %s", "", "", "test loss in epoch", "accuracy", "BLEU", "state");
        lesson.print("%-18s%5s%13d%13d%12s%9s", "decoder", "seed", 1, EPOCHS, "of words", "");
        List<Told> all = new ArrayList<>();
        for (int seed = 1; seed <= (lesson.full() ? SEEDS : 1); seed++) {
            all.add(told(lesson, false, seed));
            all.add(told(lesson, true, seed));
        }
        if (lesson.full()) {
            lesson.print("%-62s%8.2f", "mean, its last state alone", mean(all, false));
            lesson.print("%-62s%8.2f", "mean, with attention", mean(all, true));
        }
        Told plain = all.get(0);
        Told attentive = all.get(1);
        byLength(lesson, plain.scores(), attentive.scores());
        examples(lesson, plain, attentive);
        lesson.picture(
                "losses",
                new Chart("Held-out pairs", "epoch", "cross entropy of a word")
                        .line("last state alone", plain.losses())
                        .line("with attention", attentive.losses()));
        lesson.print("");
        Traffic.lines(job(true, 1)).forEach(line -> lesson.print("%s", line));
    }

    /**
     * What one decoder has come to.
     *
     * @param words of each held-out translation
     * @param losses of the held-out pairs, for each epoch
     */
    @SuppressWarnings("ArrayRecordComponent") // private, never compared
    private record Told(
            boolean attention,
            Translations pairs,
            List<List<String>> words,
            TranslationScores scores,
            double[] losses) {
        double bleu() {
            return 100 * scores.all().value();
        }
    }

    private static Told told(Lesson lesson, boolean attention, int seed) {
        TrainingJob job = job(attention, seed);
        Translations pairs = Verses.test(job);
        try (Fit fit = Fit.of(job)) {
            List<List<String>> words = Verses.told(fit.model(), pairs, pairs.sentences());
            TranslationScores scores = TranslationScores.of(words, pairs);
            double[] losses = fit.test("loss");
            lesson.print(
                    "%-18s%5d%13.4f%13.4f%10.1f %%%9.2f  %s",
                    attention ? "with attention" : "last state alone",
                    seed,
                    losses[0],
                    losses[losses.length - 1],
                    100 * fit.lastTest("accuracy"),
                    100 * scores.all().value(),
                    fit.state());
            if (attention && seed == 1) {
                lesson.picture("attention", map(fit, pairs, pairs.sentences().get(DRAWN), words.get(DRAWN)));
            }
            return new Told(attention, pairs, words, scores, losses);
        }
    }

    private static double mean(List<Told> all, boolean attention) {
        return all.stream()
                .filter(one -> one.attention() == attention)
                .mapToDouble(Told::bleu)
                .average()
                .orElse(0);
    }

    private static void byLength(Lesson lesson, TranslationScores plain, TranslationScores attentive) {
        lesson.print("");
        lesson.print("%-30s%12s%12s", "BLEU of sentences of", "last state", "attention");
        plain.byLength()
                .forEach((from, bleu) -> lesson.print(
                        "%-30s%12.2f%12.2f",
                        plain.lengths(from) + " words", 100 * bleu.value(), 100 * bleu(attentive.byLength(), from)));
    }

    private static double bleu(SortedMap<Integer, Bleu> byLength, int from) {
        Bleu found = byLength.get(from);
        return found == null ? 0 : found.value();
    }

    private static void examples(Lesson lesson, Told plain, Told attentive) {
        for (int i : SHOWN) {
            Translations pairs = plain.pairs();
            lesson.print("");
            lesson.print(
                    "verse             %s",
                    text(pairs.source(), pairs.sentences().get(i)));
            lesson.print(
                    "Luther            %s", String.join(" ", pairs.references().get(i)));
            lesson.print("last state alone  %s", String.join(" ", plain.words().get(i)));
            lesson.print(
                    "with attention    %s", String.join(" ", attentive.words().get(i)));
        }
    }

    private static String text(TextEncoding encoding, int... numbers) {
        return String.join(" ", TranslationScores.tokens(encoding, numbers));
    }

    // region map
    /** For each word of a translation, how much the decoder looked at each word of the sentence before it said it. */
    private static HeatMap map(Fit fit, Translations pairs, int[] source, List<String> words) {
        int[] told = words.stream()
                .mapToInt(word -> pairs.target().vocabulary().number(word))
                .toArray();
        int[] begun = new int[told.length + 1];
        begun[0] = Vocabulary.BOS;
        System.arraycopy(told, 0, begun, 1, told.length);
        TensorValues weights = Named.of(
                fit.model()
                        .outputs(Map.of(
                                "src", TensorValues.of(source, 1, source.length),
                                "src_lengths", TensorValues.of(new int[] {source.length}, 1),
                                "tgt", TensorValues.of(begun, 1, begun.length))),
                "decoder:" + WEIGHTS);
        List<String> rows = new ArrayList<>(words);
        rows.add("<EOS>");
        double[][] looked = Arrays.stream(Points.rows(weights.floats(), begun.length))
                .map(row ->
                        IntStream.range(0, row.length).mapToDouble(i -> row[i]).toArray())
                .toArray(double[][]::new);
        return HeatMap.of(
                "Where the decoder looked before each word",
                rows,
                TranslationScores.tokens(pairs.source(), source),
                looked);
    }
    // end region

    // region job
    static TrainingJob job(boolean attention, int seed) {
        Model model = Models.named("seq2seq(source_vocabulary=" + Verses.ENGLISH + ", target_vocabulary="
                + Verses.GERMAN + ", longest=" + Verses.LONGEST
                + ", embedding=64, hidden=128, cell=gru, attention=" + attention + ")");
        return Verses.job(attention ? withWeights(model) : model, EPOCHS, seed);
    }

    /** The same model, which predicts the weights of attention as well. */
    private static Model withWeights(Model model) {
        List<String> names = model.nodes().stream().map(Node::name).toList();
        Value weights = new Value(names.indexOf("decoder"), WEIGHTS);
        return new Model(
                model.inputs(),
                model.nodes(),
                model.heads(),
                List.of(model.outputs().getFirst(), weights));
    }
    // end region
}
