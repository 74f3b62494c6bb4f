package io.ketju.web.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingJob;
import io.ketju.web.WebDashboard;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a program adds to show its run. */
class ShownRunTest {
    @Test
    void aProgramTellsWhereItsPageIsAndTrains(@TempDir Path folder) {
        TrainingJob job = Ketju.job()
                .model("mlp(4, 8, 3)")
                .data(DataSource.named("iris"))
                .epochs(2)
                .runDirectory(folder.resolve("run"))
                .build();
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream console = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            train(job);
        } finally {
            System.setOut(console);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).matches("http://127\\.0\\.0\\.1:\\d+/\\R");
        assertThat(folder.resolve("run/model.safetensors")).isNotEmptyFile();
    }

    private static void train(TrainingJob job) {
        // region page
        try (WebDashboard page = new WebDashboard()) {
            System.out.println(page.address());
            Ketju.fit(job, page);
        }
        // end region
    }
}
