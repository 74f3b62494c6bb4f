package io.ketju.actors;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.job.DataSource;
import io.ketju.data.ConstantBatches.Constant;
import io.ketju.data.TrainTest;
import io.ketju.data.text.LargeText;
import io.ketju.data.text.TextLines;
import io.ketju.data.text.TextPairs;
import io.ketju.data.text.TextSource;
import io.ketju.data.text.WordTokenizer;
import io.ketju.data.text.WordWindows;
import io.ketju.layers.optimizer.Adagrad;
import io.ketju.layers.vocabulary.HuffmanTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run on lines or words that are not held, and whose tokens lie in files, is the run on those in memory: losses, metrics, state. */
class LargeTextRunsTest {
    private static final TextPairs.Choice CHOICE = new TextPairs.Choice(text -> new WordTokenizer(true), 1, 24, 0);

    @TempDir
    private Path folder;

    @Test
    void pairs() throws IOException {
        Path file = file(i -> sentence("abcd", i) + "\t" + sentence("wxyz", i + 1));
        requireSame(
                "seq2seq(9, 9, 8, embedding=8, hidden=16, cell=gru, attention=true)",
                "pairs('" + file + "', test=24)",
                TextPairs.translations("t", streamed(file), CHOICE));
    }

    @Test
    void lines() throws IOException {
        Path file = file(i -> sentence("abcd", i) + "\t" + (i % 3 == 0 ? "third" : "other"));
        requireSame(
                "lstm_classifier(vocabulary=9, longest=8, embedding=8, hidden=8, classes=2)",
                "lines('" + file + "', test=24)",
                TextPairs.classes("t", streamed(file), CHOICE));
    }

    @Test
    void windows() throws IOException {
        Path file = file(i -> sentence("abcd", i));
        LargeText.Choice choice = new LargeText.Choice(0.1, text -> new WordTokenizer(true), 1);
        WordWindows.Form form = new WordWindows.Form(true, new WordWindows.Window(2, 2, 1), 0.02, 0);
        requireSame(
                "skip_gram(vocabulary=8, dimensions=4, window=4, negatives=2)",
                "windows('" + file + "', before=2, after=2, min_count=1, sample=0.02, test=0.1)",
                WordWindows.of("t", file, choice, form, LargeTextRunsTest::tree));
    }

    private static Constant tree(int... counts) {
        HuffmanTree tree = HuffmanTree.of(counts);
        return new Constant(tree.type(), tree.paths());
    }

    private static TextLines streamed(Path file) {
        return TextLines.ofTabbed(TextSource.streamed(file)).holding(0);
    }

    private static void requireSame(String model, String form, TrainTest files) {
        ToldRun memory = run(model, DataSource.named(form));
        assertThat(memory.steps()).hasSizeGreaterThan(10);
        assertThat(run(model, DataSource.of("files", files)))
                .usingRecursiveComparison()
                .isEqualTo(memory);
    }

    private static ToldRun run(String model, DataSource data) {
        return ToldRun.of(Ketju.job()
                .name("t")
                .model(model)
                .data(data)
                .optimizer(new Adagrad(0.1))
                .batchSize(16)
                .microbatches(2)
                .stages(2)
                .threads(1)
                .epochs(2));
    }

    private Path file(IntFunction<String> line) throws IOException {
        String text = IntStream.range(0, 200).mapToObj(line).collect(Collectors.joining("\n"));
        return Files.writeString(folder.resolve("t.tsv"), text);
    }

    private static String sentence(String words, int i) {
        return IntStream.range(0, 4 + i % 3)
                .mapToObj(j -> "" + words.charAt(((i / 3) >> j) % words.length()))
                .collect(Collectors.joining(" "));
    }
}
