package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.TrainingJob;
import io.ketju.cluster.KetjuCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The first 50 steps of the job files: one stage, the stages of the file and others give the same state, and so do two processes. Every
 * build takes the quick ones, the long tests all of them.
 */
class JobFilesTest {
    private static final int STEPS = 50;

    private static final Set<String> QUICK =
            Set.of("iris", "karate", "cora", "mlp-digits", "penguins", "residual-digits", "diabetes");

    static List<String> longer() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("..", "jobs"))) {
            return files.map(file -> file.getFileName().toString().replace(".conf", ""))
                    .filter(name -> !QUICK.contains(name))
                    .sorted()
                    .toList();
        }
    }

    static Set<String> quick() {
        return QUICK;
    }

    @ParameterizedTest
    @MethodSource("quick")
    void quickJobsHaveTheBitsOfOneStage(String name) {
        requireBitsOfOneStage(name);
    }

    @Tag("long")
    @ParameterizedTest
    @MethodSource("longer")
    void allJobsHaveTheBitsOfOneStage(String name) {
        requireBitsOfOneStage(name);
    }

    private static void requireBitsOfOneStage(String name) {
        String one = state(FirstSteps.of(name, STEPS, 1));
        TrainingJob asItSays = FirstSteps.of(name, STEPS, 0);
        assertThat(state(asItSays)).as("%s, %d stages", name, asItSays.stages()).isEqualTo(one);
        if (asItSays.model().nodes().size() > 2) {
            assertThat(state(FirstSteps.of(name, STEPS, 3)))
                    .as("%s, 3 stages", name)
                    .isEqualTo(one);
        }
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "mnist",
                "fashion-mnist",
                "cifar10",
                "char-gpt",
                "char-gpt-large",
                "char-lstm",
                "char-gru",
                "translate",
                "translate-attention",
                "translate-seq2seq",
                "skip-gram",
                "text-cnn",
                "karate",
                "cora"
            })
    void twoProcessesHaveTheBitsOfOneStage(String name, @TempDir Path folder) {
        String one = state(FirstSteps.of(name, STEPS, 1));
        try (ProcessCluster cluster = new ProcessCluster(folder)) {
            ChildProcess first = cluster.startFirstWorker();
            ChildProcess second = cluster.startWorker();
            cluster.await(first);
            cluster.await(second);
            TrainingJob job = FirstSteps.of(name, STEPS, 2);
            assertThat(KetjuCluster.start(job, cluster.options(2)).await().stateSha256())
                    .as("%s, 2 processes", name)
                    .isEqualTo(one);
        }
    }

    /** A wrong answer would not go unnoticed: one step more is another state. */
    @Test
    void theStateSaysHowManyStepsThereWere() {
        assertThat(state(FirstSteps.of("iris", 3, 1))).isNotEqualTo(state(FirstSteps.of("iris", 4, 1)));
    }

    private static String state(TrainingJob job) {
        try (var training = Ketju.start(job)) {
            return training.await().stateSha256();
        }
    }
}
