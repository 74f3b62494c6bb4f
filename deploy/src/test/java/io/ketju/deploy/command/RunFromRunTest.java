package io.ketju.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.deploy.config.JobAssembly;
import io.ketju.deploy.config.JobFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be done with a finished run: nothing more in place, a new run from it, its weights elsewhere. */
class RunFromRunTest {
    private static final String JOB =
            "name = digits\ndata = digits\nmodel { name = \"mlp(64, 16, 10)\" }\nbatch = 200\nepochs = 2\nstages = 2\noptimizer = \"Adam(lr=0.002)\"\nmicrobatches = 3\nthreads = 1\n";

    @TempDir
    private Path folder;

    private String job = "";
    private String run = "";

    @BeforeEach
    void trainARun() throws IOException {
        job = Files.writeString(folder.resolve("job.conf"), JOB).toString();
        run = folder.resolve("run").toString();
        ok("train", job, "--run-dir", run);
    }

    @Test
    void aFinishedRunThatIsResumedSaysSoAndStaysAsItIs() throws IOException {
        Path weights = folder.resolve("run/model.safetensors");
        List<String> metrics = Files.readAllLines(folder.resolve("run/metrics.csv"));
        InProcess again = ok("train", "--resume", run);
        assertThat(again.out().lines()).hasSize(1);
        assertThat(again.out())
                .contains(run + ": already complete, 16 of 16 steps", weights.toString(), "--from " + run)
                .doesNotContain("NaN");
        assertThat(folder.resolve("run/incarnation")).hasContent("1");
        Files.delete(weights);
        assertThat(ok("train", "--resume", run, "--stages", "1").out()).contains("already complete");
        assertThat(weights).isNotEmptyFile();
        assertThat(Files.readAllLines(folder.resolve("run/metrics.csv"))).isEqualTo(metrics);
        bad("--from in place of --resume", "train", "--resume", run, "--lr", "0.5");
    }

    @Test
    void anotherRecipeIsANewRunFromTheOldState() throws IOException {
        String next = folder.resolve("next").toString();
        InProcess trained = ok("train", "--from", run, "--epochs", "3", "--lr", "0.0005", "--run-dir", next);
        assertThat(trained.out())
                .contains("start     weights and optimizer of " + run + " after 16 steps", "Trained 24 steps");
        String state = state(trained);
        String conf = Files.readString(folder.resolve("next/job.conf"));
        assertThat(conf).contains("from = \"" + run + "\"\n", "from-steps = 16\n", "lr=5e-4");
        assertThat(state(ok("train", folder.resolve("next/job.conf").toString(), "--run-dir", folder + "/same")))
                .isEqualTo(state);
        String third = folder.resolve("third").toString();
        assertThat(ok("train", "--from", next, "--run-dir", third).out())
                .contains("weights and optimizer of " + next + " after 40 steps");
        delete(folder.resolve("run"));
        assertThat(ok("evaluate", next).out()).contains("360 samples");
        assertThat(ok("info", next).out()).contains("after 16 steps");
        assertThat(ok("train", "--resume", next).out()).contains("already complete");
        bad("not a run", "train", folder.resolve("next/job.conf").toString(), "--run-dir", folder + "/other");
    }

    @Test
    void weightsOfAFileAreAStartOfTheirOwn() throws IOException {
        String weights = folder.resolve("run/model.safetensors").toString();
        String one = state(ok("train", job, "--init", weights, "--stages", "1", "--run-dir", folder + "/one"));
        String three = state(ok("train", job, "--init", weights, "--stages", "3", "--run-dir", folder + "/three"));
        assertThat(one).isEqualTo(three);
        assertThat(Files.readString(folder.resolve("one/job.conf"))).contains("init = \"" + weights, "init-sha256");
        assertThat(JobAssembly.build(JobFile.read(folder.resolve("one/job.conf")))
                        .initialState())
                .isPresent();
        Files.copy(folder.resolve("one/model.safetensors"), Path.of(weights), StandardCopyOption.REPLACE_EXISTING);
        bad("is not what it was", "train", folder + "/one/job.conf", "--run-dir", folder + "/x");
        assertThat(state(ok("train", folder + "/one/job.conf", "--init", weights, "--run-dir", folder + "/y")))
                .isNotEqualTo(one);
        bad("--init: " + job + ", byte 0", "train", job, "--init", job, "--no-save");
        bad("found a folder", "train", job, "--init", run, "--no-save");
        bad("'1.weight' expected [20, 64]", "train", job, "--init", weights, "--model", "mlp(64, 20, 10)");
        bad("--init: expected no --from", "train", job, "--init", weights, "--from", run);
        bad("--init nor --from", "train", "--resume", run, "--init", weights);
        bad("SGD(lr=0.1) keeps nothing", "train", "--from", run, "--optimizer", "SGD(lr=0.1)");
        bad("not a run", "train", "--from", folder + "/none");
        Path half = Files.writeString(folder.resolve("half.conf"), JOB + "from-steps = 7\n");
        bad("half.conf:10: from-steps: expected from beside it", "train", half.toString(), "--no-save");
    }

