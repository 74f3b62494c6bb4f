package io.ketju.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs on sentences: what they translate, tell apart and have near to each other, and what they refuse. */
class SentenceRunTest {
    @TempDir
    private Path folder;

    @Test
    void aTranslationIsLearntEvaluatedAndUsed() throws IOException {
        String run = run(
                translation(),
                "seq2seq(9, 9, 8, embedding=16, hidden=24, cell=gru, attention=true)",
                "metrics = [accuracy, bleu]");
        requireBleuOfEpochs(Path.of(run));
        assertThat(Files.readAllLines(Path.of(run, "samples.txt")).getLast())
                .matches("  \\d+: ([a-z]+ ?)+ -> ([a-z]+ ?)+, true ([a-z]+ ?)+");
        InProcess evaluated = InProcess.run("evaluate", run);
        assertThat(evaluated.exitCode()).as(evaluated.err()).isZero();
        assertThat(evaluated.out()).contains("BLEU      100.00 (greedy").contains("sentences of 1 or more tokens");
        assertThat(InProcess.run("evaluate", run, "--json").out()).contains("\"bleu\":1.0");
        String sentences = write("s.txt", "one two\nfour three four\n");
        for (String beam : new String[] {"1", "3"}) {
            InProcess told = InProcess.run("predict", run, sentences, "--beam", beam);
            assertThat(told.exitCode()).as(told.err()).isZero();
            assertThat(told.out()).isEqualTo(sentences + ":\neins zwei\nvier drei vier\n");
        }
        InProcess unknown = InProcess.run("predict", run, write("u.txt", "one five\n"));
        assertThat(unknown.exitCode()).isZero();
        assertThat(unknown.err()).contains("50.00 % of the tokens are not in the vocabulary, which stand as <NUL>");
    }

    /** What each epoch's model translates is a metric as the others are: in the numbers, the job, the events and the lines. */
    private void requireBleuOfEpochs(Path run) throws IOException {
        List<String> rows = Files.readAllLines(run.resolve("metrics.csv"));
        assertThat(rows.getFirst())
                .isEqualTo("step,epoch,phase,loss,accuracy,bleu,learning_rate,samples_per_second,bubble");
        assertThat(rows)
                .filteredOn(row -> row.contains(",test,"))
                .hasSize(30)
                .allMatch(row -> !row.split(",", -1)[5].isEmpty());
        assertThat(rows)
                .filteredOn(row -> !row.contains(",test,"))
                .allMatch(row -> row.split(",", -1)[5].isEmpty() || row.startsWith("step"));
        assertThat(rows.getLast()).contains(",test,").contains(",1.000000,1.000000,");
        assertThat(Files.readString(run.resolve("job.conf"))).contains("metrics = [\"accuracy\", \"bleu\"]");
        try (Stream<Path> events = Files.list(run.resolve("tensorboard"))) {
            assertThat(Files.readString(events.findFirst().orElseThrow(), StandardCharsets.ISO_8859_1))
                    .contains("test/bleu");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    five six\\n            | --beam 1    | FILE: expected a token that the vocabulary has, found none of 2
                    one\\n\\ntwo\\n        | --beam 1    | FILE, line 2: expected a sentence, found an empty line
                    ' '                    | --beam 1    | FILE: expected a text, found white space alone
                    one one one one one one one one one\\n | --beam 1 | FILE, line 1: expected at most 8 tokens, which the model takes, found 9
                    one\\n                 | --beam 0    | --beam: expected a whole number from 1 to 100, found "0"
                    one\\n                 | --beam wide | --beam: expected a whole number from 1 to 100, found "wide"
                    one\\n                 | --length 0  | --length: expected a whole number from 1 to 1000000, found "0"
                    """)
    void sentencesThatCannotBeTranslatedAreOneLine(String text, String option, String line) throws IOException {
        String run = run(translation(), "seq2seq(9, 9, 8, embedding=4, hidden=4)", "epochs = 1");
        String file = write("bad.txt", text.replace("\\n", "\n"));
        String[] parts = option.split(" ", -1);
        InProcess refused = InProcess.run("predict", run, file, parts[0], parts[1]);
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err().strip()).isEqualTo("ketju predict: " + line.replace("FILE", file));
    }

    @Test
    void classesOfSentencesAreToldWhateverStandsBesideThem() throws IOException {
        String lines = Stream.of("good day\tglad", "bad luck\tsad", "very good day\tglad", "very bad luck\tsad")
                .collect(Collectors.joining("\n"));
        String data = "lines('" + write("l.tsv", (lines + "\n").repeat(8)) + "', test=4)";
        String run = run(data, "text_cnn(9, 8, embedding=8, filters=4, classes=2, widths=(1, 2), dropout=0)", "");
        InProcess alone = InProcess.run("predict", run, write("a.txt", "very good\n"));
        InProcess beside = InProcess.run("predict", run, write("b.txt", "very good\nvery bad luck day good bad\n"));
        assertThat(alone.exitCode()).as(alone.err()).isZero();
        assertThat(alone.out()).startsWith("very good\n  glad ");
        assertThat(beside.out()).startsWith(alone.out());
        InProcess empty = InProcess.run("predict", run, write("e.txt", "good\n\n"));
        assertThat(empty.exitCode()).isEqualTo(2);
        assertThat(empty.err()).contains("e.txt, line 2: expected a sentence, found an empty line");
    }

    @Test
    void wordsOfOneKindAreNeighbours() throws IOException {
        InProcess near = InProcess.run("neighbors", vectors(), "red", "--top", "2");
        assertThat(near.exitCode()).as(near.err()).isZero();
        assertThat(near.out()).startsWith("red\n").containsPattern("(?s)(blue|green).*(blue|green)");
        InProcess sum = InProcess.run("neighbors", vectors(), "--analogy", "red:cat:blue", "--top", "1");
        assertThat(sum.exitCode()).as(sum.err()).isZero();
        assertThat(sum.out()).startsWith("cat - red + blue\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    white               | word 'white': expected one of the 8 words of the run's vocabulary, found none of them; it may be rarer than min_count
                    --analogy=red:cat   | --analogy: expected three words, A:B:C, found "red:cat"
                    --analogy=a:b:      | --analogy: expected three words, A:B:C, found "a:b:"
                    --top=0             | --top: expected a whole number from 1 to 1000000, found "0"
                    --parameter=x       | --parameter: expected one of [vectors.weight, output.weight], found "x"
                    """)
    void wordsThatAreNotThereAreOneLine(String argument, String line) throws IOException {
        InProcess refused = InProcess.run("neighbors", vectors(), "red", argument);
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err().strip()).isEqualTo("ketju neighbors: " + line);
    }

