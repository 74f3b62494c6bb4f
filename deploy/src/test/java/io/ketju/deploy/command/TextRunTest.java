package io.ketju.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.job.TrainingJob;
import io.ketju.deploy.config.JobAssembly;
import io.ketju.deploy.config.JobFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextRunTest {
    private static final String ROUND = "the cat sat on the mat, the dog ran to the cat. ".repeat(20);

    @TempDir
    private Path folder;

    @Test
    void aRunOnATextGoesOnWithAnother() throws IOException {
        String run = trained();
        List<String> samples = Files.readAllLines(Path.of(run, "samples.txt"));
        assertThat(samples).hasSize(8 * 3);
        assertThat(samples.get(22)).startsWith("  0: ").contains(" -> ").contains("the ");
        String start = write("start.txt", "the cat ");
        InProcess first = InProcess.run("predict", run, start, "--length", "12", "--temperature", "0");
        InProcess again = InProcess.run("predict", run, start, "--length", "12", "--temperature", "0");
        assertThat(first.exitCode()).isZero();
        assertThat(first.out()).startsWith(start + ":\nthe cat sat on").isEqualTo(again.out());
        InProcess drawn = InProcess.run("predict", run, start, "--length", "12", "--seed", "3");
        assertThat(drawn.out())
                .isEqualTo(InProcess.run("predict", run, start, "--length", "12", "--seed", "3")
                        .out());
    }

    @Test
    void itIsEvaluatedOnOtherTextsInItsOwnVocabulary() throws IOException {
        String run = trained();
        InProcess other = InProcess.run("evaluate", run, "--data", write("other.txt", "the dog sat on the cat, ran."));
        assertThat(other.exitCode()).isZero();
        assertThat(other.out()).contains("on 3 samples of other.txt");
        InProcess unknown = InProcess.run("evaluate", run, "--data", write("greek.txt", "αβγδεζηθικ"));
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.err().strip())
                .isEqualTo("ketju evaluate: greek.txt: expected a token that the vocabulary has, found none of 10");
        InProcess own = InProcess.run(
                "evaluate", run, "--data", "text('" + write("xy.txt", "xyx yxy xyx y".repeat(9)) + "', context=8)");
        assertThat(own.exitCode()).isEqualTo(2);
        assertThat(own.err().strip())
                .isEqualTo("ketju evaluate: --data: expected text in the vocabulary of the run, found xy.txt/test,"
                        + " which has one of its own; give the path of the text alone");
    }

    @Test
    void theJobOfARunReadsBackFromAnyFolder() throws IOException {
        Path run = Path.of(trained());
        TrainingJob job = JobAssembly.build(JobFile.read(run.resolve("job.conf")));
        assertThat(job.data().reference()).contains("\"" + folder.resolve("t.txt") + "\"");
        assertThat(job.data().train().textEncoding()).isPresent();
    }

    @Test
    void aWindowOfATextCanBeWritten() throws IOException {
        String text = write("t.txt", ROUND);
        String out = folder.resolve("window.txt").toString();
        InProcess sample = InProcess.run("sample", "text('" + text + "', context=8)", "1", out);
        assertThat(sample.exitCode()).isZero();
        int test = (int) Math.round(ROUND.length() * 0.9);
        assertThat(Files.readString(Path.of(out))).isEqualTo(ROUND.substring(test + 8, test + 16));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    text(nowhere)                       | text 'nowhere': expected one of dickens or a path of a file, found no embedded text and no file of that name
                    text(dickens, context=0)            | text: argument 'context': expected 1 to 65536, found 0
                    text(dickens, test=1)               | text: argument 'test': expected a share between 0 and 1, found 1
                    text(dickens, tokens=letters)       | unknown tokens 'letters'
                    text(dickens, tokens=bpe(0))        | bpe: argument 'merges': expected 1 to 100000, found 0
                    text(dickens, contxt=8)             | unknown argument 'contxt'; did you mean 'context'?
                    text()                              | missing argument 'source'
                    """)
    void mistakesAreOneLine(String data, String line) {
        InProcess refused = InProcess.run("train", "--data", data, "--no-save");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err().strip())
                .startsWith("ketju train: --data: ")
                .contains(line)
                .doesNotContain("\n");
    }

    @Test
    void aModelOfAnotherVocabularyIsNamed() throws IOException {
        String job = job("text('" + write("t.txt", ROUND) + "', context=8)", 9);
        InProcess refused = InProcess.run("train", job, "--no-save");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err())
                .contains("data 't.txt/train': has a vocabulary of 19 tokens as 'letters', but layer embedding"
                        + " Embedding(9, 8) takes a token from 0 to 8; make it one of 19");
    }

    private String trained() throws IOException {
        String job = job("text('" + write("t.txt", ROUND) + "', context=8, stride=2)", 19);
        String run = folder.resolve("run").toString();
        InProcess trained = InProcess.run("train", job, "--run-dir", run, "--samples", "2");
        assertThat(trained.exitCode()).as(trained.err()).isZero();
        return run;
    }

    private String job(String data, int vocabulary) throws IOException {
        return write("job.conf", """
                model.layers = [
                  "input letters = int32[8]"
                  "embedding = Embedding(%d, 8)"
                  "lstm = LSTM(8, 32, batch_first=true)"
                  "fc = Linear(32, %d)"
                  "head loss = CrossEntropyLoss(class_dim=-1) <- fc targets next"
                ]
                data = "%s"
                optimizer = "Adam(lr=0.02)"
                batch = 16
                epochs = 8
                """.formatted(vocabulary, vocabulary, data));
    }

    private String write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }
}
