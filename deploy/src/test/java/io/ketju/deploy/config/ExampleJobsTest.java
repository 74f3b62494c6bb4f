package io.ketju.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.job.JobKey;
import io.ketju.actors.job.TrainingJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExampleJobsTest {
    static List<Path> jobs() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("..", "jobs"))) {
            return files.filter(file -> !file.getFileName().toString().matches("(cifar10|cora).*"))
                    .sorted()
                    .toList();
        }
    }

    /**
     * MNIST, Fashion-MNIST, CIFAR-10 and Cora do not come with Ketju; images of the same shape stand in for the first two, the others are
     * left out.
     */
    @ParameterizedTest
    @MethodSource("jobs")
    void everyExampleIsAValidJob(Path file) {
        JobSettings settings = JobFile.read(file);
        if (file.getFileName().toString().endsWith("mnist.conf")) {
            settings = settings.with(new Setting(JobKey.DATA, "augment(fashion-mnist-5k, padding=2)", "--data"));
        }
        TrainingJob job = JobAssembly.build(settings);
        assertThat(job.stages()).isGreaterThan(1);
    }
}