    @Test
    void aRunOnWordsDoesNotGoOnAndNeighboursNeedWords() throws IOException {
        InProcess none = InProcess.run("neighbors", vectors());
        assertThat(none.exitCode()).isEqualTo(2);
        assertThat(none.err()).contains("expected a WORD or --analogy A:B:C, found neither");
        InProcess on = InProcess.run("predict", folder.resolve("run").toString(), write("red.txt", "red"));
        assertThat(on.exitCode()).isEqualTo(2);
        assertThat(on.err()).contains("expected a model of tokens [positions] to logits [positions, vocabulary]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    windows(dickens, form=glove)           | argument 'form': expected cbow or skip_gram, found 'glove'
                    windows(dickens, before=0, after=0)    | windows: argument 'after': expected 1 to 1000, found 0
                    windows(dickens, step=0)               | windows: argument 'step': expected 1 to 1000, found 0
                    windows(dickens, sample=2)             | windows: argument 'sample': expected a share from 0 to 1, found 2
                    windows(dickens, min_count=1000000)    | dickens/train: expected a token that the vocabulary has, found none of
                    windows(nowhere)                       | text 'nowhere': expected one of dickens or a path of a file
                    lines(nobody)                          | text 'nobody': expected one of dickens or a path of a file
                    """)
    void dataOfWordsThatCannotBeReadIsOneLine(String data, String line) {
        InProcess refused = InProcess.run("train", "--data", data, "--no-save");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err().strip())
                .startsWith("ketju train: --data: ")
                .contains(line)
                .doesNotContain("\n");
    }

    /** Eight words: three colours, three animals, and two that stand beside each. */
    private String vectors() throws IOException {
        if (Files.exists(folder.resolve("run"))) {
            return folder.resolve("run").toString();
        }
        String[] colours = {"red", "blue", "green"};
        String[] animals = {"cat", "dog", "cow"};
        String text = IntStream.range(0, 400)
                .mapToObj(i -> "paint " + colours[i * 7 % 3] + " paint " + colours[i * 5 % 3] + " feed "
                        + animals[i * 4 % 3] + " feed " + animals[(i + 1) % 3])
                .collect(Collectors.joining(" "));
        String data = "windows('" + write("w.txt", text) + "', before=1, after=1, sample=0, min_count=2, test=0.1)";
        return run(data, "skip_gram(12, dimensions=8, window=2)", "");
    }

    /** Word by word, so that a small model learns it whole. */
    private String translation() throws IOException {
        String[] english = {"one", "two", "three", "four"};
        String[] german = {"eins", "zwei", "drei", "vier"};
        StringBuilder pairs = new StringBuilder();
        for (int i = 0; i < 256; i++) {
            int length = 2 + i % 3;
            StringBuilder left = new StringBuilder();
            StringBuilder right = new StringBuilder();
            for (int j = 0; j < length; j++) {
                int word = (i >> (2 * j)) % 4;
                left.append(english[word]).append(' ');
                right.append(german[word]).append(' ');
            }
            pairs.append(left.toString().strip())
                    .append('\t')
                    .append(right.toString().strip())
                    .append('\n');
        }
        return "pairs('" + write("p.tsv", pairs.toString()) + "', test=16)";
    }

    private String run(String data, String model, String more) throws IOException {
        String job = write(
                "job.conf", """
                model.name = "%s"
                data = "%s"
                optimizer = "%s(lr=0.01)"
                batch = 16
                epochs = 30
                %s
                """.formatted(model, data, model.startsWith("skip_gram") ? "SparseAdam" : "Adam", more));
        String run = folder.resolve("run").toString();
        List<String> train = new ArrayList<>(List.of("train", job, "--run-dir", run));
        if (model.startsWith("seq2seq")) {
            train.addAll(List.of("--samples", "2"));
        }
        InProcess trained = InProcess.run(train.toArray(String[]::new));
        assertThat(trained.exitCode()).as(trained.err()).isZero();
        return run;
    }

    private String write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }
}
