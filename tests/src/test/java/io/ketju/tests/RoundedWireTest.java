package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobHash;
import io.ketju.actors.job.JobKey;
import io.ketju.actors.job.Repartition;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.Training;
import io.ketju.cluster.KetjuCluster;
import io.ketju.cluster.link.LinkMode;
import io.ketju.deploy.config.JobAssembly;
import io.ketju.deploy.config.JobFile;
import io.ketju.deploy.config.JobSettings;
import io.ketju.deploy.config.Setting;
import io.ketju.records.text.JobHeader;
import io.ketju.testkit.Oracle;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs whose activations and gradients travel as bfloat16: the same bits however they travel, for the same cut. */
class RoundedWireTest {
    @TempDir
    private Path folder;

    private static JobSettings settings(String... more) {
        return JobFile.parse(
                "wire.conf",
                String.join(
                        "\n",
                        "model.name = \"mlp(64, 37, 23, 10)\"",
                        "data = digits",
                        "optimizer = \"Adam(lr=0.002)\"",
                        "batch = 50",
                        "microbatches = 3",
                        "epochs = 1",
                        "wire = bf16",
                        String.join("\n", more)));
    }

    private static TrainingJob job(String... more) {
        return JobAssembly.build(settings(more));
    }

    private static String state(Training started) {
        try (started) {
            return started.await().stateSha256();
        }
    }

    @Test
    void everyWayToTravelGivesTheSameBits() {
        TrainingJob job = job("stage-bounds = [0, 2, 4, 6]", "threads = 2");
        String expected = Oracle.of(job).stateSha256();
        for (LinkMode links : LinkMode.values()) {
            assertThat(state(KetjuCluster.embedded(job, links))).as("%s", links).isEqualTo(expected);
        }
        for (String schedule : List.of("GPipe", "ZB1P")) {
            TrainingJob other = job("stage-bounds = [0, 2, 4, 6]", "schedule = " + schedule);
            assertThat(state(Ketju.start(other))).as(schedule).isEqualTo(expected);
        }
        try (WatchedLaunch launch = new WatchedLaunch(job, 2, (event, own) -> {})) {
            assertThat(launch.result().stateSha256()).isEqualTo(expected);
        }
    }

    /** Rounded where it is cut, and nowhere else. */
    @Test
    void theCutDecidesTheNumbersAndIsInTheirHash() {
        Set<String> states = new LinkedHashSet<>();
        Set<String> hashes = new LinkedHashSet<>();
        for (String bounds : List.of("[0, 6]", "[0, 2, 6]", "[0, 4, 6]", "[0, 2, 4, 6]")) {
            TrainingJob job = job("stage-bounds = " + bounds);
            states.add(state(Ketju.start(job)));
            hashes.add(JobHash.numbers(job));
        }
        assertThat(states).hasSize(4);
        assertThat(hashes).hasSize(4);
        TrainingJob whole = JobAssembly.build(settings("stages = 1").without(JobKey.WIRE));
        assertThat(states).first().isEqualTo(state(Ketju.start(whole)));
    }

    @Test
    void theHeaderSaysWhatTravels() {
        assertThat(JobHeader.lines("Training", job("stages = 2"), "a processor"))
                .filteredOn(line -> line.contains("pipeline"))
                .singleElement()
                .asString()
                .endsWith(", bf16 between stages");
    }

    @Test
    void aRunGoesOnWithItsOwnCutAlone() {
        Path run = folder.resolve("run");
        TrainingJob job = JobAssembly.build(
                settings("stage-bounds = [0, 2, 6]").with(new Setting(JobKey.RUN_DIR, run.toString(), "the test")));
        state(Ketju.start(job));
        TrainingJob longer = JobAssembly.build(settings("stage-bounds = [0, 2, 6]", "epochs = 2"), Optional.of(run));
        assertThat(state(Ketju.start(longer))).isEqualTo(Oracle.of(longer).stateSha256());
        TrainingJob other = JobAssembly.build(settings("stage-bounds = [0, 4, 6]", "epochs = 3"), Optional.of(run));
        assertThatThrownBy(() -> Ketju.start(other))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("is a checkpoint of another job");
        assertThatThrownBy(() -> Repartition.stages(3).of(job))
                .isInstanceOf(InvalidJobException.class)
                .hasMessage(
                        "repartition: expected a wire of all bits, with which every cut gives the same numbers, found"
                                + " bf16, which rounds where the model is cut");
    }

    @Test
    void anotherWireIsNamed() {
        assertThatThrownBy(() -> JobAssembly.build(settings().with(new Setting(JobKey.WIRE, "fp8", "wire.conf:7"))))
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("wire.conf:7: wire: expected float32 or bf16, found \"fp8\"");
    }
}
