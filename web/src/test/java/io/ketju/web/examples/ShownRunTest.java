package io.ketju.web.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.MetricsEndpoint;
import io.ketju.actors.job.TrainingJob;
import io.ketju.metrics.PrometheusEndpoint;
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
        assertThat(printedBy(() -> train(job))).matches("http://127\\.0\\.0\\.1:\\d+/\\R");
        assertThat(folder.resolve("run/model.safetensors")).isNotEmptyFile();
    }

    private static String printedBy(Runnable program) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream console = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            program.run();
        } finally {
            System.setOut(console);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aProgramHasItsMetersBesideThePage() {
        TrainingJob job = Ketju.job()
                .model("mlp(4, 8, 3)")
                .data(DataSource.named("iris"))
                .epochs(2)
                .build();
        assertThat(printedBy(() -> measured(job))).matches("http://127\\.0\\.0\\.1:\\d+/metrics\\R");
    }

    private static void measured(TrainingJob job) {
        // region metrics
        try (MetricsEndpoint.Meters meters = new PrometheusEndpoint().meters();
                WebDashboard page = new WebDashboard()) {
            System.out.println(page.serve(meters));
            Ketju.fit(job, page, meters);
        } // the page first, then its meters
        // end region
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