    @Test
    void otherWeightsInTheRunAreToldOfAndUsedWhenAskedFor() throws IOException {
        String weights = folder.resolve("run/model.safetensors").toString();
        ok("train", job, "--seed", "2", "--run-dir", folder + "/other");
        String before = ok("evaluate", run).out();
        assertThat(before).contains("accuracy", "time").doesNotContain("samples/s");
        String image = folder.resolve("digit.png").toString();
        ok("sample", "digits", "0", image);
        String seen = ok("predict", run, image).out();
        Files.copy(folder.resolve("other/model.safetensors"), Path.of(weights), StandardCopyOption.REPLACE_EXISTING);
        InProcess noted = InProcess.run("evaluate", run);
        assertThat(noted.exitCode()).isZero();
        assertThat(figures(noted.out())).isEqualTo(figures(before));
        assertThat(noted.err().lines()).hasSize(1);
        assertThat(noted.err()).contains("holds other values of '1.weight'", "--weights FILE");
        assertThat(InProcess.run("predict", run, image).err()).contains("holds other values of '1.weight'");
        assertThat(InProcess.run("predict", run, image).out()).isEqualTo(seen);
        assertThat(figures(ok("evaluate", run, "--weights", weights).out()))
                .isEqualTo(figures(ok("evaluate", folder + "/other").out()))
                .isNotEqualTo(figures(before));
        assertThat(ok("predict", run, image, "--weights", weights).out())
                .isEqualTo(ok("predict", folder + "/other", image).out());
        bad("no such file", "evaluate", run, "--weights", folder + "/none");
    }

    /** A file whose names or last layer differ: what it has is taken, the run has the rest. */
    @Test
    void weightsOfAFileAreRenamedOrTakenInPart() throws IOException {
        String image = folder.resolve("digit.png").toString();
        ok("sample", "digits", "0", image);
        String other = folder + "/other";
        ok("train", job, "--seed", "2", "--run-dir", other);
        String weights = other + "/model.safetensors";
        Path renamed = folder.resolve("renamed.safetensors");
        byte[] bytes = Files.readAllBytes(Path.of(weights));
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        // As many bytes: names of one digit become others.
        Files.writeString(
                renamed,
                text.replace("\"1.weight\"", "\"a.weight\"").replace("\"1.bias\"", "\"a.bias\""),
                StandardCharsets.ISO_8859_1);
        assertThat(figures(ok("evaluate", run, "--weights", renamed.toString(), "--weights-rename", "a.=1.")
                        .out()))
                .isEqualTo(figures(ok("evaluate", other).out()));
        assertThat(ok("predict", run, image, "--weights", renamed.toString(), "--weights-rename", "a.=1.")
                        .out())
                .isEqualTo(ok("predict", other, image).out());
        bad("'1.weight'", "evaluate", run, "--weights", renamed.toString());
        String part = figures(
                ok("evaluate", run, "--weights", renamed.toString(), "--weights-fit", "lenient").out());
        assertThat(part)
                .isNotEqualTo(figures(ok("evaluate", other).out()))
                .isNotEqualTo(figures(ok("evaluate", run).out()));
        assertThat(ok("predict", run, image, "--weights", renamed.toString(), "--weights-fit", "partial")
                        .out())
                .isNotEqualTo(ok("predict", other, image).out());
        bad("--weights-fit: expected strict", "evaluate", run, "--weights", weights, "--weights-fit", "loose");
        bad("--weights-rename: expected a rule", "predict", run, image, "--weights", weights, "--weights-rename", "a");
        bad("--weights-fit: expected --weights FILE beside it", "evaluate", run, "--weights-fit", "partial");
    }

    @Test
    void aPredictionNeedsNoData() throws IOException {
        Path own = folder.resolve("digits.csv.gz");
        try (var in = io.ketju.data.Datasets.class.getResourceAsStream("/io/ketju/datasets/digits/digits.csv.gz")) {
            Files.copy(Objects.requireNonNull(in), own);
        }
        String there = folder.resolve("there").toString();
        ok("train", job, "--data", own.toString(), "--run-dir", there);
        String image = folder.resolve("digit.png").toString();
        ok("sample", "digits", "0", image);
        String seen = ok("predict", there, image).out();
        Files.delete(own);
        assertThat(ok("predict", there, image).out()).isEqualTo(seen);
        Files.writeString(folder.resolve("there/inputs.json"), "{");
        bad("inputs.json", "predict", there, image);
    }

    private static String figures(String out) {
        return out.lines()
                .filter(line -> line.contains("accuracy") || line.contains("loss"))
                .toList()
                .toString();
    }

    private static void delete(Path tree) throws IOException {
        try (var files = Files.walk(tree)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static String state(InProcess result) {
        Matcher matcher = Pattern.compile("state +([0-9a-f]{16})").matcher(result.out());
        assertThat(matcher.find()).as(result.out()).isTrue();
        return matcher.group(1);
    }

    private static InProcess ok(String... arguments) {
        InProcess result = InProcess.run(arguments);
        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        return result;
    }

    private static void bad(String piece, String... arguments) {
        InProcess result = InProcess.run(arguments);
        assertThat(result.exitCode()).as(result.err()).isEqualTo(CommandLineInterface.BAD_INPUT);
        assertThat(result.err().lines()).as(result.err()).hasSize(1);
        assertThat(result.err()).contains(piece);
    }
}
