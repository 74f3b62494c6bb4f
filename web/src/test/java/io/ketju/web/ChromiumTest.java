package io.ketju.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingJob;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a browser, by what stands in it once it has heard of a whole run. Where no Chromium is, it says that it skips. */
class ChromiumTest {
    @TempDir
    Path folder;

    @Test
    void thePageShowsTheRun() throws IOException, InterruptedException {
        Chromium browser = Chromium.orSkip(folder);
        TrainingJob job = Ketju.job()
                .name("<b>iris</b>")
                .model("mlp(4, 8, 3)")
                .data(DataSource.named("iris"))
                .stages(2)
                .microbatches(2)
                .batchSize(30)
                .epochs(3)
                .build();
        LiveRun run = new LiveRun();
        Ketju.fit(job, new Hearing(run));
        run.end();
        try (DashboardServer server = DashboardServer.start(0, run)) {
            String page = browser.open(server.address());
            assertThat(page)
                    .contains("&lt;b&gt;iris&lt;/b&gt; (not kept)")
                    .contains("mlp(4, 8, 3) on ", "2 stages, 1F1B, 2 micro-batches, batch 30")
                    .containsPattern("ended: step 12 of 12, epoch 3 of 3, loss \\d\\.\\d{4}")
                    .contains("epoch 3: train loss")
                    .contains("rank 1, 1F0: forward of micro-batch 0", "two steps of just now, as measured</span>")
                    .contains("loss by step: loss ", "accuracy by epoch: train ", "learning rate by step")
                    .contains("This process, measured: ");
            assertThat(count(page, "<canvas")).as("charts").isEqualTo(6);
            assertThat(count(page, "<rect")).as("actions of two steps").isEqualTo(2 * 2 * 5);
            assertThat(count(page, "class=\"bar\"")).as("stages").isEqualTo(2);
        }
    }

    private static long count(String page, String what) {
        return Pattern.compile(Pattern.quote(what)).matcher(page).results().count();
    }
}
