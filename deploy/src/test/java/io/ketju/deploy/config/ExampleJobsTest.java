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
            return files.filter(file -> !file.endsWith("cifar10.conf"))
                    .sorted()
                    .toList();
        }
    }

    /** MNIST and CIFAR-10 do not come with Ketju; images of the same shape stand in for the one, the other is left out. */
    @ParameterizedTest
    @MethodSource("jobs")
    void everyExampleIsAValidJob(Path file) {
        JobSettings settings = JobFile.read(file);
        if (file.endsWith("mnist.conf")) {
            settings = settings.with(new Setting(JobKey.DATA, "fashion-mnist-5k", "--data"));
        }
        TrainingJob job = JobAssembly.build(settings);
        assertThat(job.stages()).isGreaterThan(1);
    }
}
