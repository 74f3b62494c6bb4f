package io.ketju.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a job names wrongly of the catalogues is one line on standard error with what was expected and found, and exit code 2. */
class CatalogueMistakesTest {
    private static final String DIGITS = "data = digits\n";
    private static final String MLP = DIGITS + "model.name = \"mlp(64, 10)\"\n";

    @TempDir
    static Path folder;

    private static String weights = "";

    /** A row of the cases. */
    record Mistake(String kind, String text, List<String> pieces) {
        static Mistake of(String row) {
            String[] cells = row.split(" \\| ", -1);
            return new Mistake(cells[0], cells[1], List.of(cells[2].split(" ; ", -1)));
        }

        /** The whole job, with the mistake in its last line. */
        String job() {
            return switch (kind) {
                case "loss" -> MLP + "loss = \"" + text + "\"\n";
                case "metrics" -> MLP + "metrics = " + text + "\n";
                case "optimizer" -> MLP + "optimizer = \"" + text + "\"\n";
                case "rate" -> MLP + "learning-rate-schedule = \"" + text + "\"\n";
                case "init" -> MLP + "model.init = [\"" + text + "\"]\n";
                case "weights" -> MLP + "init = \"" + weights + "\"\n" + text + "\n";
                default ->
                    DIGITS + "model { input = " + kind.substring("layer ".length()) + ", layers = [\"" + text
                            + "\"] }\n";
            };
        }

        @Override
        public String toString() {
            return kind + " " + text;
        }
    }

    @BeforeAll
    static void trainARun() throws IOException {
        Path job = Files.writeString(folder.resolve("run.conf"), MLP + "epochs = 1\nbatch = 1000\nthreads = 1\n");
        InProcess trained = InProcess.run(
                "train", job.toString(), "--run-dir", folder.resolve("run").toString());
        assertThat(trained.exitCode()).as(trained.err()).isZero();
        weights = folder.resolve("run/model.safetensors").toString();
    }

    static List<Mistake> rows() throws IOException {
        return Files.readAllLines(Path.of("src/test/resources/cases/catalogue-mistakes.cases")).stream()
                .filter(row -> !row.startsWith("#") && !row.isBlank())
                .map(Mistake::of)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void isOneLineAndExitCode2(Mistake mistake) throws IOException {
        Path job = Files.writeString(folder.resolve("job.conf"), mistake.job());
        InProcess result = InProcess.run("train", job.toString(), "--no-save");
        assertThat(result.exitCode()).as(result.err()).isEqualTo(CommandLineInterface.BAD_INPUT);
        assertThat(result.err().lines()).as(result.err()).hasSize(1);
        assertThat(result.err()).startsWith("ketju train: ").containsPattern("job\\.conf:\\d: ");
        assertThat(result.err()).contains(mistake.pieces()).doesNotContain("java.lang.", "Exception");
        assertThat(result.out()).isEmpty();
    }
}
