package io.ketju.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.data.InputProfile;
import io.ketju.data.text.ByteLevelBpe;
import io.ketju.data.text.HuggingFaceTokenizer;
import io.ketju.data.text.TextEncoding;
import io.ketju.data.text.WordTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tokenizer of another model on the command line: a run on own text has its numbers, and keeps them. */
class ForeignTokenizerTest {
    private static final Path FILES = Path.of("..", "data", "src", "test", "resources");
    private static final String TEXT =
            "the other cat sat on the mat, which isn't there. they'll sell 42 mats. ".repeat(30);

    /** Tokens of the small vocabulary that {@code golden/gpt2_tokens.py} has made. */
    private static final int TOKENS = 376;

    @TempDir
    private Path folder;

    private static InProcess ok(String... arguments) {
        InProcess result = InProcess.run(arguments);
        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        return result;
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    /** The folder of a model, with the two older files. */
    private Path older() throws IOException {
        Path older = Files.createDirectory(folder.resolve("older"));
        for (String name : List.of(ByteLevelBpe.VOCABULARY, ByteLevelBpe.MERGES)) {
            Files.copy(FILES.resolve("gpt2").resolve(name), older.resolve(name));
        }
        return older;
    }

    private String train(Path tokenizer, String name, String... more) throws IOException {
        Path text = write("novel.txt", TEXT);
        String data = "text('" + text + "', tokens='" + tokenizer + "', context=8, test=0.2)";
        List<String> arguments = new ArrayList<>(List.of(
                "train",
                "--data",
                data,
                "--model",
                "gpt(" + TOKENS + ", 8, 1, 2, 16)",
                "--optimizer",
                "Adam(lr=0.02)",
                "--epochs",
                "8",
                "--stages",
                "2",
                "--batch",
                "16",
                "--run-dir",
                folder.resolve(name) + ""));
        arguments.addAll(List.of(more));
        ok(arguments.toArray(String[]::new));
        return folder.resolve(name) + "";
    }

    private static double firstLoss(String run) throws IOException {
        return Double.parseDouble(
                Files.readAllLines(Path.of(run, "metrics.csv")).get(1).split(",", -1)[3]);
    }

    @Test
    void aRunKeepsTheTokensAndAGpt2IsTunedOnOwnText() throws IOException {
        Path tokenizer = older();
        ByteLevelBpe tokens = ByteLevelBpe.read(tokenizer);
        assertThat(tokens.size()).isEqualTo(TOKENS);
        String run = train(tokenizer, "first");
        TextEncoding kept = InputProfile.read(Path.of(run)).orElseThrow().text().orElseThrow();
        for (String text : List.of("the cat", " Über 漢字 🙂\n", TEXT)) {
            assertThat(kept.encode(text)).containsExactly(tokens.encode(text));
            assertThat(kept.decode(kept.encode(text))).isEqualTo(text);
        }
        assertThat(Files.readString(Path.of(run, "job.conf"))).contains("tokens=\\\"" + tokenizer + "\\\"");

        // What a run has learnt goes out as a GPT-2's folder, whose weights a run on own text begins with.
        Path model = folder.resolve("model");
        assertThat(ok("weights", run, "--to-gpt2", model + "").out()).contains("tokenizer.json", "config.json");
        assertThat(ByteLevelBpe.read(model).encode(TEXT)).containsExactly(tokens.encode(TEXT));
        Path weights = folder.resolve("gpt2.safetensors");
        ok("weights", model + "", "--from-gpt2", weights + "");
        String tuned = train(model, "tuned", "--init", weights + "");
        assertThat(firstLoss(tuned)).isLessThan(0.5 * firstLoss(run));

        assertThat(ok("evaluate", tuned, "--data", write("other.txt", TEXT + "ß") + "")
                        .out())
                .contains("samples of other.txt");

        // All that predictions need of the tokenizer is in the run.
        String start = write("start.txt", "the other cat").toString();
        String[] predict = {"predict", tuned, start, "--length", "6", "--temperature", "0"};
        String before = ok(predict).out();
        assertThat(before)
                .startsWith(start + ":\nthe other cat ")
                .contains(" mat")
                .doesNotContain("\uFFFD");
        for (Path file : List.of(model.resolve("tokenizer.json"), tokenizer.resolve("vocab.json"))) {
            Files.delete(file);
        }
        assertThat(ok(predict).out()).isEqualTo(before);
        assertThat(ok("neighbors", tuned, "--top", "3", " cat", "--parameter", "transformer.wte.weight")
                        .out()
                        .lines())
                .hasSize(4);
    }

    /** The tokenizer of a run of one's own has padding and ends, so it serves pairs and lines too. */
    @Test
    void theTokenizerOfARunServesLines() throws IOException {
        Path own = folder.resolve("own");
        Files.createDirectory(own);
        TextEncoding words = TextEncoding.of(new WordTokenizer(true), "the cat sat the dog ran", 1);
        HuggingFaceTokenizer.write(own, words, 8);
        Path lines = write("lines.tsv", "the cat sat\tcat\nthe dog ran\tdog\na cat\tcat\nthe dog\tdog\n".repeat(5));
        InProcess trained = ok(
                "train",
                "--data",
                "lines('" + lines + "', tokens='" + own + "')",
                "--model",
                "lstm_classifier(" + words.vocabulary().size() + ", 3, 4, 5, 2)",
                "--epochs",
                "1",
                "--batch",
                "4",
                "--microbatches",
                "2",
                "--no-save");
        assertThat(trained.out()).contains("not in the vocabulary");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    text('T', tokens='FOLDER/oldr')              | tokenizer 'FOLDER/oldr': expected a folder with tokenizer.json, or with vocab.json and merges.txt, found no such folder; did you mean 'FOLDER/older'?
                    text('T', tokens='FOLDER')                   | tokenizer 'FOLDER': expected a folder with tokenizer.json, or with vocab.json and merges.txt, found a folder without
                    text('T', tokens='FOLDER/older', min_count=2)| text: argument 'min_count': expected none beside a tokenizer that is there, which knows its tokens, found 2
                    text('T', tokens='FOLDER/wrong')             | FOLDER/wrong/tokenizer.json: model.type: expected BPE, found WordPiece
                    text('T', tokens='FOLDER/broken')            | FOLDER/broken/tokenizer.json: expected JSON, found
                    text('T', tokens=olde)                    | unknown tokens 'olde'; known: bpe, characters, words
                    lines('T', tokens='FOLDER/older')            | lines: argument 'tokens': expected a tokenizer with <PAD>, <BOS>, <EOS> and <NUL>, as 'ketju weights RUN --to-gpt2 DIR' writes it, found one of a GPT-2 in
                    pairs('T', tokens='FOLDER/older')            | pairs: argument 'tokens': expected a tokenizer with <PAD>
                    windows('T', tokens='FOLDER/older')          | windows: argument 'tokens': expected words, characters or bpe
                    """)
    void badFoldersAreOneLine(String data, String line) throws IOException {
        older();
        Files.createDirectory(folder.resolve("wrong"));
        write("wrong/tokenizer.json", "{\"model\": {\"type\": \"WordPiece\", \"vocab\": {\"a\": 0}}}");
        Files.createDirectory(folder.resolve("broken"));
        write("broken/tokenizer.json", "{\"model\": ");
        String text = write("text.txt", "the cat\tcat\n".repeat(40)).toString();
        InProcess refused = InProcess.run(
                "train",
                "--no-save",
                "--data",
                data.replace("'T'", "'" + text + "'").replace("FOLDER", folder + ""));
        assertThat(refused.exitCode()).as(refused.err()).isEqualTo(CommandLineInterface.BAD_INPUT);
        assertThat(refused.err().lines()).as(refused.err()).hasSize(1);
        assertThat(refused.err()).contains(line.replace("FOLDER", folder + ""));
    }
}
