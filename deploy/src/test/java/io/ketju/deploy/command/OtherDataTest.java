package io.ketju.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.data.InputProfile;
import io.ketju.data.text.HuggingFaceTokenizer;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs on sentences, words and images, shown other data: read as their own, or refused where numbers would mean something else. */
class OtherDataTest {
    private static final String PAIRS = "one two\teins zwei\nthree\tdrei\ntwo three one\tzwei drei eins\n".repeat(4);
    private static final String LINES = "good day\tglad\nbad luck\tsad\n".repeat(6);
    private static final String TEXT = "the cat sat on the mat. ".repeat(12);

    @TempDir
    private Path folder;

    private String write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private static InProcess ok(String... arguments) {
        InProcess result = InProcess.run(arguments);
        assertThat(result.exitCode()).as(result.err()).isZero();
        return result;
    }

    private static void refused(String line, String... arguments) {
        InProcess result = InProcess.run(arguments);
        assertThat(result.exitCode()).as(result.err()).isEqualTo(CommandLineInterface.BAD_INPUT);
        assertThat(result.err().strip())
                .startsWith("ketju " + arguments[0] + ": ")
                .contains(line)
                .doesNotContain("\n");
    }

    private String run(String name, String data, String model) {
        String run = folder.resolve(name).toString();
        ok(
                "train",
                "--data",
                data,
                "--model",
                model,
                "--run-dir",
                run,
                "--epochs",
                "1",
                "--batch",
                "4",
                "--microbatches",
                "1",
                "--stages",
                "1",
                "--optimizer",
                "SGD(lr=0.5)");
        return run;
    }

    private static String loss(InProcess evaluated) {
        Matcher loss = Pattern.compile("loss +(\\S+)").matcher(evaluated.out());
        assertThat(loss.find()).as(evaluated.out()).isTrue();
        return loss.group(1);
    }

    @Test
    void translationsAreMeasuredOnOtherPairs() throws IOException {
        String run = run(
                "run",
                "pairs('" + write("p.tsv", PAIRS) + "', test=3)",
                "seq2seq(7, 7, 8, embedding=4, hidden=4, cell=gru)");
        String other = write("other.tsv", "two one\tzwei eins\nthree\tdrei\n");
        InProcess measured = ok("evaluate", run, "--data", other);
        assertThat(measured.out()).contains("on 2 samples of other.tsv").contains("BLEU");
        refused(other.replace("other", "none"), "evaluate", run, "--data", folder.resolve("none.tsv") + "");
        refused(
                "t.txt, line 1: expected two texts with a tab between them, found 1 text",
                "evaluate",
                run,
                "--data",
                write("t.txt", "one two\n"));
        refused(
                "u.tsv, first texts: expected a token that the vocabulary has",
                "evaluate",
                run,
                "--data",
                write("u.tsv", "six\teins\n"));
        // The same sentences: only the words of the translations have other numbers.
        String more = write("more.tsv", PAIRS.replace("drei", "vier"));
        refused(
                "--data: expected text in the vocabulary of the run, found more.tsv/test, which has one of its own",
                "evaluate",
                run,
                "--data",
                "pairs('" + more + "', test=3)");
        refused(
                ": expected data in the vocabulary of that run, of 7 tokens, found 'more.tsv/train, translations' in another one",
                "train",
                "--from",
                run,
                "--data",
                "pairs('" + more + "', test=3)",
                "--no-save");
    }

    @Test
    void classesOfSentencesAreMeasuredOnOtherLines() throws IOException {
        String run = run(
                "run",
                "lines('" + write("l.tsv", LINES) + "', test=4)",
                "text_cnn(8, 8, embedding=4, filters=2, classes=2, widths=(1, 2), dropout=0)");
        InProcess measured = ok("evaluate", run, "--data", write("other.tsv", "bad day\tsad\ngood\tglad\nbad\tsad\n"));
        assertThat(measured.out()).contains("on 3 samples of other.tsv").contains("accuracy");
        refused(
                "new.tsv, sample 1: expected one of the classes of the training lines, glad, sad, found 'mad'",
                "evaluate",
                run,
                "--data",
                write("new.tsv", "bad day\tsad\ngood\tmad\n"));
        refused(
                "data 'long.tsv': gives 'input' as int32[4, 12], but the model takes at most int32[4, 8];",
                "evaluate",
                run,
                "--data",
                write("long.tsv", "good ".repeat(12) + "\tglad\n"));
        // The same words, numbered alike, of classes of other names.
        refused(
                "--data: expected the classes of the run, glad, sad, found sad, uglad in x.tsv/test",
                "evaluate",
                run,
                "--data",
                "lines('" + write("x.tsv", LINES.replace("glad", "uglad")) + "', test=4)");
    }

