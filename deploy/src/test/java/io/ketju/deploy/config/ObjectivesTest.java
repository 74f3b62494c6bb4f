package io.ketju.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobKey;
import io.ketju.actors.job.JobText;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.Training;
import io.ketju.layers.optimizer.ConstantLR;
import io.ketju.layers.optimizer.StepLR;
import io.ketju.pipeline.Objective;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Objectives as job files state them: two heads over a shared trunk. */
class ObjectivesTest {
    private static final JobSettings PROBE = JobFile.read(Path.of("..", "jobs", "probe-digits.conf"));

    private static JobSettings with(JobKey key, String value) {
        return PROBE.with(new Setting(key, value, "--test")).with(new Setting(JobKey.EPOCHS, "1", "--test"));
    }

    private static TrainingJob stages(int stages) {
        return JobAssembly.build(with(JobKey.STAGES, Integer.toString(stages)));
    }

    @Test
    void theyComeInTheOrderInWhichTheyStand() {
        assertThat(JobAssembly.build(PROBE).pipeline().recipe().objectives())
                .containsExactly(
                        new Objective("classifier", List.of("classes"), List.of("trunk.*"), new ConstantLR()),
                        new Objective("probe", List.of("probed"), List.of("probe.*"), new StepLR(50, 0.5)));
    }

    @Test
    void aPrintedJobReadsBackEqual() {
        TrainingJob job = JobAssembly.build(PROBE);
        String printed = JobText.print(job);
        TrainingJob back = JobAssembly.build(JobFile.parse("printed.conf", printed));
        assertThat(JobText.print(back)).isEqualTo(printed);
        assertThat(back.pipeline().recipe().objectives())
                .isEqualTo(job.pipeline().recipe().objectives());
    }

    @Test
    void stagesDoNotChangeTheBitsAndAStoppedRunGoesOnFromItsFolder(@TempDir Path folder) {
        String expected = Ketju.fit(stages(1)).stateSha256();
        Path run = folder.resolve("run");
        TrainingJob job = JobAssembly.build(with(JobKey.RUN_DIR, run.toString()));
        TrainingResult stopped = run(job, TrainingListener.controlling((event, control) -> {
            if (event instanceof TrainingEvent.StepFinished step && step.step() == 5) {
                control.stop("enough");
            }
        }));
        assertThat(stopped.completed()).isFalse();
        TrainingJob rest = JobAssembly.build(JobFile.read(run.resolve("job.conf")), Optional.of(run));
        assertThat(run(rest).stateSha256()).isEqualTo(expected);
    }

    private static TrainingResult run(TrainingJob job, TrainingListener... listeners) {
        try (Training training = Ketju.start(job, listeners)) {
            return training.await();
        }
    }

    /** As the example says: the trunk is that of a job without the probe, bit for bit. */
    @Test
    void anObjectiveTouchesItsOwnParametersAlone() {
        TrainingJob both = stages(3);
        List<String> layers = PROBE.get(JobKey.MODEL_LAYERS).orElseThrow().texts().stream()
                .filter(line -> !line.contains("probe"))
                .toList();
        JobSettings alone = with(JobKey.STAGES, "1");
        alone = alone.without(JobKey.OBJECTIVES).with(new Setting(JobKey.MODEL_LAYERS, layers, "layers"));
        try (Training probed = Ketju.start(both);
                Training plain = Ketju.start(JobAssembly.build(alone))) {
            probed.await();
            plain.await();
            assertThat(plain.model().parameterNames())
                    .hasSize(6)
                    .allSatisfy(name -> assertThat(probed.model().parameter(name))
                            .isEqualTo(plain.model().parameter(name)));
            assertThat(probed.model().parameterNames()).hasSize(8);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[] | objectives: expected a list such as [{ name = generator, heads = [fooled]",
                "probe | objectives: expected a list such as [{ name = generator",
                "[probe] | objectives: expected a list such as [{ name = generator",
                "[{ heads = [probed], parameters = [\"*\"] }] | objectives: expected a name of each, found {",
                "[{ name = a, head = [probed] }] | objectives: expected the keys [name, heads, parameters,"
                        + " learning-rate-schedule], found 'head'; did you mean 'heads'?",
                "[{ name = a, parameters = [\"*\"] }] | objectives: objective 'a': heads: expected a list of texts, found"
                        + " none",
                "[{ name = a, heads = [3], parameters = [\"*\"] }] | objectives: objective 'a': heads: expected a list of"
                        + " texts, found [3]",
                "[{ name = a, heads = [], parameters = [\"*\"] }] | objectives: objective 'a': heads: expected a list of"
                        + " texts, found []",
                "[{ name = a, heads = [probed] }] | objectives: objective 'a': parameters: expected a list of texts, found"
                        + " none",
                "[{ name = a, heads = [probe], parameters = [\"*\"] }] | objectives: objective 'a': the model has no head"
                        + " 'probe'; it has [classes, probed]",
                "[{ name = a, heads = probed, parameters = [\"prob.*\"] }] | objectives: objective 'a': 'prob.*' matches"
                        + " none of the 8 parameters",
                "[{ name = a, heads = probed, parameters = \"*\" }, { name = a, heads = classes, parameters = \"*\" }] |"
                        + " objectives: objective 'a': there are two of this name",
                "[{ name = a, heads = probed, parameters = \"probe.*\" }] | objectives: parameter 'trunk.hidden.weight':"
                        + " no objective trains it; name it in one of them, or freeze it",
                "[{ name = a, heads = probed, parameters = \"*\", learning-rate-schedule = \"StepRL(3)\" }] | objectives:"
                        + " objective 'a': learning-rate-schedule: "
            })
    void whatIsWrongIsOneLine(String objectives, String line) {
        Setting wrong = JobFile.parse("job.conf", "\nobjectives = " + objectives)
                .get(JobKey.OBJECTIVES)
                .orElseThrow();
        assertThatThrownBy(() -> JobAssembly.build(PROBE.with(wrong)))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageStartingWith("job.conf:2: " + line)
                .hasMessageNotContainingAny("\n");
    }
}
