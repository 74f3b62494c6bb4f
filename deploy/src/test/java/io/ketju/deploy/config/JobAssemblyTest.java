package io.ketju.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobHash;
import io.ketju.actors.job.JobKey;
import io.ketju.actors.job.JobText;
import io.ketju.actors.job.TrainingJob;
import io.ketju.layers.initializer.Initializers;
import io.ketju.tensor.Shape;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobAssemblyTest {
    private static final String DIGITS = "data = digits\nmodel { name = \"mlp(64, 32, 10)\" }\n";

    @Test
    void theDefaultJobIsValid() {
        TrainingJob job = JobAssembly.build(JobFile.defaultJob());
        assertThat(job.stages()).isEqualTo(4);
        assertThat(job.microbatches()).isEqualTo(8);
        assertThat(job.schedule().name()).isEqualTo("1F1B");
        assertThat(job.data().train().size()).isEqualTo(5000);
        assertThat(job.data().test().size()).isEqualTo(1000);
        assertThat(job.runDirectory()).isEmpty();
    }

    @Test
    void aFlagWinsOverTheFile() {
        JobSettings settings = JobFile.parse("job.conf", DIGITS + "batch = 32\n");
        assertThat(JobAssembly.build(settings).batchSize()).isEqualTo(32);
        assertThat(JobAssembly.build(settings.with(new Setting(JobKey.BATCH, "16", "--batch")))
                        .batchSize())
                .isEqualTo(16);
    }

    @Test
    void theLearningRateFlagChangesOnlyTheRate() {
        JobSettings settings = JobFile.parse("job.conf", DIGITS + "optimizer = \"SGD(lr=0.1, momentum=0.9)\"\n");
        TrainingJob job = JobAssembly.build(settings.withLearningRate("--lr", "0.05"));
        assertThat(job.optimizer().learningRate()).isEqualTo(0.05);
        assertThat(job.optimizer().spec().toString()).contains("momentum=0.9");
    }

    @Test
    void layersCanBeWrittenOut() {
        TrainingJob job = JobAssembly.build(JobFile.parse("job.conf", """
                data = digits
                model {
                  input = [1, 8, 8]
                  layers = ["Conv2d(1, 4, 3, padding=1)", "ReLU()", "Flatten()", "Linear(256, 10)"]
                }
                stage-bounds = [0, 2, 4]
                """));
        assertThat(job.model().inputShape()).isEqualTo(Shape.of(1, 8, 8));
        assertThat(job.pipeline().partition().bounds()).isEqualTo(List.of(0, 2, 4));
    }

    @Test
    void initialValuesGoOverThoseOfANamedModelOrOfLayers() {
        String init =
                "data = fashion-mnist-5k\nmodel { name = lenet5, init = [\"*.weight = xavier_uniform\", \"0.weight = zeros\"] }\n";
        TrainingJob job = JobAssembly.build(JobFile.parse("job.conf", init));
        String first = job.model().weights().getFirst();
        assertThat(job.model().parameter(first).initializer()).isEqualTo(Initializers.zeros());
        assertThat(job.model().parameter(job.model().weights().get(2)).initializer())
                .isEqualTo(Initializers.xavierUniform(1));
        String text = JobText.print(job);
        assertThat(text).contains("model.name = \"lenet5\"\n", "\"0.weight = zeros()\"");
        TrainingJob again = JobAssembly.build(JobFile.parse("again", text));
        assertThat(JobText.print(again)).isEqualTo(text);
        assertThat(JobHash.numbers(again))
                .isEqualTo(JobHash.numbers(job))
                .isNotEqualTo(JobHash.numbers(
                        JobAssembly.build(JobFile.parse("plain", "data = fashion-mnist-5k\nmodel.name = lenet5\n"))));
        String layers = DIGITS.replace(
                "name = \"mlp(64, 32, 10)\"",
                "input = [1, 8, 8], layers = [\"Flatten()\", \"Linear(64, 10)\"], init = \"*=ones\"");
        assertThat(JobText.print(JobAssembly.build(JobFile.parse("job.conf", layers))))
                .contains("\"init * = ones()\"");
    }

    @Test
    void aPathIsKeptWhole() {
        assertThatThrownBy(() -> JobAssembly.build(JobFile.parse("job.conf", DIGITS.replace("digits", "no/such"))))
                .hasMessageContaining("job.conf:1: data: ")
                .hasMessageContaining("no/such");
    }

    /** Whatever part finds the mistake. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            model { name = lenett } | job.conf:2: model.name: unknown model 'lenett'
            model { input = [1, 8, 8], layers = ["Flaten()"] } | job.conf:2: model.layers: layer 0: unknown layer 'Flaten'
            model { name = "mlp(64, 9)" } | job.conf:1: data 'digits/train': has 10 classes
            batch = 7 | job.conf: model is missing
            metrics = [] | job.conf:2: metrics: expected a list of texts, found an empty list
            """)
    void theJobFileIsNamedOnce(String line, String message) {
        assertThatThrownBy(() -> JobAssembly.build(JobFile.parse("job.conf", "data = digits\n" + line + "\n")))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void theRunDirectoryIsThePathThatWasGiven() {
        TrainingJob job = JobAssembly.build(JobFile.parse("job.conf", DIGITS + "run-dir = some/where\n"));
        assertThat(job.runDirectory()).contains(Path.of("some/where"));
    }

    /** The job file that a run directory keeps reads back to an equal job. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                DIGITS,
                DIGITS
                        + "name = other\nstages = 2\nschedule = GPipe\nmicrobatches = 3\nbatch = 7\nepochs = 2\nseed = -9\n",
                DIGITS
                        + "optimizer = \"SGD(lr=0.05, momentum=0.9, nesterov=true, weight_decay=0.0001)\"\nthreads = 3\n",
                DIGITS + "parameter-groups = [\"1.*: frozen\", \"*.bias: SGD(lr=0.05)\"]\n",
                DIGITS
                        + "learning-rate-schedule = \"StepLR(step_size=2, gamma=0.5)\"\ncheckpoint-epochs = 4\ncheckpoint-every = 7\ncheckpoints-kept = 3\n",
                DIGITS + "clip-grad-norm = 0.25\n",
                DIGITS + "batch = 50\nmicrobatches = 3\naccumulate = 4\n",
                DIGITS + "gradient-groups = 2\n",
                DIGITS + "gradient-groups = 4\nreplicas = 2\nstages = 2\nschedule = GPipe\n",
                DIGITS
                        + "gradient-groups = 4\nreplicas = [1, 4]\nstages = 2\nschedule = GPipe\nshard-optimizer = true\n",
                DIGITS + "microbatches = 3\naccumulate = 4\ngradient-groups = 7\nstages = 2\n",
                DIGITS + "stages = 2\nrecompute = all\n",
                DIGITS + "stages = 2\nrecompute = [1]\n",
                DIGITS + "clip-grad-value = 0.5\nnon-finite-gradients = skip\ngrad-norm = true\n",
                DIGITS
                        + "learning-rate-schedule = \"ReduceLROnPlateau(factor=0.5, patience=3, data=train, metric=accuracy, mode=max)\"\n",
                DIGITS + "average = \"EMA(decay=0.99, use_buffers=true)\"\n",
                DIGITS + "penalties = [\"L2(0.001)\", \"1.*: L1(factor=1e-5)\"]\n",
                DIGITS + "average = \"SWA(2)\"\nepochs = 4\n",
                DIGITS + "max-restarts = 0\n",
                DIGITS + "rebalance = \"auto(gain=0.2, seconds=5)\"\n",
                DIGITS + "stages = 2\nwire = bf16\n",
                "data = digits\nmodel { input = [1, 8, 8], layers = [\"Flatten()\", \"Linear(64, 10)\"] }\nseed = 9007199254740993\n"
            })
    void printedJobsReadBackEqual(String text) {
        TrainingJob job = JobAssembly.build(JobFile.parse("job.conf", text));
        String printed = JobText.print(job);
        TrainingJob back = JobAssembly.build(JobFile.parse("printed.conf", printed));
        assertThat(JobText.print(back)).isEqualTo(printed);
        assertThat(back.name()).isEqualTo(job.name());
        assertThat(back.seed()).isEqualTo(job.seed());
        assertThat(back.epochs()).isEqualTo(job.epochs());
        assertThat(back.threads()).isEqualTo(job.threads());
        assertThat(back.maxRestarts()).isEqualTo(job.maxRestarts());
        assertThat(back.rebalance()).isEqualTo(job.rebalance());
        assertThat(back.pipeline().wire()).isEqualTo(job.pipeline().wire());
        assertThat(back.checkpoints()).isEqualTo(job.checkpoints());
        assertThat(back.batchSize()).isEqualTo(job.batchSize());
        assertThat(back.microbatches()).isEqualTo(job.microbatches());
        assertThat(back.accumulate()).isEqualTo(job.accumulate());
        assertThat(back.totalSteps()).isEqualTo(job.totalSteps());
        assertThat(back.pipeline().partition()).isEqualTo(job.pipeline().partition());
        assertThat(back.pipeline().recomputing()).isEqualTo(job.pipeline().recomputing());
        assertThat(back.pipeline().placement()).isEqualTo(job.pipeline().placement());
        assertThat(back.schedule().name()).isEqualTo(job.schedule().name());
        assertThat(back.optimizer()).isEqualTo(job.optimizer());
        assertThat(back.pipeline().recipe().groups())
                .isEqualTo(job.pipeline().recipe().groups());
        assertThat(back.pipeline().recipe().rules())
                .isEqualTo(job.pipeline().recipe().rules());
        assertThat(JobHash.numbers(back)).isEqualTo(JobHash.numbers(job));
        assertThat(back.learningRateSchedule()).isEqualTo(job.learningRateSchedule());
        assertThat(back.loss()).isEqualTo(job.loss());
        assertThat(back.source().inputShape()).isEqualTo(job.source().inputShape());
        assertThat(back.model().nodes().stream().map(node -> node.layer().spec()))
                .containsExactlyElementsOf(job.model().nodes().stream()
                        .map(node -> node.layer().spec())
                        .toList());
        assertThat(back.data().train().identity()).isEqualTo(job.data().train().identity());
    }

    @Test
    void whatOnlyTheWholeJobShowsIsPlacedToo() {
        JobSettings settings = JobFile.parse("job.conf", DIGITS + "stages = 9\n");
        assertThatThrownBy(() -> JobAssembly.build(settings))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageStartingWith("job.conf:3: stages: ");
        JobSettings misspelt = JobFile.parse("job.conf", DIGITS + "parameter-groups = [\"9.*: frozen\"]\n");
        assertThatThrownBy(() -> JobAssembly.build(misspelt))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageStartingWith("job.conf:3: parameter-groups: '9.*' matches none of the ");
        JobSettings unreadable = JobFile.parse("job.conf", DIGITS + "parameter-groups = [\"0.*\"]\n");
        assertThatThrownBy(() -> JobAssembly.build(unreadable))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageStartingWith("job.conf:3: parameter-groups: expected names and what becomes of them");
        assertThatThrownBy(() -> JobAssembly.build(settings.with(new Setting(JobKey.STAGES, "7", "--stages"))))
                .hasMessageStartingWith("--stages: ");
    }
}