    @Test
    void wordVectorsAreMeasuredOnOtherTexts() throws IOException {
        String words = "red cat blue dog red dog blue cat ".repeat(20);
        String run = run(
                "run",
                "windows('" + write("w.txt", words)
                        + "', form=cbow, before=1, after=1, min_count=2, sample=0, test=0.2)",
                "cbow(8, dimensions=4, window=2)");
        InProcess measured = ok("evaluate", run, "--data", write("other.txt", "blue cat green dog red"));
        assertThat(measured.out()).contains("on 4 samples of other.txt");
        refused(
                "one.txt: expected at least 2 known words",
                "evaluate",
                run,
                "--data",
                write("one.txt", "red green yellow"));
    }

    /** Weights know a token by its number alone. */
    @Test
    void aRunGoesOnInItsOwnVocabularyAlone() throws IOException {
        String run = run("run", "text('" + write("t.txt", TEXT) + "', context=8)", "gpt(15, 8, 1, 2, 8)");
        String weights = run + "/model.safetensors";
        String other = write("other.txt", "a dog ran. " + TEXT);
        String data = "text('" + other + "', context=8)";
        String line =
                ": expected data in the vocabulary of that run, of 15 tokens, found 'other.txt/train' in another one, of ";
        // As many tokens, but other ones: shapes say nothing.
        String same = "text('" + write("other.txt", TEXT.replace('m', 'k')) + "', context=8)";
        refused(
                "--from: " + run + line + "15; take the data of that run, or",
                "train",
                "--from",
                run,
                "--data",
                same,
                "--no-save");
        refused(
                "--init: " + weights + line + "15; take",
                "train",
                run + "/job.conf",
                "--init",
                weights,
                "--data",
                same,
                "--no-save");
        ok("train", run + "/job.conf", "--init", weights, "--init-fit", "partial", "--data", same, "--no-save");

        Path tokenizer = Files.createDirectory(folder.resolve("tokenizer"));
        HuggingFaceTokenizer.write(
                tokenizer, InputProfile.read(Path.of(run)).orElseThrow().text().orElseThrow(), 8);
        String taken = data.replace(", context", ", tokens='" + tokenizer + "', context");
        String next = folder.resolve("next").toString();
        assertThat(ok("train", "--from", run, "--data", taken, "--run-dir", next)
                        .out())
                .contains("weights and optimizer of " + run);
        assertThat(ok("evaluate", next).out()).contains("of other.txt/test");
    }

    /** Two classes, bright and dark squares, so bright as is said. */
    private String images(String name, String first, String second, int bright) throws IOException {
        Path images = folder.resolve(name);
        for (String label : new String[] {first, second}) {
            Path own = Files.createDirectories(images.resolve(label));
            for (int i = 0; i < 5; i++) {
                BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB);
                Graphics2D paint = image.createGraphics();
                int grey = label.equals(first) ? bright + i : i;
                paint.setColor(new Color(grey, grey, grey));
                paint.fillRect(i % 2, 0, 3, 4);
                paint.dispose();
                ImageIO.write(image, "png", own.resolve(i + ".png").toFile());
            }
        }
        return images.toString();
    }

    /** The same images to test with, beside some of this brightness. */
    private String halves(String name, int learnt) throws IOException {
        images(name + "/train", "a", "b", learnt);
        images(name + "/test", "a", "b", 200);
        return folder.resolve(name).toString();
    }

    private static String form(String images) {
        return "images('" + images + "', size=4, channels=1, test=0.4)";
    }

    @Test
    void imagesAreNormalisedAsTheRunsAndHaveItsClasses() throws IOException {
        String run = run("run", form(images("own", "a", "b", 200)), "mlp(16, 2)");
        // Beside training images of other brightness, by which these would be other inputs.
        String dark = loss(ok("evaluate", run, "--data", form(halves("dark", 20))));
        String bright = form(halves("bright", 250));
        assertThat(loss(ok("evaluate", run, "--data", bright))).isEqualTo(dark);
        assertThat(loss(ok("evaluate", run, "--data", "augment(" + bright + ")")))
                .isEqualTo(dark);

        refused(
                "--data: expected the classes of the run, a, b, found x, y in other/test",
                "evaluate",
                run,
                "--data",
                form(images("other", "x", "y", 200)));
    }
}
