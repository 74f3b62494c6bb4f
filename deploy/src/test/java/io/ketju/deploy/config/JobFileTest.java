package io.ketju.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobFileTest {
    @TempDir
    Path folder;

    @Test
    void everyValueRemembersItsLine() {
        JobSettings settings = JobFile.parse("job.conf", "name = a\n\nmodel {\n  name = lenet\n}\nbatch = 32\n");
        assertThat(settings.get(JobKey.NAME)).contains(new Setting(JobKey.NAME, "a", "job.conf:1"));
        assertThat(settings.get(JobKey.MODEL_NAME)).contains(new Setting(JobKey.MODEL_NAME, "lenet", "job.conf:4"));
        assertThat(settings.get(JobKey.BATCH)).contains(new Setting(JobKey.BATCH, 32, "job.conf:6"));
        assertThat(settings.get(JobKey.SEED)).isEmpty();
    }

    @Test
    void aFileIsReadByItsName() throws IOException {
        Path file = Files.writeString(folder.resolve("my.conf"), "# comment\nepochs = 3\n");
        assertThat(JobFile.read(file).get(JobKey.EPOCHS)).contains(new Setting(JobKey.EPOCHS, 3, file + ":2"));
    }

    @Test
    void aJobIsTextInUtf8() throws IOException {
        Path file = Files.write(folder.resolve("my.conf"), "name = \"été\"".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> JobFile.read(file))
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("job file " + file + ": expected text in UTF-8, found another encoding, or no text at all");
    }

    @ParameterizedTest
    @CsvSource({
        "lr, optimizer = \"Adam(lr=0.001)\"",
        "batch_size, batch = 64",
        "batch-size, batch = 64",
        "scheduler, learning-rate-schedule = \"StepLR(100)\"",
        "criterion, loss = \"CrossEntropyLoss()\"",
    })
    void keysOfOtherProgramsAreAnsweredWithOurs(String key, String ours) {
        assertThatThrownBy(() -> JobFile.parse("job.conf", key + " = 3\n"))
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("job.conf:1: unknown key '" + key + "'; write " + ours);
    }

    @Test
    void aJobIsOneFile() throws IOException {
        Files.writeString(folder.resolve("base.conf"), "seed = 5\n");
        Path file = Files.writeString(folder.resolve("job.conf"), "batch = 4\ninclude \"base.conf\"\n");
        assertThatThrownBy(() -> JobFile.read(file))
                .isInstanceOf(InvalidJobException.class)
                .hasMessage(file + ":2: expected no include: a job is one file, found 'include \"base.conf\"'");
    }

    @Test
    void whateverTheBoundsDoNotSeeIsNotIncludedEither() {
        NoIncluder includer = new NoIncluder(FileKind.JOB, "job.conf");
        assertThatThrownBy(() -> ConfigFactory.parseString(
                        "include file(\"/etc/passwd\")",
                        ConfigParseOptions.defaults().setIncluder(includer)))
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("job.conf: expected no include: a job is one file");
    }

    @Test
    void valuesAreWrittenOut() {
        assertThatThrownBy(() -> JobFile.parse("job.conf", "batch = 32\nmicrobatches = ${batch}\n"))
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("job.conf:2: expected no substitution, which a job has no need of, found '${batch}'");
    }

    @Test
    void jsonIsReadAsJson() throws IOException {
        Path file =
                Files.writeString(folder.resolve("job.json"), "{\"epochs\": 3, \"model\": {\"name\": \"lenet\"}}\n");
        assertThat(JobFile.read(file).get(JobKey.MODEL_NAME))
                .contains(new Setting(JobKey.MODEL_NAME, "lenet", file + ":1"));
        Files.writeString(file, "epochs = 3\n");
        assertThatThrownBy(() -> JobFile.read(file)).hasMessageStartingWith(file + ":1: not HOCON: ");
    }

    @Test
    void theDefaultJobUsesOnlyKnownKeysAndSaysWhatItTrains() {
        JobSettings settings = JobFile.defaultJob();
        assertThat(settings.get(JobKey.DATA).orElseThrow().text()).isEqualTo("fashion-mnist-5k");
        assertThat(settings.get(JobKey.STAGES).orElseThrow().wholeNumber(1)).isEqualTo(4);
        assertThat(settings.get(JobKey.MICROBATCHES).orElseThrow().wholeNumber(1))
                .isEqualTo(8);
        assertThat(settings.get(JobKey.SCHEDULE).orElseThrow().text()).isEqualTo("1F1B");
        assertThat(JobFile.defaultText()).contains("#");
    }

    @Test
    void aKeyFarFromAllKnownOnesListsThem() {
        assertThatThrownBy(() -> JobFile.parse("job.conf", "a = 1\n"))
                .hasMessageStartingWith("job.conf:1: unknown key 'a'; known keys: name, model.name, ");
    }
}
