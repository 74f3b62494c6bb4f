package io.ketju.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.checkpoint.RunDirectory;
import io.ketju.actors.job.JobText;
import io.ketju.deploy.config.JobAssembly;
import io.ketju.deploy.config.JobFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run on disk, through every command that uses one: train, info, evaluate, predict, resume, and what can be wrong. */
class SavedRunTest {
    private static final String JOB =
            "name = digits\ndata = digits\nmodel { name = \"mlp(64, 16, 10)\" }\nbatch = 100\nepochs = 3\nstages = 2\nmicrobatches = 3\nthreads = 1\n";
    private static final Pattern STATE = Pattern.compile("state +([0-9a-f]{16})");

    @TempDir
    Path folder;

    private Path job;
    private Path run;

    @BeforeEach
    void writeJob() throws IOException {
        job = Files.writeString(folder.resolve("job.conf"), JOB);
        run = folder.resolve("run");
    }

    @Test
    void aRunCanBeLookedAtEvaluatedAndUsed() throws IOException {
        InProcess trained = ok("train", job.toString(), "--run-dir", run.toString());
        assertThat(trained.out())
                .contains("epoch 3/3", "Trained 45 steps", "saved     " + run)
                .doesNotContain("\r");
        assertThat(run.resolve("job.conf"))
                .content()
                .isEqualTo(JobText.print(JobAssembly.build(JobFile.parse("job.conf", JOB))));
        assertThat(run.resolve("metrics.csv")).content().contains("\n45,3,test,");
        assertThat(run.resolve("model.safetensors")).isNotEmptyFile();
        assertThat(ok("info", run.toString()).out()).contains("45 of 45", "step-000000045", "model.safetensors");
        String accuracy = line(trained.out(), "test accuracy ([0-9.]+ %)");
        assertThat(ok("evaluate", run.toString()).out()).contains("360 samples", "accuracy  " + accuracy);
        Path image = folder.resolve("digit.png");
        assertThat(ok("sample", "digits", "0", image.toString()).out()).contains("test image 0 of digits");
        assertThat(ImageIO.read(image.toFile()).getWidth()).isEqualTo(8);
        assertThat(ok("predict", run.toString(), image.toString(), "--top", "2")
                        .out()
                        .lines())
                .hasSize(3)
                .first()
                .asString()
                .startsWith(image.toString());
        bad("not an image", "PNG", "predict", run.toString(), job.toString());
        bad(
                "no image",
                "none.png",
                "predict",
                run.toString(),
                folder.resolve("none.png").toString());
        bad("run folder in use", "--resume", "train", job.toString(), "--run-dir", run.toString());
        bad("a job beside a resume", "job.conf", "train", job.toString(), "--resume", run.toString());
        bad("other data to evaluate", "[1, 28, 28]", "evaluate", run.toString(), "--data", "fashion-mnist-5k");
    }

    @Test
    void aResumedRunEndsWithTheSameBitsWithOtherStagesToo() throws IOException {
        String whole = state(ok("train", job.toString(), "--run-dir", run.toString()));
        dropNewestCheckpoint();
        String resumed = state(ok("train", "--resume", run.toString(), "--stages", "1"));
        assertThat(resumed).isEqualTo(whole);
        assertThat(Files.readAllLines(run.resolve("metrics.csv")).stream().filter(line -> line.contains(",step,")))
                .hasSize(45);
        bad("other numbers", "another job", "train", "--resume", run.toString(), "--seed", "2");
        bad("another batch", "another job", "train", "--resume", run.toString(), "--batch", "10");
    }

    @Test
    void damageIsNamed() throws IOException {
        ok("train", job.toString(), "--run-dir", run.toString());
        dropNewestCheckpoint();
        Path checkpoint = run.resolve("checkpoints/step-000000030");
        Path manifest = checkpoint.resolve("manifest.json");
        String sound = Files.readString(manifest);
        Files.writeString(manifest, sound.replaceFirst("\"format\" : 2", "\"format\" : 99"));
        assertThat(Files.readString(manifest)).isNotEqualTo(sound);
        bad("another version", "99", "train", "--resume", run.toString());
        Files.writeString(manifest, sound.substring(0, sound.length() / 2));
        bad("half a manifest", "manifest", "evaluate", run.toString());
        Files.writeString(manifest, sound);
        Path shard = checkpoint.resolve("stage-1.incarnation-1.safetensors");
        try (RandomAccessFile file = new RandomAccessFile(shard.toFile(), "rw")) {
            file.seek(file.length() - 1);
            int last = file.read();
            file.seek(file.length() - 1);
            file.write(last ^ 1);
        }
        bad("a flipped bit", "stage-1.incarnation-1.safetensors", "info", run.toString());
        Files.delete(shard);
        bad("a missing shard", "stage-1.incarnation-1.safetensors", "train", "--resume", run.toString());
        Files.writeString(run.resolve("job.conf"), JOB + "colour = red\n");
        bad("a damaged job file", "job.conf:9: unknown key 'colour'", "info", run.toString());
    }

    @Test
    void aRunThatCannotGoOnIsRefusedBeforeTheFirstLine() throws IOException {
        ok("train", job.toString(), "--run-dir", run.toString());
        dropNewestCheckpoint();
        Files.delete(run.resolve("model.safetensors"));
        RunDirectory held = RunDirectory.reopen(run);
        try {
            assertThat(bad("held", "is in use by", "train", "--resume", run.toString())
                            .out())
                    .isEmpty();
            assertThat(ok("info", run.toString()).out()).contains("30 of 45");
            ok("evaluate", run.toString());
        } finally {
            held.release();
        }
        Path incarnation = run.resolve("incarnation");
        Files.writeString(incarnation, "x".repeat(1 << 20));
        InProcess garbage = bad("garbage", "expected a whole number from 1 to", "train", "--resume", run.toString());
        assertThat(garbage.err()).hasSizeLessThan(400);
        assertThat(garbage.out()).isEmpty();
        Files.delete(incarnation);
        assertThat(bad("others' checkpoint", "another job", "train", "--resume", run.toString(), "--seed", "2")
                        .out())
                .isEmpty();
        ok("train", "--resume", run.toString());
        assertThat(incarnation).as("not below the checkpoints'").hasContent("2");
    }

    private void dropNewestCheckpoint() throws IOException {
        Path newest = run.resolve("checkpoints/step-000000045");
        try (Stream<Path> files = Files.list(newest)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(newest);
    }

    private static InProcess ok(String... arguments) {
        InProcess result = InProcess.run(arguments);
        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        return result;
    }

    private static InProcess bad(String what, String piece, String... arguments) {
        InProcess result = InProcess.run(arguments);
        assertThat(result.exitCode()).as(what + ": " + result.err()).isEqualTo(CommandLineInterface.BAD_INPUT);
        assertThat(result.err().lines()).as(what + ": " + result.err()).hasSize(1);
        assertThat(result.err()).as(what).contains(piece);
        return result;
    }

    private static String state(InProcess result) {
        return line(result.out(), STATE.pattern());
    }

    private static String line(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(pattern + " in " + text).isTrue();
        return matcher.group(1);
    }
}
